//! What the outbox holds: a call to be made outside, how often to try, and where it goes when all is in vain.

use aws::{AccountId, Region};
use serde::{Deserialize, Serialize};

use crate::Parcel;

/// A call to be made outside. Everything needed to make it is in it, so that it survives a restart.
#[derive(Clone, Debug)]
pub struct Errand {
    /// Whose it is.
    pub account: AccountId,
    /// Where it was posted.
    pub region: Region,
    /// The service that posts it: `sns`, `events`.
    pub service: &'static str,
    /// The ARN it is cancelled with: a subscription, a rule.
    pub owner: String,
    /// The ARN of what was published to: a topic, a bus.
    pub source: String,
    /// The id of the message or event.
    pub message_id: String,
    /// The call.
    pub request: Request,
    /// How often to try, and when.
    pub schedule: Schedule,
    /// What an answer means.
    pub judge: Judge,
    /// Where it goes when it cannot be delivered.
    pub dead_letter: Option<DeadLetter>,
    /// At most so many calls a second together with all others of the same lane.
    pub pace: Option<Pace>,
}

/// One HTTP request to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `POST` …
    pub method: String,
    /// Where to.
    pub target: Target,
    /// Header names and values, in order. `Host` and `Content-Length` are added.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long an attempt may take in all, in milliseconds.
    pub timeout_ms: u64,
    /// The ARN of what the poster's [`Authorizer`](crate::Authorizer) is asked about before each attempt, such as a
    /// connection. Secrets are not kept here.
    pub authorization: Option<String>,
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A URL of the user's.
    Url(String),
    /// An operation of another AWS service, at the endpoint configured for it, signed.
    Aws {
        /// The signing name, which is also the key of its endpoint in the configuration: `lambda`, `firehose` …
        service: String,
        /// The region it is signed for.
        region: String,
        /// Path and query.
        path: String,
    },
}

/// How often to try, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Schedule {
    /// SNS to an HTTP/S endpoint. AWS: SNS Developer Guide, "Amazon SNS message delivery retries".
    Phases(Phases),
    /// EventBridge: exponential with jitter, bounded in attempts and in age.
    Exponential {
        /// Retries after the first attempt.
        retries_max: u32,
        /// Nothing is tried when the event is older, in seconds.
        age_max_secs: u32,
    },
    /// One attempt.
    Once,
}

/// The phases of SNS's retries, in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// Retries in all.
    pub num_retries: u32,
    /// Retries at once.
    pub num_no_delay_retries: u32,
    /// Retries after `min_delay_secs`.
    pub num_min_delay_retries: u32,
    /// Retries after `max_delay_secs`, after the back-off.
    pub num_max_delay_retries: u32,
    /// The delay before and at the start of the back-off.
    pub min_delay_secs: u32,
    /// The delay at the end of and after the back-off.
    pub max_delay_secs: u32,
    /// How the delay grows in between.
    pub backoff: Backoff,
}

/// How a delay grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backoff {
    /// By as much each time.
    Linear,
    /// Slowly at first.
    Arithmetic,
    /// Faster.
    Geometric,
    /// Fastest.
    Exponential,
}

/// What the answer to a request means: delivered, worth another try, or in vain. A request that got no answer is always
/// worth another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Judge {
    /// An HTTP/S endpoint of SNS: 2xx is delivered; 4xx but 429 is in vain.
    Endpoint,
    /// An API destination of EventBridge: 401, 407, 409, 429 and 5xx are worth another try, no sooner than the answer's
    /// `Retry-After` says.
    ApiDestination,
    /// An operation of an AWS service: 5xx and throttling are worth another try.
    AwsOperation,
}

/// Where an undeliverable errand goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The queue's ARN.
    pub queue: String,
    /// What it gets.
    pub parcel: Parcel,
    /// Whether attributes tell what happened, as EventBridge's do (`ERROR_CODE`, `ERROR_MESSAGE`,
    /// `EXHAUSTED_RETRY_CONDITION`, `RETRY_ATTEMPTS`).
    pub with_reasons: bool,
}

/// A limit of calls: so many in any one second, which may come together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// What is limited: a subscription, an API destination.
    pub lane: String,
    /// Calls a second.
    pub per_second: u32,
}
