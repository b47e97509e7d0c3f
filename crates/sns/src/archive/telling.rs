//! One step of a replay.

use failure::Failure;

use super::Kept;
use crate::fanout::{self, Accepted, Publisher};
use crate::ledger::Ledger;
use crate::store::archive;
use crate::store::replays::{self, ReplayRow, Status};

/// Messages that are looked at in one step, told, and bytes of those that are told; at most.
const LOOKED_AT_A_STEP: usize = 1_000;
const TOLD_A_STEP: usize = 64;
const BYTES_A_STEP: usize = 1_048_576;

/// Tells a subscription some more of the past. When nothing is left, it turns to the present.
pub(super) fn tell(ledger: &mut Ledger<'_>, publisher: &Publisher, row: ReplayRow) -> Result<(), Failure> {
    let topic = ledger.topic(row.topic_id)?;
    if topic.settings.archive_days.is_none() {
        return finish(ledger, ReplayRow { status: Status::Failed, ..row });
    }
    let kept = Kept::by(Some(topic), ledger.now_ms());
    let times = archive::select_times(ledger.tx, row.topic_id, row.done_id, LOOKED_AT_A_STEP)?;
    let mut finished = times.len() < LOOKED_AT_A_STEP;
    let (mut done_id, mut bytes, mut messages) = (row.done_id, 0, Vec::new());
    for (id, published_at_ms) in times {
        if messages.len() == TOLD_A_STEP || bytes >= BYTES_A_STEP {
            finished = false;
            break;
        }
        done_id = id;
        if is_meant(&row, kept, id, published_at_ms)
            && let Some(message) = archive::select(ledger.tx, id)?
        {
            bytes += message.draft.bytes;
            // What was published since the replay began is new to its subscribers.
            messages.push(Accepted { replayed: id <= row.present_id, ..message });
        }
    }
    let subscription = ledger.subscription(row.topic_id, row.subscription_id)?;
    fanout::hand_to(ledger, publisher, topic, subscription, &messages)?;
    if finished {
        return finish(ledger, ReplayRow { status: Status::Completed, done_id, ..row });
    }
    replays::put(ledger.tx, &ReplayRow { status: Status::InProgress, done_id, ..row })?;
    Ok(())
}

/// Whether a message is told. What was published since the replay began always is.
fn is_meant(row: &ReplayRow, kept: Kept, id: i64, published_at_ms: i64) -> bool {
    let asked_for = published_at_ms >= row.from_ms && row.to_ms.is_none_or(|to_ms| published_at_ms <= to_ms);
    id > row.present_id || asked_for && kept.holds(published_at_ms)
}

fn finish(ledger: &mut Ledger<'_>, row: ReplayRow) -> Result<(), Failure> {
    replays::put(ledger.tx, &row)?;
    ledger.subscription_mut(row.topic_id, row.subscription_id)?.replaying = false;
    Ok(())
}
