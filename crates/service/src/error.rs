//! What a service answers when it says no.

use aws::AccountId;

use crate::ErrorSchema;

/// An error in AWS's own words: what kind, and the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Shape, code, status and fault.
    pub kind: &'static ErrorSchema,
    /// The message, word for word.
    pub message: String,
}

impl Error {
    /// An error of this kind with this message.
    pub fn new(kind: &'static ErrorSchema, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

/// Common to all AWS services.
static INTERNAL_FAILURE: ErrorSchema = ErrorSchema {
    shape: "InternalFailure",
    code: "InternalFailure",
    status: 500,
    sender_fault: false,
    namespace: Some("com.amazon.coral.service#"),
};

/// Common to all AWS services.
static THROTTLING: ErrorSchema = ErrorSchema {
    shape: "ThrottlingException",
    code: "Throttling",
    status: 400,
    sender_fault: true,
    namespace: Some("com.amazon.coral.availability#"),
};

/// Something on our side failed; the log says what, the caller is told no more than this.
pub fn internal_failure() -> Error {
    Error::new(
        &INTERNAL_FAILURE,
        "The request processing has failed because of an unknown error, exception or failure.",
    )
}

/// The sentence about a caller whom the policy of another account's resource does not let do something.
pub fn not_authorized(caller: &AccountId, action: &str, resource_arn: &str) -> String {
    let partition = resource_arn.split(':').nth(1).unwrap_or("aws");
    format!(
        "User: arn:{partition}:iam::{caller}:root is not authorized to perform: {action} on resource: {resource_arn} \
         because no resource-based policy allows the {action} action"
    )
}

/// More work waits than we are willing to hold in memory.
pub fn throttled() -> Error {
    Error::new(&THROTTLING, "Rate exceeded")
}
