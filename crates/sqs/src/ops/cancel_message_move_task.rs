//! CancelMessageMoveTask: what was moved stays moved.

use aws::Call;
use service::Error;

use crate::Sqs;
use crate::api::inputs::CancelMessageMoveTaskInput;
use crate::api::outputs::CancelMessageMoveTaskOutput;
use crate::errors::{resource_not_found, unsupported_operation};
use crate::rules::move_task::{TaskHandle, queue_of_arn};
use crate::rules::queue_url::QueueKey;
use crate::store::move_tasks::{self, Status};

pub(crate) async fn cancel_message_move_task(
    sqs: &Sqs,
    call: &Call,
    input: CancelMessageMoveTaskInput,
) -> Result<CancelMessageMoveTaskOutput, Error> {
    let handle = TaskHandle::decode(&input.task_handle)?;
    let source = queue_of_arn("SourceArn", &handle.source_arn)?;
    let caller = QueueKey::of_caller(call, "");
    let moved = sqs
        .write(move |ledger| {
            ledger.resource("SourceArn", &caller, &source)?;
            let task = move_tasks::select(ledger.tx, &handle.task_id)?;
            let mut task = task.ok_or_else(|| resource_not_found("Task does not exist."))?;
            if task.status != Status::Running {
                return Err(unsupported_operation("Only active tasks can be cancelled.").into());
            }
            task.status = Status::Cancelled;
            move_tasks::update(ledger.tx, &task)?;
            Ok(task.moved)
        })
        .await?;
    Ok(CancelMessageMoveTaskOutput { approximate_number_of_messages_moved: Some(moved) })
}
