//! ListMessageMoveTasks.

use aws::Call;
use service::Error;

use crate::Sqs;
use crate::api::inputs::ListMessageMoveTasksInput;
use crate::api::outputs::ListMessageMoveTasksOutput;
use crate::api::types::ListMessageMoveTasksResultEntry;
use crate::errors::invalid_value;
use crate::rules::move_task::{TaskHandle, queue_of_arn};
use crate::rules::queue_url::QueueKey;
use crate::store::move_tasks::{self, MoveTaskRow, Status};

pub(crate) async fn list_message_move_tasks(
    sqs: &Sqs,
    call: &Call,
    input: ListMessageMoveTasksInput,
) -> Result<ListMessageMoveTasksOutput, Error> {
    let source = queue_of_arn("SourceArn", &input.source_arn)?;
    let most = input.max_results.unwrap_or(1);
    if !(1..=10).contains(&most) {
        return Err(invalid_value(most, "MaxResults", "MaxResults must be an integer between 1 and 10."));
    }
    let caller = QueueKey::of_caller(call, "");
    let tasks = sqs
        .write(move |ledger| {
            let id = ledger.resource("SourceArn", &caller, &source)?;
            Ok(move_tasks::select_of_queue(ledger.tx, id, i64::from(most))?)
        })
        .await?;
    let results: Vec<_> = tasks.into_iter().map(entry).collect();
    Ok(ListMessageMoveTasksOutput { results: (!results.is_empty()).then_some(results) })
}

fn entry(task: MoveTaskRow) -> ListMessageMoveTasksResultEntry {
    let handle = TaskHandle::of(&task).encode();
    ListMessageMoveTasksResultEntry {
        task_handle: (task.status == Status::Running).then_some(handle),
        status: Some(task.status.as_str().to_owned()),
        source_arn: Some(task.source_arn),
        destination_arn: task.destination_arn,
        max_number_of_messages_per_second: task.messages_per_second,
        approximate_number_of_messages_moved: Some(task.moved),
        approximate_number_of_messages_to_move: Some(task.to_move),
        failure_reason: task.failure_reason,
        started_timestamp: Some(task.started_at_ms),
    }
}
