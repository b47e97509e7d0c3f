//! Every error SQS answers here: one function each, the message word for word.
//!
//! Shapes and codes the model declares come from [`crate::api::errors`]; the few it leaves out, which the real
//! service answers all the same, stand at the top.

use service::{Error, ErrorSchema, not_authorized};

use crate::api::errors::*;

const fn unmodelled(shape: &'static str, code: &'static str, status: u16) -> ErrorSchema {
    ErrorSchema { shape, code, status, sender_fault: true, namespace: None }
}

static INVALID_PARAMETER_VALUE: ErrorSchema =
    unmodelled("InvalidParameterValueException", "InvalidParameterValue", 400);
static MISSING_PARAMETER: ErrorSchema =
    unmodelled("MissingRequiredParameterException", "MissingParameter", 400);
static INVALID_ACTION: ErrorSchema = unmodelled("InvalidAction", "InvalidAction", 400);
static ACCESS_DENIED: ErrorSchema = ErrorSchema {
    namespace: Some("com.amazon.coral.service#"),
    ..unmodelled("AccessDeniedException", "AccessDenied", 403)
};

// What an entry of a batch tells otherwise than the operation of its own: see `of_entry`.
const HANDLE_EXPIRED: &str = "The receipt handle has expired.";
const NOT_FOR_QUEUE_TYPE: &str = "The request include parameter that is not valid for this queue type.";
const PARAMETERS_INVALID: &str = "One or more parameters are invalid.";

/// The queue is not there. The query protocol has a longer sentence.
pub(crate) fn queue_does_not_exist(wire: aws::Wire) -> Error {
    let sentence = match wire {
        aws::Wire::Json => "The specified queue does not exist.",
        aws::Wire::Query => "The specified queue does not exist for this wsdl version.",
    };
    Error::new(&QUEUE_DOES_NOT_EXIST, sentence)
}

/// `GetQueueUrl` of another account's queue that is not there. AWS: recorded in fluent-plugin-s3#342.
pub(crate) fn queue_of_another_account_does_not_exist() -> Error {
    Error::new(&QUEUE_DOES_NOT_EXIST, "The specified queue does not exist or you do not have access to it.")
}

/// Another account's queue. The action stands in small letters there.
pub(crate) fn access_denied(call: &aws::Call, operation: &str, queue_arn: &str) -> Error {
    let action = format!("sqs:{}", operation.to_ascii_lowercase());
    Error::new(&ACCESS_DENIED, not_authorized(&call.account, &action, queue_arn))
}

/// An operation that does not address a queue was sent to a queue's URL.
pub(crate) fn action_not_valid_here(action: &str) -> Error {
    Error::new(&INVALID_ACTION, format!("The action {action} is not valid for this endpoint."))
}

/// What SetQueueAttributes calls its attributes when there are none; other parameters go by the model's names. AWS: recorded
/// of both protocols (pulumi-aws#5959).
pub(crate) const ATTRIBUTES: &str = "Attribute.Name";

/// A required parameter is absent or empty.
pub(crate) fn missing_parameter(name: &str) -> Error {
    Error::new(&MISSING_PARAMETER, format!("The request must contain the parameter {name}."))
}

/// A parameter's value is refused.
pub(crate) fn invalid_parameter(message: impl Into<String>) -> Error {
    Error::new(&INVALID_PARAMETER_VALUE, message)
}

/// The sentence most refusals of values share.
pub(crate) fn invalid_value(value: impl std::fmt::Display, parameter: &str, reason: &str) -> Error {
    invalid_parameter(format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}"))
}

/// `CreateQueue` of a name that is taken, with another value for `attribute`.
pub(crate) fn queue_name_exists(attribute: &str) -> Error {
    Error::new(
        &QUEUE_NAME_EXISTS,
        format!("A queue already exists with the same name and a different value for attribute {attribute}"),
    )
}

/// `CreateQueue` within a minute of `DeleteQueue`; only with strict timing.
pub(crate) fn queue_deleted_recently() -> Error {
    Error::new(
        &QUEUE_DELETED_RECENTLY,
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
    )
}

/// `PurgeQueue` within a minute of another; only with strict timing.
pub(crate) fn purge_queue_in_progress(queue: &str) -> Error {
    Error::new(
        &PURGE_QUEUE_IN_PROGRESS,
        format!("Only one PurgeQueue operation on {queue} is allowed every 60 seconds."),
    )
}

/// An attribute no queue has, or not a queue of this type.
pub(crate) fn unknown_attribute(name: &str) -> Error {
    Error::new(&INVALID_ATTRIBUTE_NAME, format!("Unknown Attribute {name}."))
}

/// An attribute that only FIFO queues have.
pub(crate) fn fifo_only_attribute(name: &str) -> Error {
    Error::new(
        &INVALID_ATTRIBUTE_NAME,
        format!("You can specify the {name} only when FifoQueue is set to true."),
    )
}

/// An attribute's value is out of its range or not of its form.
pub(crate) fn invalid_attribute_value(name: &str) -> Error {
    Error::new(&INVALID_ATTRIBUTE_VALUE, format!("Invalid value for the parameter {name}."))
}

/// As above, with the reason.
pub(crate) fn invalid_attribute_value_because(name: &str, reason: &str) -> Error {
    Error::new(&INVALID_ATTRIBUTE_VALUE, format!("Invalid value for the parameter {name}. Reason: {reason}"))
}

/// Whatever else an attribute's value can be refused for.
pub(crate) fn refused_attribute_value(message: impl Into<String>) -> Error {
    Error::new(&INVALID_ATTRIBUTE_VALUE, message)
}

/// The receipt handle was not made by this service.
pub(crate) fn receipt_handle_is_invalid(handle: &str) -> Error {
    Error::new(
        &RECEIPT_HANDLE_IS_INVALID,
        format!("The input receipt handle \"{handle}\" is not a valid receipt handle."),
    )
}

/// The receipt handle is of another queue. AWS: recorded in aws-sdk-java-v2#3101.
pub(crate) fn receipt_handle_of_another_queue(handle: &str) -> Error {
    let message = format!("The receipt handle \"{handle}\" is not valid for this queue.");
    Error::new(&RECEIPT_HANDLE_IS_INVALID, message)
}

/// FIFO queues only delete what the handle still holds.
pub(crate) fn receipt_handle_has_expired(handle: &str) -> Error {
    invalid_value(handle, "ReceiptHandle", HANDLE_EXPIRED)
}

/// The message is gone.
pub(crate) fn message_not_available(handle: &str) -> Error {
    invalid_value(
        handle,
        "ReceiptHandle",
        "Message does not exist or is not available for visibility timeout change.",
    )
}

/// The message is there but nobody holds it.
pub(crate) fn message_not_in_flight() -> Error {
    Error::new(&MESSAGE_NOT_INFLIGHT, "The specified message isn't in flight.")
}

/// The visibility timeout would pass twelve hours after the receive.
pub(crate) fn visibility_timeout_beyond_maximum(seconds: i64) -> Error {
    invalid_value(
        seconds,
        "VisibilityTimeout",
        "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].",
    )
}

/// A parameter of the other queue type.
pub(crate) fn not_valid_for_queue_type(value: impl std::fmt::Display, parameter: &str) -> Error {
    invalid_value(value, parameter, NOT_FOR_QUEUE_TYPE)
}

/// Body and attributes are longer than the queue takes.
pub(crate) fn message_too_long(limit: usize) -> Error {
    invalid_parameter(format!("{PARAMETERS_INVALID} Reason: Message must be shorter than {limit} bytes."))
}

/// The message body holds a character XML cannot.
pub(crate) fn invalid_message_contents() -> Error {
    Error::new(
        &INVALID_MESSAGE_CONTENTS,
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    )
}

/// Too many messages of the queue are in flight.
pub(crate) fn over_limit(limit: usize) -> Error {
    Error::new(&OVER_LIMIT, format!("There are more than {limit} messages in flight."))
}

/// The batch has no entries.
pub(crate) fn empty_batch(entry: &str) -> Error {
    Error::new(&EMPTY_BATCH_REQUEST, format!("There should be at least one {entry} in the request."))
}

/// The batch has more than ten entries.
pub(crate) fn too_many_entries(count: usize) -> Error {
    Error::new(
        &TOO_MANY_ENTRIES_IN_BATCH_REQUEST,
        format!("Maximum number of entries per request are 10. You have sent {count}."),
    )
}

/// An entry's id has a character it may not have, or is too long.
pub(crate) fn invalid_batch_entry_id() -> Error {
    Error::new(
        &INVALID_BATCH_ENTRY_ID,
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    )
}

/// Two entries share an id.
pub(crate) fn batch_entry_ids_not_distinct(id: &str) -> Error {
    Error::new(&BATCH_ENTRY_IDS_NOT_DISTINCT, format!("Id {id} repeated."))
}

/// The entries together are too long.
pub(crate) fn batch_request_too_long(limit: usize, sent: usize) -> Error {
    Error::new(
        &BATCH_REQUEST_TOO_LONG,
        format!("Batch requests cannot be longer than {limit} bytes. You have sent {sent} bytes."),
    )
}

/// Something the model names by ARN or handle is not there.
pub(crate) fn resource_not_found(message: impl Into<String>) -> Error {
    Error::new(&RESOURCE_NOT_FOUND_EXCEPTION, message)
}

/// The operation is known and not possible here.
pub(crate) fn unsupported_operation(message: &str) -> Error {
    Error::new(&UNSUPPORTED_OPERATION, message)
}

/// AddPermission names more of something than a statement can have.
pub(crate) fn over_permission_limit(what: &str, found: usize, most: usize) -> Error {
    let message = format!("{found} {what} were found, maximum allowed is {most}.");
    Error::new(&OVER_LIMIT, message)
}

/// A policy has too many bytes. AWS: recorded in JustSaying#211 and cloudfoxable#29.
pub(crate) fn policy_too_long() -> Error {
    Error::new(&OVER_LIMIT, "Submitted policy is over max allowed size.")
}

/// A policy has too many statements. AWS: recorded in dapr/components-contrib#1780.
pub(crate) fn too_many_statements(found: usize, most: usize) -> Error {
    let message = format!("{found} statements were found in the submitted policy, max allowed is {most}");
    Error::new(&OVER_LIMIT, message)
}

/// A policy's statement has too much of something. AWS: recorded of actions in cloud-platform-environments#9082.
pub(crate) fn over_statement_limit(what: &str, found: usize, most: usize) -> Error {
    let message =
        format!("{found} {what} were found in a statement from the submitted policy, max allowed is {most}");
    Error::new(&OVER_LIMIT, message)
}

/// A redrive allow policy that is no JSON map, or whose sources are no list. The apostrophe of `it’s` is AWS's.
pub(crate) fn redrive_allow_policy_format() -> Error {
    invalid_attribute_value_because(
        "RedriveAllowPolicy",
        "Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
    )
}

/// Why a move task fails that has no destination and meets a message nobody dead-lettered.
pub(crate) fn could_not_determine_message_source() -> Error {
    static KIND: ErrorSchema =
        unmodelled("CouldNotDetermineMessageSource", "CouldNotDetermineMessageSource", 400);
    Error::new(&KIND, "The queue the message came from is not known.")
}

/// A receive attempt is repeated after one of its messages was deleted or its visibility changed.
pub(crate) fn attempt_is_not_retryable(attempt_id: &str) -> Error {
    let reason = "The receiveRequestAttemptId is not valid anymore since the receive call is not retryable.";
    invalid_value(attempt_id, "ReceiveRequestAttemptId", reason)
}

/// The target of a redrive policy is not there. The code is that of a missing queue, the sentence that of a value.
pub(crate) fn dead_letter_target_does_not_exist(policy: &str) -> Error {
    let message = invalid_value(policy, "RedrivePolicy", "Dead letter target does not exist.").message;
    Error::new(&QUEUE_DOES_NOT_EXIST, message)
}

/// Message attributes with lists of values are reserved for the future.
pub(crate) fn list_values_are_not_supported(operation: &str) -> Error {
    Error::new(
        &UNSUPPORTED_OPERATION,
        format!("Message attribute list values in {operation} operation are not supported."),
    )
}

/// The error as an entry of a batch tells it: as the operation itself does, but for what is on record.
///
/// - Two refusals come as their reason alone, without its full stop: aws-sdk-js#3187 and sqsmover#54, the second with
///   another code than DeleteMessage's. Others come whole (moto#5372: a delay of 1800 seconds).
/// - A message too long "cannot be validated" (sqsmover#23).
pub(crate) fn of_entry(error: Error) -> (&'static ErrorSchema, String) {
    let Error { kind, message } = error;
    match message.split_once(" Reason: ") {
        Some((_, NOT_FOR_QUEUE_TYPE)) => (kind, NOT_FOR_QUEUE_TYPE.trim_end_matches('.').to_owned()),
        Some((_, HANDLE_EXPIRED)) => {
            (&RECEIPT_HANDLE_IS_INVALID, HANDLE_EXPIRED.trim_end_matches('.').to_owned())
        }
        Some((PARAMETERS_INVALID, reason)) => {
            (kind, format!("One or more parameters cannot be validated. Reason: {reason}"))
        }
        _ => (kind, message),
    }
}

/// A message attribute has no type.
pub(crate) fn missing_attribute_type(name: &str) -> Error {
    invalid_parameter(format!(
        "The message attribute '{name}' must contain non-empty message attribute type."
    ))
}
