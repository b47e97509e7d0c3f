//! Every error SNS answers here: one function each, the message word for word.
//!
//! Shapes and codes the model declares come from [`crate::api::errors`]; the few it leaves out, which the real
//! service answers all the same, stand at the top.

use service::{Error, ErrorSchema};

use crate::api::errors::*;

const fn unmodelled(shape: &'static str, code: &'static str, status: u16) -> ErrorSchema {
    ErrorSchema { shape, code, status, sender_fault: true, namespace: None }
}

/// AWS: SNS "Common errors"; recorded for members that must not be null.
static VALIDATION_ERROR: ErrorSchema = unmodelled("ValidationError", "ValidationError", 400);

/// The input violates what the model states.
pub(crate) fn validation_error(message: impl Into<String>) -> Error {
    Error::new(&VALIDATION_ERROR, message)
}

/// A value is there and violates what the model states about it.
pub(crate) fn constraint_violated(message: impl Into<String>) -> Error {
    Error::new(&INVALID_PARAMETER_EXCEPTION, message)
}

/// `Invalid parameter: …`, the sentence nearly all refusals share.
pub(crate) fn invalid_parameter(what: impl std::fmt::Display) -> Error {
    Error::new(&INVALID_PARAMETER_EXCEPTION, format!("Invalid parameter: {what}"))
}

/// A refusal of an attribute at creation.
pub(crate) fn invalid_attribute(reason: impl std::fmt::Display) -> Error {
    invalid_parameter(format!("Attributes Reason: {reason}"))
}

/// A text has a character that no answer can carry. The words after `Reason` are those of SQS, API_SendMessage.
pub(crate) fn illegible_text(parameter: &str) -> Error {
    invalid_parameter(format!(
        "{parameter} Reason: Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | \
         #xE000 to #xFFFD | #x10000 to #x10FFFF"
    ))
}

/// The topic is not there.
pub(crate) fn topic_does_not_exist() -> Error {
    Error::new(&NOT_FOUND_EXCEPTION, "Topic does not exist")
}

/// The subscription is not there.
pub(crate) fn subscription_does_not_exist() -> Error {
    Error::new(&NOT_FOUND_EXCEPTION, "Subscription does not exist")
}

/// A text that should be an ARN has too few parts.
pub(crate) fn arn_too_short(parameter: &str, parts: usize) -> Error {
    invalid_parameter(format!("{parameter} Reason: An ARN must have at least 6 elements, not {parts}"))
}

/// The resource to be tagged is not there.
pub(crate) fn resource_does_not_exist() -> Error {
    Error::new(&RESOURCE_NOT_FOUND_EXCEPTION, "Resource does not exist")
}

/// More tags than a resource can have.
pub(crate) fn tag_limit_exceeded() -> Error {
    let message = "Could not complete request: tag quota of per resource exceeded";
    Error::new(&TAG_LIMIT_EXCEEDED_EXCEPTION, message)
}

/// A tag's key is given twice.
pub(crate) fn duplicate_tag_keys() -> Error {
    invalid_parameter("Duplicated keys are not allowed.")
}

/// The account has as many topics of this type as it may in this region.
pub(crate) fn topic_limit_exceeded() -> Error {
    Error::new(&TOPIC_LIMIT_EXCEEDED_EXCEPTION, "Topic limit exceeded")
}

/// `CreateTopic` of a name that is taken, with something else about `what`: `Attributes`, `Tags`.
pub(crate) fn topic_exists_with_different(what: &str) -> Error {
    let member = what.to_lowercase();
    invalid_parameter(format!("{what} Reason: Topic already exists with different {member}"))
}

/// The topic keeps messages; it has to be told to stop before it can be deleted.
pub(crate) fn topic_has_archive() -> Error {
    let message = "Topic with an active ArchivePolicy cannot be deleted. Remove the ArchivePolicy first.";
    Error::new(&INVALID_STATE_EXCEPTION, message)
}

/// The protocol is none of SNS's.
pub(crate) fn protocol_is_not_supported(protocol: &str) -> Error {
    invalid_parameter(format!("Amazon SNS does not support this protocol string: {protocol}"))
}

/// A FIFO topic delivers to queues only (recorded: hashicorp/terraform#28632, terraform-provider-aws#38441).
pub(crate) fn invalid_protocol_of_fifo_topic(protocol: &str) -> Error {
    invalid_parameter(format!("Invalid protocol type: {protocol}"))
}

/// A URL of another scheme than the protocol's, or none at all (recorded: argoproj/argo-events#414).
pub(crate) fn endpoint_does_not_fit_protocol() -> Error {
    invalid_parameter("Endpoint must match the specified protocol")
}

/// AWS says `Invalid parameter` twice here, as in aws/aws-sam-cli#2451.
pub(crate) fn fifo_queue_on_standard_topic() -> Error {
    invalid_parameter(
        "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
    )
}

/// The app's endpoint is not there (recorded: getmoto/moto#7518, of AWS).
pub(crate) fn endpoint_to_subscribe_does_not_exist(arn: &str) -> Error {
    invalid_parameter(format!("Endpoint Reason: Endpoint does not exist for endpoint {arn}"))
}

/// A text that is no phone number (recorded: `test_subscribe_invalid_sms`).
pub(crate) fn invalid_sms_endpoint(endpoint: &str) -> Error {
    Error::new(&INVALID_PARAMETER_EXCEPTION, format!("Invalid SMS endpoint: {endpoint}"))
}

/// A text that does not look like a token (recorded: `test_sns_confirm_subscription_wrong_token`).
pub(crate) fn malformed_token() -> Error {
    Error::new(&INVALID_PARAMETER_EXCEPTION, "Invalid token")
}

/// The endpoint is subscribed already, and not in this way.
pub(crate) fn subscription_exists_with_different_attributes() -> Error {
    invalid_attribute("Subscription already exists with different attributes")
}

/// The topic takes larger messages than the endpoint. AWS: "Publishing large messages with Amazon SNS"; what it says is
/// not known.
pub(crate) fn protocol_takes_no_large_messages(protocol: &str) -> Error {
    invalid_parameter(format!(
        "Protocol Reason: Topics with a MaximumMessageSize above 262144 do not support {protocol} subscriptions"
    ))
}

/// The topic's subscriptions are too many for large messages, or not such as take them. AWS: API_SetTopicAttributes,
/// MaximumMessageSize.
pub(crate) fn subscriptions_take_no_large_messages() -> Error {
    invalid_parameter(
        "MaximumMessageSize: For values above 262144 the topic must have 100 or fewer subscriptions, and each \
         subscription must be an Amazon SQS, Amazon Data Firehose, or AWS Lambda subscription",
    )
}

/// AWS: API_Subscribe, FilterPolicyLimitExceeded.
pub(crate) fn filter_policy_limit_exceeded() -> Error {
    let message = "Indicates that the number of filter polices in your Amazon Web Services account exceeds the limit. \
                   To add more filter polices, submit an Amazon SNS Limit Increase case in the Amazon Web Services \
                   Support Center.";
    Error::new(&FILTER_POLICY_LIMIT_EXCEEDED_EXCEPTION, message)
}

/// AWS: API_Subscribe, SubscriptionLimitExceeded.
pub(crate) fn subscription_limit_exceeded() -> Error {
    let message = "Indicates that the customer already owns the maximum allowed number of subscriptions.";
    Error::new(&SUBSCRIPTION_LIMIT_EXCEEDED_EXCEPTION, message)
}

/// Nobody confirmed it yet; it goes by itself (recorded: aws/aws-sdk-net#350; terraform-provider-aws looks for the
/// sentence).
pub(crate) fn pending_subscription_cannot_be_ended() -> Error {
    invalid_parameter(
        "SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation",
    )
}

/// The subscription may be ended by its owner and the topic's only, as whoever confirmed it asked for.
pub(crate) fn not_authorized_to_unsubscribe(who: &str, arn: &str) -> Error {
    let message = format!("User: {who} is not authorized to perform: SNS:Unsubscribe on resource: {arn}");
    Error::new(&AUTHORIZATION_ERROR_EXCEPTION, message)
}

/// There is nothing to publish.
pub(crate) fn empty_message() -> Error {
    invalid_parameter("Empty message")
}

/// More bytes than the topic takes.
pub(crate) fn message_too_long() -> Error {
    invalid_parameter("Message too long")
}

/// There are words for each platform but the app's own (recorded: aws/aws-sdk-net#180, aws/aws-sdk-kotlin#426).
pub(crate) fn no_words_for_platform(platform: &str) -> Error {
    invalid_parameter(format!("JSON must contain an entry for 'default' or '{platform}'."))
}

/// It is not said where a message goes.
pub(crate) fn no_destination() -> Error {
    invalid_parameter("TopicArn or TargetArn Reason: no value for required parameter")
}

/// It is said twice where a message goes.
pub(crate) fn more_than_one_destination(parameter: &str) -> Error {
    invalid_parameter(format!(
        "{parameter} Reason: only one of TopicArn, TargetArn and PhoneNumber may be specified"
    ))
}

/// The target is no endpoint that is there.
pub(crate) fn no_endpoint_for_target() -> Error {
    invalid_parameter("TargetArn Reason: No endpoint found for the target arn specified")
}

/// An id with something else than up to 128 alphanumeric and punctuation characters.
pub(crate) fn invalid_id(parameter: &str) -> Error {
    invalid_parameter(format!(
        "{parameter} Reason: {parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length"
    ))
}

/// A FIFO topic's messages belong to a group.
pub(crate) fn message_group_is_required() -> Error {
    invalid_parameter("The MessageGroupId parameter is required for FIFO topics")
}

/// A FIFO topic's messages have something they are known by.
pub(crate) fn deduplication_id_is_required() -> Error {
    invalid_parameter(
        "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    )
}

/// A parameter of the other topic type.
pub(crate) fn not_for_this_topic_type(parameter: &str) -> Error {
    invalid_parameter(format!(
        "{parameter} Reason: The request includes {parameter} parameter that is not valid for this topic type"
    ))
}

fn attribute_refused(message: String) -> Error {
    Error::new(&INVALID_PARAMETER_VALUE_EXCEPTION, message)
}

/// A message attribute has a name it may not have.
pub(crate) fn attribute_name_is_invalid(name: &str) -> Error {
    attribute_refused(format!("The message attribute name '{name}' is invalid."))
}

/// A message attribute has no type.
pub(crate) fn attribute_without_type(name: &str) -> Error {
    attribute_refused(format!(
        "The message attribute '{name}' must contain non-empty message attribute type."
    ))
}

/// A message attribute has a type that is none.
pub(crate) fn attribute_type_is_invalid(name: &str) -> Error {
    attribute_refused(format!(
        "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is \
         Binary, Number, and String."
    ))
}

/// A message attribute has no value of its type.
pub(crate) fn attribute_without_value(name: &str, data_type: &str) -> Error {
    attribute_refused(format!(
        "The message attribute '{name}' must contain non-empty message attribute value for message attribute type \
         '{data_type}'."
    ))
}

/// A message attribute's value is no number.
pub(crate) fn attribute_is_no_number(name: &str) -> Error {
    attribute_refused(format!("Could not cast message attribute '{name}' value to number."))
}

/// All entries together are too large.
pub(crate) fn batch_request_too_long() -> Error {
    let message = "The length of all the messages put together is more than the limit.";
    Error::new(&BATCH_REQUEST_TOO_LONG_EXCEPTION, message)
}

/// No entry.
pub(crate) fn empty_batch_request() -> Error {
    Error::new(&EMPTY_BATCH_REQUEST_EXCEPTION, "The batch request doesn't contain any entries.")
}

/// More than ten entries.
pub(crate) fn too_many_entries_in_batch_request() -> Error {
    let message = "The batch request contains more entries than permissible.";
    Error::new(&TOO_MANY_ENTRIES_IN_BATCH_REQUEST_EXCEPTION, message)
}

/// Two entries with one id.
pub(crate) fn batch_entry_ids_not_distinct() -> Error {
    let message = "Two or more batch entries in the request have the same Id.";
    Error::new(&BATCH_ENTRY_IDS_NOT_DISTINCT_EXCEPTION, message)
}

/// An entry's id has a character it may not have.
pub(crate) fn batch_entry_id_has_impermissible_character(id: &str) -> Error {
    let message =
        format!("The Id of a batch entry in the batch request contains an impermissible character: {id}");
    Error::new(&INVALID_BATCH_ENTRY_ID_EXCEPTION, message)
}

/// An entry's id has too many characters.
pub(crate) fn batch_entry_id_is_too_long(id: &str) -> Error {
    let message = format!("The Id of a batch entry in the batch request is too long: {id}");
    Error::new(&INVALID_BATCH_ENTRY_ID_EXCEPTION, message)
}

/// An ARN of a kind of resource that it is not.
pub(crate) fn wrong_number_of_slashes(parameter: &str) -> Error {
    invalid_parameter(format!("{parameter} Reason: Wrong number of slashes in relative portion of the ARN."))
}

/// There is no such push service. Recorded: test_create_platform_application_invalid_platform.
pub(crate) fn platform_not_supported(platform: &str) -> Error {
    invalid_parameter(format!("Platform Reason: {platform} is not supported"))
}

/// Half of a pair. Recorded: test_create_platform_application_invalid_attributes.
pub(crate) fn attribute_without_partner(given: &str, lacking: &str) -> Error {
    invalid_attribute(format!("{given} attribute provided without {lacking}"))
}

/// An attribute nobody knows. Recorded: test_set_platform_endpoint_attributes_invalid_attributes.
pub(crate) fn invalid_attribute_name(name: &str) -> Error {
    invalid_attribute(format!("Invalid attribute name: {name}"))
}

/// A value an attribute cannot have. Recorded for `CustomUserData`.
pub(crate) fn invalid_attribute_value(name: &str, wanted: &str) -> Error {
    invalid_attribute(format!("Invalid value for attribute: {name}: {wanted}"))
}

/// `CustomUserData`, the parameter, is too long.
pub(crate) fn custom_user_data_too_long() -> Error {
    invalid_parameter("CustomUserData Reason: must be at most 2048 bytes long in UTF-8 encoding")
}

/// What is no token of a device; there is a reason for those whose form is known.
pub(crate) fn invalid_device_token(reason: &str) -> Error {
    invalid_parameter(format!("Token Reason: {reason}"))
}

/// The platform application is not there.
pub(crate) fn platform_application_does_not_exist() -> Error {
    Error::new(&NOT_FOUND_EXCEPTION, "PlatformApplication does not exist")
}

/// The endpoint is not there.
pub(crate) fn endpoint_does_not_exist() -> Error {
    Error::new(&NOT_FOUND_EXCEPTION, "Endpoint does not exist")
}

/// The device has an endpoint with other attributes; clients read its ARN from this sentence.
pub(crate) fn endpoint_exists(arn: &str) -> Error {
    invalid_parameter(format!(
        "Token Reason: Endpoint {arn} already exists with the same Token, but different attributes."
    ))
}

/// `Publish` to an endpoint that is disabled.
pub(crate) fn endpoint_disabled() -> Error {
    Error::new(&ENDPOINT_DISABLED_EXCEPTION, "Endpoint is disabled")
}

/// `Publish` to an endpoint whose platform application is disabled.
pub(crate) fn platform_application_disabled() -> Error {
    Error::new(&PLATFORM_APPLICATION_DISABLED_EXCEPTION, "Platform application is disabled")
}

/// `Publish` to what is no phone number. Recorded: test_publish_wrong_phone_format.
pub(crate) fn not_valid_to_publish_to(number: &str) -> Error {
    invalid_parameter(format!("PhoneNumber Reason: {number} is not valid to publish to"))
}

/// A parameter that should be a phone number is none.
pub(crate) fn invalid_phone_number() -> Error {
    invalid_parameter("PhoneNumber Reason: input incorrectly formatted")
}

/// The phone does not want to hear from this account. AWS: API_CreateSMSSandboxPhoneNumber, Errors.
pub(crate) fn phone_opted_out() -> Error {
    Error::new(&OPTED_OUT_EXCEPTION, "You can't send SMS messages to phone numbers that opt out.")
}

/// The phone is not in the sandbox.
pub(crate) fn sandbox_phone_number_does_not_exist() -> Error {
    Error::new(&RESOURCE_NOT_FOUND_EXCEPTION, "The phone number does not exist in the SMS sandbox.")
}

/// The one-time password is another one. AWS: API_VerifySMSSandboxPhoneNumber, Errors.
pub(crate) fn wrong_one_time_password() -> Error {
    Error::new(&VERIFICATION_EXCEPTION, "The one-time password (OTP) used for verification is invalid.")
}
