//! Every error EventBridge answers here: one function each, the message word for word.

use aws::AccountId;
use service::{Error, ErrorSchema, not_authorized};

use crate::api::errors::*;
use crate::api::types::PutEventsRequestEntry;
use crate::store::partner_sources::SourceState;

/// Common to AWS's JSON services; the model leaves it out.
static VALIDATION: ErrorSchema = ErrorSchema {
    shape: "ValidationException",
    code: "ValidationException",
    status: 400,
    sender_fault: true,
    namespace: None,
};

/// A value is refused.
pub(crate) fn validation(message: impl Into<String>) -> Error {
    Error::new(&VALIDATION, message)
}

/// `Parameter X is not valid.`
pub(crate) fn parameter_not_valid(parameter: &str) -> Error {
    validation(format!("Parameter {parameter} is not valid."))
}

/// `Parameter X is not valid. Reason: …`
pub(crate) fn parameter_not_valid_because(parameter: &str, reason: &str) -> Error {
    validation(format!("Parameter {parameter} is not valid. Reason: {reason}"))
}

/// An ARN is none, or not one of what is wanted there. AWS names the ARN itself where it is a target's.
pub(crate) fn arn_not_valid(parameter: &str) -> Error {
    parameter_not_valid_because(parameter, "Provided Arn is not in correct format.")
}

/// A resource of a bus's policy is another bus. Quoted in terraform-provider-aws#27976.
pub(crate) fn relative_id_invalid(relative_id: &str, arn: &str) -> Error {
    validation(format!("The relative-id \"{relative_id}\" is invalid for ARN \"{arn}\""))
}

/// A target has a parameter that its kind does not take. Quoted for `RoleArn` in terraform-aws-eventbridge#136; AWS's words
/// about others are not known.
pub(crate) fn not_supported_for_target(parameter: &str, target_arn: &str) -> Error {
    validation(format!("{parameter} is not supported for target {target_arn}."))
}

/// A document of Systems Manager without what Run Command needs. Quoted in aws-sdk-js#2360, without a blank as here.
pub(crate) fn run_command_parameters_not_valid(target_id: &str) -> Error {
    validation(format!("Parameter RunCommandParameters is not valid for target{target_id}."))
}

/// A target that EventBridge calls in the name of a role names none.
pub(crate) fn role_required(target_arn: &str) -> Error {
    validation(format!("RoleArn is required for target {target_arn}."))
}

fn not_found(message: impl Into<String>) -> Error {
    Error::new(&RESOURCE_NOT_FOUND_EXCEPTION, message)
}

/// The bus is not there.
pub(crate) fn bus_does_not_exist(name: &str) -> Error {
    not_found(format!("Event bus {name} does not exist."))
}

/// The rule is not there.
pub(crate) fn rule_does_not_exist(rule: &str, bus: &str) -> Error {
    not_found(format!("Rule {rule} does not exist on EventBus {bus}."))
}

/// A quota is used up.
pub(crate) fn limit_exceeded() -> Error {
    Error::new(&LIMIT_EXCEEDED_EXCEPTION, "The requested resource exceeds the maximum number allowed.")
}

/// A resource of this kind and name is there already: `Event bus x already exists.`
pub(crate) fn already_exists(kind: &str, name: &str) -> Error {
    Error::new(&RESOURCE_ALREADY_EXISTS_EXCEPTION, format!("{kind} {name} already exists."))
}

/// A pattern is none.
pub(crate) fn invalid_event_pattern(reason: impl std::fmt::Display) -> Error {
    Error::new(&INVALID_EVENT_PATTERN_EXCEPTION, format!("Event pattern is not valid. Reason: {reason}"))
}

/// A statement of a policy is not there.
pub(crate) fn statement_does_not_exist() -> Error {
    not_found("Statement with the provided id does not exist.")
}

/// A bus's policy grows too long.
pub(crate) fn policy_too_long() -> Error {
    Error::new(&POLICY_LENGTH_EXCEEDED_EXCEPTION, "The policy length exceeds the maximum allowed.")
}

/// A rule an AWS service made, changed without `Force`.
pub(crate) fn managed_rule(name: &str) -> Error {
    Error::new(
        &MANAGED_RULE_EXCEPTION,
        format!("{name} is a managed rule. Set 'force' parameter to true to override."),
    )
}

/// The entries of one PutEvents are too large together.
pub(crate) fn total_size_over_limit() -> Error {
    validation("Total size of the entries in the request is over the limit.")
}

/// More entries than PutEvents takes; AWS quotes them all, as its own objects print themselves.
pub(crate) fn too_many_entries(entries: &[PutEventsRequestEntry], most: usize) -> Error {
    let or_null = |text: &Option<String>| text.clone().unwrap_or_else(|| "null".to_owned());
    let quoted = entries.iter().map(|entry| {
        let resources = entry.resources.as_ref().map(|arns| format!("[{}]", arns.join(", ")));
        let time = entry.time.map(|at_ms| at_ms.to_string());
        format!(
            "PutEventsRequestEntry(time={}, source={}, resources={}, detailType={}, detail={}, eventBusName={}, \
             traceHeader={}, kmsKeyIdentifier=null, internalMetadata=null)",
            or_null(&time),
            or_null(&entry.source),
            or_null(&resources),
            or_null(&entry.detail_type),
            or_null(&entry.detail),
            or_null(&entry.event_bus_name),
            or_null(&entry.trace_header),
        )
    });
    let quoted: Vec<String> = quoted.collect();
    validation(format!(
        "1 validation error detected: Value '[{}]' at 'entries' failed to satisfy constraint: \
         Member must have length less than or equal to {most}",
        quoted.join(", ")
    ))
}

/// A caller of another account, whom the bus's policy does not let do this. Quoted in aws-cdk#26032.
pub(crate) fn access_denied(caller: &AccountId, action: &str, resource: &str) -> Error {
    Error::new(&ACCESS_DENIED_EXCEPTION, not_authorized(caller, action, resource))
}

/// A bus of another region is named. Quoted in terraform-provider-aws#31444.
pub(crate) fn cross_region() -> Error {
    validation("Cross-region api call is not allowed.")
}

/// A rule without a schedule cannot be made to fire. No answer of AWS's: only our own page asks.
pub(crate) fn rule_has_no_schedule(rule: &str) -> Error {
    validation(format!("Rule {rule} has no schedule."))
}

/// The partner event source is not there.
pub(crate) fn event_source_does_not_exist(name: &str) -> Error {
    not_found(format!("Event source {name} does not exist."))
}

/// A partner event source to be switched, which nobody offered or nobody took. Recorded: aws-sdk-js-v3#4788.
pub(crate) fn event_source_has_no_bus(name: &str) -> Error {
    not_found(format!("Event source {name} or event bus {name} does not exist."))
}

/// A partner event source is in another state than it would have to be. The sentence is ours.
pub(crate) fn event_source_is(name: &str, state: SourceState) -> Error {
    Error::new(&INVALID_STATE_EXCEPTION, format!("Event source {name} is in state {}.", state.as_str()))
}

/// The global endpoint is not there.
pub(crate) fn endpoint_does_not_exist(name: &str) -> Error {
    not_found(format!("Endpoint '{name}' does not exist."))
}

/// What PutEvents says of an id that is no endpoint's. The sentence is ours: at AWS its host name has no address.
pub(crate) fn endpoint_id_does_not_exist(id: &str) -> Error {
    not_found(format!("Endpoint with id '{id}' does not exist."))
}

/// The archive is not there.
pub(crate) fn archive_does_not_exist(name: &str) -> Error {
    not_found(format!("Archive {name} does not exist."))
}

/// The replay is not there.
pub(crate) fn replay_does_not_exist(name: &str) -> Error {
    not_found(format!("Replay {name} does not exist."))
}

/// A replay that is over, or about to be, cannot be cancelled.
pub(crate) fn replay_is_over(name: &str) -> Error {
    Error::new(
        &ILLEGAL_STATUS_EXCEPTION,
        format!("Replay {name} is not in a valid state for this operation."),
    )
}

/// Archives and replays are listed by one thing at a time.
pub(crate) fn more_than_one_filter(operation: &str) -> Error {
    validation(format!(
        "At most one filter is allowed for {operation}. Use either : State, EventSourceArn, or NamePrefix."
    ))
}

/// The connection is not there; `verb` is what was to be done with it. Recorded for `describe`.
pub(crate) fn connection_does_not_exist(verb: &str, name: &str) -> Error {
    not_found(format!("Failed to {verb} the connection(s). Connection '{name}' does not exist."))
}

/// The API destination is not there; `verb` is what was to be done with it. Recorded for `describe`.
pub(crate) fn api_destination_does_not_exist(verb: &str, name: &str) -> Error {
    not_found(format!("Failed to {verb} the api-destination(s). An api-destination '{name}' does not exist."))
}

/// There is an API destination of this name.
pub(crate) fn api_destination_already_exists(name: &str) -> Error {
    Error::new(&RESOURCE_ALREADY_EXISTS_EXCEPTION, format!("An api-destination '{name}' already exists."))
}
