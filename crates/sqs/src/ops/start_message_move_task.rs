//! StartMessageMoveTask.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sqs;
use crate::api::inputs::StartMessageMoveTaskInput;
use crate::api::outputs::StartMessageMoveTaskOutput;
use crate::errors::{invalid_parameter, invalid_value};
use crate::ledger::Ledger;
use crate::rules::move_task::{TaskHandle, queue_of_arn};
use crate::rules::queue_url::QueueKey;
use crate::store::move_tasks::{self, MoveTaskRow, Status};

pub(crate) async fn start_message_move_task(
    sqs: &Sqs,
    call: &Call,
    input: StartMessageMoveTaskInput,
) -> Result<StartMessageMoveTaskOutput, Error> {
    let source = queue_of_arn("SourceArn", &input.source_arn)?;
    let destination =
        input.destination_arn.as_deref().map(|arn| queue_of_arn("DestinationArn", arn)).transpose()?;
    let rate = input.max_number_of_messages_per_second;
    if let Some(rate) = rate.filter(|rate| !(1..=500).contains(rate)) {
        let reason = "MaxNumberOfMessagesPerSecond must be an integer between 1 and 500.";
        return Err(invalid_value(rate, "MaxNumberOfMessagesPerSecond", reason));
    }
    let caller = QueueKey::of_caller(call, "");
    let task = MoveTaskRow {
        id: sqs.clock.uuid_v4().to_string(),
        source_queue_id: 0,
        source_arn: input.source_arn,
        destination_arn: input.destination_arn,
        messages_per_second: rate,
        status: Status::Running,
        failure_reason: None,
        moved: 0,
        to_move: 0,
        started_at_ms: 0,
    };
    let handle = TaskHandle::of(&task).encode();
    sqs.write(move |ledger| insert(ledger, &caller, &source, destination.as_ref(), task)).await?;
    sqs.work.notify_one();
    Ok(StartMessageMoveTaskOutput { task_handle: Some(handle) })
}

fn insert(
    ledger: &mut Ledger<'_>,
    caller: &QueueKey,
    source: &QueueKey,
    destination: Option<&QueueKey>,
    mut task: MoveTaskRow,
) -> Result<(), Failure> {
    let id = ledger.resource("SourceArn", caller, source)?;
    if ledger.sources_of(&source.arn()).next().is_none() {
        return Err(invalid_parameter("Source queue must be configured as a Dead Letter Queue.").into());
    }
    let source_is_fifo = ledger.queue(id)?.settings.fifo;
    if let Some(destination) = destination {
        if destination == source {
            return Err(
                invalid_parameter("Source queue arn and destination queue arn cannot be the same.").into()
            );
        }
        let target = ledger.resource("DestinationArn", caller, destination)?;
        if ledger.queue(target)?.settings.fifo != source_is_fifo {
            return Err(
                invalid_parameter("The source and destination queues must be of the same type.").into()
            );
        }
    }
    let latest = move_tasks::select_of_queue(ledger.tx, id, 1)?;
    if latest.first().is_some_and(|task| task.status == Status::Running) {
        return Err(invalid_parameter(
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        )
        .into());
    }
    task.source_queue_id = id;
    task.started_at_ms = ledger.now_ms();
    task.to_move = i64::try_from(ledger.queue(id)?.index.counts().visible).unwrap_or(i64::MAX);
    Ok(move_tasks::insert(ledger.tx, &task)?)
}
