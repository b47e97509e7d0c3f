//! The dispatch table, and how the server calls this service.

use std::cell::Cell;

use aws::Call;
use service::{
    Error, Handler, OperationSchema, Refusal, ReplyFuture, Service, ServiceSchema, dispatch,
    internal_failure, start,
};
use shape::check::{Problem, Step, validation_message};
use shape::{Source, Violation};

use crate::api::operations as api;
use crate::errors::{attribute_without_type, constraint_violated, illegible_text, validation_error};
use crate::legible::Legible;
use crate::{Sns, ops};

/// One line an operation.
static HANDLERS: &[Handler<Sns>] = &[
    Handler { operation: &api::ADD_PERMISSION, start: |s, c, i| start(s, c, i, ops::add_permission) },
    Handler {
        operation: &api::CHECK_IF_PHONE_NUMBER_IS_OPTED_OUT,
        start: |s, c, i| start(s, c, i, ops::check_if_phone_number_is_opted_out),
    },
    Handler {
        operation: &api::CONFIRM_SUBSCRIPTION,
        start: |s, c, i| start(s, c, i, ops::confirm_subscription),
    },
    Handler {
        operation: &api::CREATE_PLATFORM_APPLICATION,
        start: |s, c, i| start(s, c, i, ops::create_platform_application),
    },
    Handler {
        operation: &api::CREATE_PLATFORM_ENDPOINT,
        start: |s, c, i| start(s, c, i, ops::create_platform_endpoint),
    },
    Handler {
        operation: &api::CREATE_SMS_SANDBOX_PHONE_NUMBER,
        start: |s, c, i| start(s, c, i, ops::create_sms_sandbox_phone_number),
    },
    Handler { operation: &api::CREATE_TOPIC, start: |s, c, i| start(s, c, i, ops::create_topic) },
    Handler { operation: &api::DELETE_ENDPOINT, start: |s, c, i| start(s, c, i, ops::delete_endpoint) },
    Handler {
        operation: &api::DELETE_PLATFORM_APPLICATION,
        start: |s, c, i| start(s, c, i, ops::delete_platform_application),
    },
    Handler {
        operation: &api::DELETE_SMS_SANDBOX_PHONE_NUMBER,
        start: |s, c, i| start(s, c, i, ops::delete_sms_sandbox_phone_number),
    },
    Handler { operation: &api::DELETE_TOPIC, start: |s, c, i| start(s, c, i, ops::delete_topic) },
    Handler {
        operation: &api::GET_DATA_PROTECTION_POLICY,
        start: |s, c, i| start(s, c, i, ops::get_data_protection_policy),
    },
    Handler {
        operation: &api::GET_ENDPOINT_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::get_endpoint_attributes),
    },
    Handler {
        operation: &api::GET_PLATFORM_APPLICATION_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::get_platform_application_attributes),
    },
    Handler { operation: &api::GET_SMS_ATTRIBUTES, start: |s, c, i| start(s, c, i, ops::get_sms_attributes) },
    Handler {
        operation: &api::GET_SMS_SANDBOX_ACCOUNT_STATUS,
        start: |s, c, i| start(s, c, i, ops::get_sms_sandbox_account_status),
    },
    Handler {
        operation: &api::GET_SUBSCRIPTION_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::get_subscription_attributes),
    },
    Handler {
        operation: &api::GET_TOPIC_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::get_topic_attributes),
    },
    Handler {
        operation: &api::LIST_ENDPOINTS_BY_PLATFORM_APPLICATION,
        start: |s, c, i| start(s, c, i, ops::list_endpoints_by_platform_application),
    },
    Handler {
        operation: &api::LIST_ORIGINATION_NUMBERS,
        start: |s, c, i| start(s, c, i, ops::list_origination_numbers),
    },
    Handler {
        operation: &api::LIST_PHONE_NUMBERS_OPTED_OUT,
        start: |s, c, i| start(s, c, i, ops::list_phone_numbers_opted_out),
    },
    Handler {
        operation: &api::LIST_PLATFORM_APPLICATIONS,
        start: |s, c, i| start(s, c, i, ops::list_platform_applications),
    },
    Handler {
        operation: &api::LIST_SMS_SANDBOX_PHONE_NUMBERS,
        start: |s, c, i| start(s, c, i, ops::list_sms_sandbox_phone_numbers),
    },
    Handler { operation: &api::LIST_SUBSCRIPTIONS, start: |s, c, i| start(s, c, i, ops::list_subscriptions) },
    Handler {
        operation: &api::LIST_SUBSCRIPTIONS_BY_TOPIC,
        start: |s, c, i| start(s, c, i, ops::list_subscriptions_by_topic),
    },
    Handler {
        operation: &api::LIST_TAGS_FOR_RESOURCE,
        start: |s, c, i| start(s, c, i, ops::list_tags_for_resource),
    },
    Handler { operation: &api::LIST_TOPICS, start: |s, c, i| start(s, c, i, ops::list_topics) },
    Handler {
        operation: &api::OPT_IN_PHONE_NUMBER,
        start: |s, c, i| start(s, c, i, ops::opt_in_phone_number),
    },
    Handler { operation: &api::PUBLISH, start: |s, c, i| start(s, c, i, ops::publish) },
    Handler { operation: &api::PUBLISH_BATCH, start: |s, c, i| start(s, c, i, ops::publish_batch) },
    Handler {
        operation: &api::PUT_DATA_PROTECTION_POLICY,
        start: |s, c, i| start(s, c, i, ops::put_data_protection_policy),
    },
    Handler { operation: &api::REMOVE_PERMISSION, start: |s, c, i| start(s, c, i, ops::remove_permission) },
    Handler {
        operation: &api::SET_ENDPOINT_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::set_endpoint_attributes),
    },
    Handler {
        operation: &api::SET_PLATFORM_APPLICATION_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::set_platform_application_attributes),
    },
    Handler { operation: &api::SET_SMS_ATTRIBUTES, start: |s, c, i| start(s, c, i, ops::set_sms_attributes) },
    Handler {
        operation: &api::SET_SUBSCRIPTION_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::set_subscription_attributes),
    },
    Handler {
        operation: &api::SET_TOPIC_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::set_topic_attributes),
    },
    Handler { operation: &api::SUBSCRIBE, start: |s, c, i| start(s, c, i, ops::subscribe) },
    Handler { operation: &api::TAG_RESOURCE, start: |s, c, i| start(s, c, i, ops::tag_resource) },
    Handler { operation: &api::UNSUBSCRIBE, start: |s, c, i| start(s, c, i, ops::unsubscribe) },
    Handler { operation: &api::UNTAG_RESOURCE, start: |s, c, i| start(s, c, i, ops::untag_resource) },
    Handler {
        operation: &api::VERIFY_SMS_SANDBOX_PHONE_NUMBER,
        start: |s, c, i| start(s, c, i, ops::verify_sms_sandbox_phone_number),
    },
];

/// What they are given is in no answer.
static PUBLISHING: [&OperationSchema; 2] = [&api::PUBLISH, &api::PUBLISH_BATCH];

impl Service for Sns {
    fn schema(&self) -> &'static ServiceSchema {
        &api::SERVICE
    }

    fn start<'a>(
        &'a self,
        operation: &'static OperationSchema,
        call: &'a Call,
        input: &mut dyn Source,
    ) -> Result<ReplyFuture<'a>, Refusal> {
        if PUBLISHING.iter().any(|publishing| std::ptr::eq(*publishing, operation)) {
            return dispatch(HANDLERS, self, operation, call, input);
        }
        let illegible = Cell::new(None);
        // The operation is read, and runs only when its answer is waited for.
        let started = dispatch(HANDLERS, self, operation, call, &mut Legible::new(input, &illegible))?;
        match illegible.get() {
            Some(member) => Err(Refusal::Refused(illegible_text(member))),
            None => Ok(started),
        }
    }

    /// What is absent is a `ValidationError`, as recorded; what is there and violates the model an `InvalidParameter`.
    fn refuse(&self, violations: &[Violation], _call: &Call) -> Error {
        if violations.is_empty() {
            return internal_failure();
        }
        if let [.., Step::Value(name), Step::Member("DataType", _)] = violations[0].path.as_slice() {
            return attribute_without_type(name);
        }
        let message = validation_message(violations);
        let absent = violations.iter().any(|violation| violation.problem == Problem::Missing);
        if absent { validation_error(message) } else { constraint_violated(message) }
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
