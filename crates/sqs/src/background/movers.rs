//! Message move tasks: takes dead letters back where they came from, or where the task says.
//!
//! AWS: SQS Developer Guide, "Configure a dead-letter queue redrive": a moved message is a new message, with a new
//! id and a new age.

use std::collections::HashMap;

use failure::Failure;
use service::Error;

use crate::Sqs;
use crate::ledger::Ledger;
use crate::rules::queue_url::QueueKey;
use crate::store::messages::{MessageRow, StateRow, Then};
use crate::store::move_tasks::{self, MoveTaskRow, Status};

/// Messages moved in one transaction by a task without a rate of its own.
const MESSAGES_A_STEP: i64 = 100;

/// When each running task was first seen by this process, and how many messages it had moved by then.
#[derive(Default)]
pub(super) struct Movers {
    paces: HashMap<String, (i64, i64)>,
}

impl Movers {
    /// Moves what is due; when there is something to move next.
    pub(super) async fn step(&mut self, sqs: &Sqs) -> Option<i64> {
        let tasks = sqs.write(|ledger| Ok(move_tasks::select_active(ledger.tx)?)).await.unwrap_or_default();
        self.paces.retain(|id, _| tasks.iter().any(|task| task.id == *id));
        let mut next_ms = None;
        for task in tasks {
            let now_ms = sqs.clock.now_ms();
            let (since_ms, before) = *self.paces.entry(task.id.clone()).or_insert((now_ms, task.moved));
            let pace = Pace { since_ms, before, rate: task.messages_per_second.map(i64::from) };
            let ids = (0..MESSAGES_A_STEP).map(|_| sqs.clock.uuid_v4().into_bytes()).collect();
            let moved = sqs.write(move |ledger| move_some(ledger, task, pace, ids)).await;
            let next = moved.ok().flatten();
            next_ms = next_ms.into_iter().chain(next).min();
        }
        next_ms
    }
}

/// How fast a task may go.
#[derive(Clone, Copy)]
struct Pace {
    since_ms: i64,
    before: i64,
    rate: Option<i64>,
}

impl Pace {
    /// How many messages are due.
    fn due(&self, moved: i64, now_ms: i64) -> i64 {
        let Some(rate) = self.rate else { return MESSAGES_A_STEP };
        let allowed = 1 + now_ms.saturating_sub(self.since_ms).max(0).saturating_mul(rate) / 1000;
        (allowed - (moved - self.before)).clamp(0, MESSAGES_A_STEP)
    }

    /// When the next message is due.
    fn next_ms(&self, moved: i64, now_ms: i64) -> i64 {
        self.rate.map_or(now_ms, |rate| {
            let nth = (moved - self.before).max(0);
            // Rounded up, so that a message is due when the timer fires.
            self.since_ms + (nth * 1000 + rate - 1) / rate
        })
    }
}

/// Moves what is due of one task; when it wants to go on, or nothing when it has ended.
fn move_some(
    ledger: &mut Ledger<'_>,
    task: MoveTaskRow,
    pace: Pace,
    mut ids: Vec<[u8; 16]>,
) -> Result<Option<i64>, Failure> {
    let now_ms = ledger.now_ms();
    // It may have been cancelled, or its queue deleted, since the tasks were listed.
    let running = move_tasks::select(ledger.tx, &task.id)?.filter(|task| task.status == Status::Running);
    let Some(mut task) = running else { return Ok(None) };
    if !ledger.registry.by_id.contains_key(&task.source_queue_id) {
        return Ok(None);
    }
    ledger.touch(task.source_queue_id);
    for _ in 0..pace.due(task.moved, now_ms).min(task.to_move - task.moved) {
        let Some(offer) = ledger.queue(task.source_queue_id)?.index.peek() else {
            task.status = Status::Completed;
            break;
        };
        let Some(message_id) = ids.pop() else { break };
        match Failure::apart(move_one(ledger, &task, offer.seq, message_id))? {
            Ok(()) => task.moved += 1,
            Err(error) => {
                task.status = Status::Failed;
                task.failure_reason = Some(error.kind.code.to_owned());
                break;
            }
        }
    }
    // What was there when the task started is moved; what came since is for another task.
    let nothing_left =
        task.moved >= task.to_move || ledger.queue(task.source_queue_id)?.index.peek().is_none();
    if task.status == Status::Running && nothing_left {
        task.status = Status::Completed;
    }
    move_tasks::update(ledger.tx, &task)?;
    Ok((task.status == Status::Running).then(|| pace.next_ms(task.moved, now_ms)))
}

fn move_one(
    ledger: &mut Ledger<'_>,
    task: &MoveTaskRow,
    seq: u64,
    message_id: [u8; 16],
) -> Result<(), Failure> {
    let now_ms = ledger.now_ms();
    let (message, state) = ledger.read(seq)?;
    let target = destination(ledger, task, &message)?;
    let settings = &ledger.queue(target)?.settings;
    let visible_at_ms = now_ms + settings.delay_secs * 1000;
    ledger.remove(seq, &state)?;
    ledger.touch(target);
    let seq = ledger.next_seq()?;
    let message = MessageRow { message_id, dead_letter_source: None, ..message };
    let state = StateRow {
        queue_id: target,
        sent_at_ms: now_ms,
        visible_at_ms,
        received: 0,
        first_received_at_ms: 0,
        last_received_at_ms: 0,
        group_id: state.group_id,
    };
    ledger.insert(seq, &message, &state, Then::More)?;
    ledger.wake(target, 1);
    Ok(())
}

/// Where a message goes. The codes are what ListMessageMoveTasks tells as the reason of a failure.
fn destination(ledger: &Ledger<'_>, task: &MoveTaskRow, message: &MessageRow<'_>) -> Result<i64, Error> {
    let arn = task.destination_arn.as_ref().or(message.dead_letter_source.as_ref());
    let arn = arn.ok_or_else(crate::errors::could_not_determine_message_source)?;
    let key = QueueKey::of_arn(arn);
    let found = key.and_then(|key| ledger.registry.by_key.get(&key).copied());
    found.ok_or_else(|| crate::errors::queue_does_not_exist(aws::Wire::Json))
}
