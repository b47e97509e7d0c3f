//! Deliveries to the outside, as they are looked at.

use aws::{AccountId, Region};

use crate::Target;

/// An errand and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The service that posted it.
    pub service: String,
    /// The ARN it is cancelled with.
    pub owner: String,
    /// The ARN of what was published to.
    pub source: String,
    /// The id of the message or event.
    pub message_id: String,
    /// Whose it is.
    pub account: AccountId,
    /// Where it was posted.
    pub region: Region,
    /// The method; nothing, for a delivery inside that failed.
    pub method: String,
    /// Where it goes.
    pub target: Target,
    /// The first 64 KiB of the body.
    pub body: Vec<u8>,
    /// The size of the whole body.
    pub body_bytes: u64,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it was posted.
    pub posted_at_ms: i64,
    /// When it is tried next.
    pub next_attempt_at_ms: Option<i64>,
    /// The ARN of the queue it goes to when it cannot be delivered.
    pub dead_letter_queue: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// What was tried.
    pub attempts: Vec<Attempt>,
}

impl Delivery {
    /// Where it goes, in one line: a URL without its password, an operation of a service, or an ARN.
    pub fn address(&self) -> String {
        match &self.target {
            Target::Url(url) => crate::client::redact(url),
            Target::Aws { service, region, path } => format!("{service}.{region}{path}"),
        }
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It will be tried, or tried again.
    Waiting,
    /// It was delivered.
    Delivered,
    /// It was given up.
    Dead,
    /// Nobody wants it any more.
    Cancelled,
}

impl DeliveryState {
    /// In one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Counts from 1.
    pub number: u32,
    /// When it began.
    pub at_ms: i64,
    /// The status that was answered.
    pub status: Option<u16>,
    /// Why it failed.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: u64,
}

/// Which deliveries are meant; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Whose.
    pub account: Option<AccountId>,
    /// Where they were posted.
    pub region: Option<Region>,
    /// The ARN they are cancelled with.
    pub owner: Option<String>,
}
