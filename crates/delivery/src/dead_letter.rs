//! Handing an undeliverable parcel to its dead-letter queue.

use aws::Arn;
use storage::Tx;

use crate::core::{Core, nobody};
use crate::{Addressed, Attribute, DeadLetter, Parcel, Undeliverable, UndeliverableKind};

/// What is told about a failure in the attributes of a dead letter. AWS: EventBridge User Guide, "Using dead-letter
/// queues to process undelivered events".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reasons {
    /// `NO_PERMISSIONS`, `TIMEOUT` …
    pub(crate) code: String,
    /// A sentence.
    pub(crate) message: String,
    /// Which limit of the retry policy ended it, if one did.
    pub(crate) exhausted: Option<Exhausted>,
    /// Retries after the first attempt.
    pub(crate) retries: u32,
}

/// A limit of a retry policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exhausted {
    Attempts,
    Age,
}

impl Exhausted {
    fn as_str(self) -> &'static str {
        match self {
            Self::Attempts => "MaximumRetryAttempts",
            Self::Age => "MaximumEventAgeInSeconds",
        }
    }
}

impl Reasons {
    /// Of what a resource did not take.
    pub(crate) fn of(undeliverable: &Undeliverable) -> Self {
        let code = match undeliverable.kind {
            UndeliverableKind::Missing => "NO_RESOURCE",
            UndeliverableKind::Forbidden => "NO_PERMISSIONS",
            UndeliverableKind::Refused => "SDK_CLIENT_ERROR",
        };
        let message = undeliverable.message.clone();
        Self { code: code.to_owned(), message, exhausted: None, retries: 0 }
    }
}

/// Hands a dead letter over in this transaction. Answers what is to be noted when even that failed.
pub(crate) fn hand_over(
    core: &Core,
    tx: &Tx<'_>,
    letter: &DeadLetter,
    reasons: &Reasons,
) -> Result<Option<String>, storage::Error> {
    let parcel =
        if letter.with_reasons { with_reasons(&letter.parcel, reasons) } else { letter.parcel.clone() };
    let fate = match Arn::parse(&letter.queue) {
        Some(to) => {
            let fates = core.deliver(tx, &[Addressed { to: &to, parcel: &parcel }])?;
            fates.into_iter().next().unwrap_or_else(|| Err(nobody(&to.service)))
        }
        None => Err(nobody(&letter.queue)),
    };
    let Err(refused) = fate else { return Ok(None) };
    tracing::warn!(
        queue = letter.queue,
        code = refused.code,
        reason = refused.message,
        "a dead-letter queue did not take a message"
    );
    Ok(Some(format!("the dead-letter queue did not take it: {}: {}", refused.code, refused.message)))
}

fn with_reasons(parcel: &Parcel, reasons: &Reasons) -> Parcel {
    let mut attributes = parcel.attributes.to_vec();
    attributes.push(Attribute::text("ERROR_CODE", &reasons.code));
    // An attribute must not be empty.
    let message = if reasons.message.is_empty() { &reasons.code } else { &reasons.message };
    attributes.push(Attribute::text("ERROR_MESSAGE", message));
    if let Some(exhausted) = reasons.exhausted {
        attributes.push(Attribute::text("EXHAUSTED_RETRY_CONDITION", exhausted.as_str()));
    }
    attributes.push(Attribute::text("RETRY_ATTEMPTS", reasons.retries.to_string()));
    attributes.sort_by(|one, other| one.name.cmp(&other.name));
    Parcel { attributes: attributes.into(), ..parcel.clone() }
}
