//! The dispatch table, and how the server calls this service.

use aws::{Call, Wire};
use service::{
    Error, Handler, OperationSchema, Refusal, ReplyFuture, Service, ServiceSchema, dispatch,
    internal_failure, start,
};
use shape::check::Step;
use shape::{Source, Violation};

use crate::api::operations as api;
use crate::errors::{
    ATTRIBUTES, action_not_valid_here, empty_batch, missing_attribute_type, missing_parameter,
};
use crate::rules::queue_url;
use crate::{Sqs, ops};

/// One line an operation.
static HANDLERS: &[Handler<Sqs>] = &[
    Handler { operation: &api::ADD_PERMISSION, start: |s, c, i| start(s, c, i, ops::add_permission) },
    Handler {
        operation: &api::CANCEL_MESSAGE_MOVE_TASK,
        start: |s, c, i| start(s, c, i, ops::cancel_message_move_task),
    },
    Handler {
        operation: &api::CHANGE_MESSAGE_VISIBILITY,
        start: |s, c, i| start(s, c, i, ops::change_message_visibility),
    },
    Handler {
        operation: &api::CHANGE_MESSAGE_VISIBILITY_BATCH,
        start: |s, c, i| start(s, c, i, ops::change_message_visibility_batch),
    },
    Handler { operation: &api::CREATE_QUEUE, start: |s, c, i| start(s, c, i, ops::create_queue) },
    Handler { operation: &api::DELETE_MESSAGE, start: |s, c, i| start(s, c, i, ops::delete_message) },
    Handler {
        operation: &api::DELETE_MESSAGE_BATCH,
        start: |s, c, i| start(s, c, i, ops::delete_message_batch),
    },
    Handler { operation: &api::DELETE_QUEUE, start: |s, c, i| start(s, c, i, ops::delete_queue) },
    Handler {
        operation: &api::GET_QUEUE_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::get_queue_attributes),
    },
    Handler { operation: &api::GET_QUEUE_URL, start: |s, c, i| start(s, c, i, ops::get_queue_url) },
    Handler {
        operation: &api::LIST_DEAD_LETTER_SOURCE_QUEUES,
        start: |s, c, i| start(s, c, i, ops::list_dead_letter_source_queues),
    },
    Handler {
        operation: &api::LIST_MESSAGE_MOVE_TASKS,
        start: |s, c, i| start(s, c, i, ops::list_message_move_tasks),
    },
    Handler { operation: &api::LIST_QUEUE_TAGS, start: |s, c, i| start(s, c, i, ops::list_queue_tags) },
    Handler { operation: &api::LIST_QUEUES, start: |s, c, i| start(s, c, i, ops::list_queues) },
    Handler { operation: &api::PURGE_QUEUE, start: |s, c, i| start(s, c, i, ops::purge_queue) },
    Handler { operation: &api::RECEIVE_MESSAGE, start: |s, c, i| start(s, c, i, ops::receive_message) },
    Handler { operation: &api::REMOVE_PERMISSION, start: |s, c, i| start(s, c, i, ops::remove_permission) },
    Handler { operation: &api::SEND_MESSAGE, start: |s, c, i| start(s, c, i, ops::send_message) },
    Handler { operation: &api::SEND_MESSAGE_BATCH, start: |s, c, i| start(s, c, i, ops::send_message_batch) },
    Handler {
        operation: &api::SET_QUEUE_ATTRIBUTES,
        start: |s, c, i| start(s, c, i, ops::set_queue_attributes),
    },
    Handler {
        operation: &api::START_MESSAGE_MOVE_TASK,
        start: |s, c, i| start(s, c, i, ops::start_message_move_task),
    },
    Handler { operation: &api::TAG_QUEUE, start: |s, c, i| start(s, c, i, ops::tag_queue) },
    Handler { operation: &api::UNTAG_QUEUE, start: |s, c, i| start(s, c, i, ops::untag_queue) },
];

/// Operations that address no queue: a queue's URL is not their endpoint.
const WITHOUT_QUEUE: &[&str] =
    &["CreateQueue", "ListQueues", "ListMessageMoveTasks", "StartMessageMoveTask", "CancelMessageMoveTask"];

impl Service for Sqs {
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

    /// SQS's model only says what is required, and SQS names the first that is missing: a parameter by its name, what
    /// is within one by the query protocol's path, a message attribute's type by the attribute. A batch without
    /// `Entries` is one without an entry, which the query protocol could not tell from it.
    fn refuse(&self, violations: &[Violation], _call: &Call) -> Error {
        let Some(first) = violations.first() else { return internal_failure() };
        match first.path.as_slice() {
            [.., Step::Value(name), Step::Member("DataType", _)] => missing_attribute_type(name),
            [Step::Member("Entries", entry)] => empty_batch(entry),
            [Step::Member("Attributes", _)] => missing_parameter(ATTRIBUTES),
            [Step::Member(name, _)] => missing_parameter(name),
            _ => missing_parameter(&first.query_path()),
        }
    }

    /// A request to a queue's URL means that queue. Only the query protocol has such requests; a JSON request
    /// names its queue, and where an SDK posts it is no matter.
    fn path_parameters(
        &self,
        operation: &str,
        path: &str,
        call: &Call,
    ) -> Result<Vec<(&'static str, String)>, Error> {
        if path.trim_matches('/').is_empty() || call.wire == Wire::Json {
            return Ok(Vec::new());
        }
        if WITHOUT_QUEUE.contains(&operation) {
            return Err(action_not_valid_here(operation));
        }
        match queue_url::parse_path(path, None, call) {
            Some(key) if operation == "GetQueueUrl" => Ok(vec![("QueueName", key.name.into_string())]),
            Some(_) => Ok(vec![("QueueUrl", format!("{}{path}", call.base_url))]),
            None => Ok(Vec::new()),
        }
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
