//! PurgeQueue: every message sent before it is gone at once; the rows are reclaimed in the background.

use aws::Call;
use service::Error;

use crate::Sqs;
use crate::api::inputs::PurgeQueueInput;
use crate::api::outputs::PurgeQueueOutput;
use crate::errors::purge_queue_in_progress;
use crate::index::QueueIndex;
use crate::store::{queues, reclaims};

/// With strict timing a queue can be purged again after this long.
const PURGE_EVERY_MS: i64 = 60_000;

pub(crate) async fn purge_queue(
    sqs: &Sqs,
    call: &Call,
    input: PurgeQueueInput,
) -> Result<PurgeQueueOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    let (wire, strict) = (call.wire, sqs.options.strict_timing);
    sqs.write(move |ledger| {
        let id = ledger.find(&key, wire)?;
        let now_ms = ledger.now_ms();
        let purged_at_ms = ledger.queue(id)?.row.purged_at_ms;
        if strict && purged_at_ms > 0 && now_ms < purged_at_ms + PURGE_EVERY_MS {
            return Err(purge_queue_in_progress(&key.name).into());
        }
        ledger.touch(id);
        let to_seq = ledger.registry.next_seq.saturating_sub(1);
        queues::set_purged(ledger.tx, id, to_seq, now_ms)?;
        let queue = ledger.queue(id)?;
        let after_seq = queue.row.purged_to_seq;
        queue.row.purged_to_seq = to_seq;
        queue.row.purged_at_ms = now_ms;
        queue.index = QueueIndex::new(queue.settings.fifo);
        // The in-flight are gone too: there is room again.
        ledger.wake_starved(id);
        Ok(reclaims::insert(ledger.tx, id, after_seq, to_seq)?)
    })
    .await?;
    sqs.work.notify_one();
    Ok(PurgeQueueOutput {})
}
