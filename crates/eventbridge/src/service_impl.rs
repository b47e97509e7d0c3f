//! The dispatch table, and how the server calls this service.

use aws::Call;
use service::{
    Error, Handler, OperationSchema, Refusal, ReplyFuture, Service, ServiceSchema, dispatch,
    internal_failure, start,
};
use shape::check::validation_message;
use shape::{Source, Violation};

use crate::api::operations as api;
use crate::errors::validation;
use crate::{EventBridge, ops};

/// One line an operation.
static HANDLERS: &[Handler<EventBridge>] = &[
    Handler {
        operation: &api::ACTIVATE_EVENT_SOURCE,
        start: |s, c, i| start(s, c, i, ops::activate_event_source),
    },
    Handler { operation: &api::CANCEL_REPLAY, start: |s, c, i| start(s, c, i, ops::cancel_replay) },
    Handler {
        operation: &api::CREATE_API_DESTINATION,
        start: |s, c, i| start(s, c, i, ops::create_api_destination),
    },
    Handler { operation: &api::CREATE_ARCHIVE, start: |s, c, i| start(s, c, i, ops::create_archive) },
    Handler { operation: &api::CREATE_CONNECTION, start: |s, c, i| start(s, c, i, ops::create_connection) },
    Handler { operation: &api::CREATE_ENDPOINT, start: |s, c, i| start(s, c, i, ops::create_endpoint) },
    Handler { operation: &api::CREATE_EVENT_BUS, start: |s, c, i| start(s, c, i, ops::create_event_bus) },
    Handler {
        operation: &api::CREATE_PARTNER_EVENT_SOURCE,
        start: |s, c, i| start(s, c, i, ops::create_partner_event_source),
    },
    Handler {
        operation: &api::DEACTIVATE_EVENT_SOURCE,
        start: |s, c, i| start(s, c, i, ops::deactivate_event_source),
    },
    Handler {
        operation: &api::DEAUTHORIZE_CONNECTION,
        start: |s, c, i| start(s, c, i, ops::deauthorize_connection),
    },
    Handler {
        operation: &api::DELETE_API_DESTINATION,
        start: |s, c, i| start(s, c, i, ops::delete_api_destination),
    },
    Handler { operation: &api::DELETE_ARCHIVE, start: |s, c, i| start(s, c, i, ops::delete_archive) },
    Handler { operation: &api::DELETE_CONNECTION, start: |s, c, i| start(s, c, i, ops::delete_connection) },
    Handler { operation: &api::DELETE_ENDPOINT, start: |s, c, i| start(s, c, i, ops::delete_endpoint) },
    Handler { operation: &api::DELETE_EVENT_BUS, start: |s, c, i| start(s, c, i, ops::delete_event_bus) },
    Handler {
        operation: &api::DELETE_PARTNER_EVENT_SOURCE,
        start: |s, c, i| start(s, c, i, ops::delete_partner_event_source),
    },
    Handler { operation: &api::DELETE_RULE, start: |s, c, i| start(s, c, i, ops::delete_rule) },
    Handler {
        operation: &api::DESCRIBE_API_DESTINATION,
        start: |s, c, i| start(s, c, i, ops::describe_api_destination),
    },
    Handler { operation: &api::DESCRIBE_ARCHIVE, start: |s, c, i| start(s, c, i, ops::describe_archive) },
    Handler {
        operation: &api::DESCRIBE_CONNECTION,
        start: |s, c, i| start(s, c, i, ops::describe_connection),
    },
    Handler { operation: &api::DESCRIBE_ENDPOINT, start: |s, c, i| start(s, c, i, ops::describe_endpoint) },
    Handler { operation: &api::DESCRIBE_EVENT_BUS, start: |s, c, i| start(s, c, i, ops::describe_event_bus) },
    Handler {
        operation: &api::DESCRIBE_EVENT_SOURCE,
        start: |s, c, i| start(s, c, i, ops::describe_event_source),
    },
    Handler {
        operation: &api::DESCRIBE_PARTNER_EVENT_SOURCE,
        start: |s, c, i| start(s, c, i, ops::describe_partner_event_source),
    },
    Handler { operation: &api::DESCRIBE_REPLAY, start: |s, c, i| start(s, c, i, ops::describe_replay) },
    Handler { operation: &api::DESCRIBE_RULE, start: |s, c, i| start(s, c, i, ops::describe_rule) },
    Handler { operation: &api::DISABLE_RULE, start: |s, c, i| start(s, c, i, ops::disable_rule) },
    Handler { operation: &api::ENABLE_RULE, start: |s, c, i| start(s, c, i, ops::enable_rule) },
    Handler {
        operation: &api::LIST_API_DESTINATIONS,
        start: |s, c, i| start(s, c, i, ops::list_api_destinations),
    },
    Handler { operation: &api::LIST_ARCHIVES, start: |s, c, i| start(s, c, i, ops::list_archives) },
    Handler { operation: &api::LIST_CONNECTIONS, start: |s, c, i| start(s, c, i, ops::list_connections) },
    Handler { operation: &api::LIST_ENDPOINTS, start: |s, c, i| start(s, c, i, ops::list_endpoints) },
    Handler { operation: &api::LIST_EVENT_BUSES, start: |s, c, i| start(s, c, i, ops::list_event_buses) },
    Handler { operation: &api::LIST_EVENT_SOURCES, start: |s, c, i| start(s, c, i, ops::list_event_sources) },
    Handler {
        operation: &api::LIST_PARTNER_EVENT_SOURCE_ACCOUNTS,
        start: |s, c, i| start(s, c, i, ops::list_partner_event_source_accounts),
    },
    Handler {
        operation: &api::LIST_PARTNER_EVENT_SOURCES,
        start: |s, c, i| start(s, c, i, ops::list_partner_event_sources),
    },
    Handler { operation: &api::LIST_REPLAYS, start: |s, c, i| start(s, c, i, ops::list_replays) },
    Handler {
        operation: &api::LIST_RULE_NAMES_BY_TARGET,
        start: |s, c, i| start(s, c, i, ops::list_rule_names_by_target),
    },
    Handler { operation: &api::LIST_RULES, start: |s, c, i| start(s, c, i, ops::list_rules) },
    Handler {
        operation: &api::LIST_TAGS_FOR_RESOURCE,
        start: |s, c, i| start(s, c, i, ops::list_tags_for_resource),
    },
    Handler {
        operation: &api::LIST_TARGETS_BY_RULE,
        start: |s, c, i| start(s, c, i, ops::list_targets_by_rule),
    },
    Handler { operation: &api::PUT_EVENTS, start: |s, c, i| start(s, c, i, ops::put_events) },
    Handler { operation: &api::PUT_PARTNER_EVENTS, start: |s, c, i| start(s, c, i, ops::put_partner_events) },
    Handler { operation: &api::PUT_PERMISSION, start: |s, c, i| start(s, c, i, ops::put_permission) },
    Handler { operation: &api::PUT_RULE, start: |s, c, i| start(s, c, i, ops::put_rule) },
    Handler { operation: &api::PUT_TARGETS, start: |s, c, i| start(s, c, i, ops::put_targets) },
    Handler { operation: &api::REMOVE_PERMISSION, start: |s, c, i| start(s, c, i, ops::remove_permission) },
    Handler { operation: &api::REMOVE_TARGETS, start: |s, c, i| start(s, c, i, ops::remove_targets) },
    Handler { operation: &api::START_REPLAY, start: |s, c, i| start(s, c, i, ops::start_replay) },
    Handler { operation: &api::TAG_RESOURCE, start: |s, c, i| start(s, c, i, ops::tag_resource) },
    Handler { operation: &api::TEST_EVENT_PATTERN, start: |s, c, i| start(s, c, i, ops::test_event_pattern) },
    Handler { operation: &api::UNTAG_RESOURCE, start: |s, c, i| start(s, c, i, ops::untag_resource) },
    Handler {
        operation: &api::UPDATE_API_DESTINATION,
        start: |s, c, i| start(s, c, i, ops::update_api_destination),
    },
    Handler { operation: &api::UPDATE_ARCHIVE, start: |s, c, i| start(s, c, i, ops::update_archive) },
    Handler { operation: &api::UPDATE_CONNECTION, start: |s, c, i| start(s, c, i, ops::update_connection) },
    Handler { operation: &api::UPDATE_ENDPOINT, start: |s, c, i| start(s, c, i, ops::update_endpoint) },
    Handler { operation: &api::UPDATE_EVENT_BUS, start: |s, c, i| start(s, c, i, ops::update_event_bus) },
];

impl Service for EventBridge {
    fn schema(&self) -> &'static ServiceSchema {
        &api::SERVICE
    }

    fn start<'a>(
        &'a self,
        operation: &'static OperationSchema,
        call: &'a Call,
        input: &mut dyn Source,
    ) -> Result<ReplyFuture<'a>, Refusal> {
        dispatch(HANDLERS, self, operation, call, input)
    }

    fn refuse(&self, violations: &[Violation], _call: &Call) -> Error {
        if violations.is_empty() { internal_failure() } else { validation(validation_message(violations)) }
    }
}

#[cfg(test)]
mod tests {
    use super::HANDLERS;
    use crate::api::operations::SERVICE;

    #[test]
    fn every_operation_of_the_model_has_a_line() {
        let handled: Vec<&str> = HANDLERS.iter().map(|handler| handler.operation.name).collect();
        let modelled: Vec<&str> = SERVICE.operations.iter().map(|operation| operation.name).collect();
        assert_eq!(handled, modelled);
    }
}
