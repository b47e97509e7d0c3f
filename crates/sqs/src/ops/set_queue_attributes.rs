//! SetQueueAttributes.

use aws::Call;
use failure::Failure;
use service::Error;

use super::create_queue::check_redrive;
use crate::Sqs;
use crate::api::inputs::SetQueueAttributesInput;
use crate::api::outputs::SetQueueAttributesOutput;
use crate::errors::{ATTRIBUTES, missing_parameter};
use crate::ledger::Ledger;
use crate::rules::queue_attributes::{self, SetAttributes, Settings};
use crate::store::{messages, queues};

pub(crate) async fn set_queue_attributes(
    sqs: &Sqs,
    call: &Call,
    input: SetQueueAttributesInput,
) -> Result<SetQueueAttributesOutput, Error> {
    let key = sqs.own_key(&input.queue_url, call, "SetQueueAttributes")?;
    if input.attributes.is_empty() {
        return Err(missing_parameter(ATTRIBUTES));
    }
    let wire = call.wire;
    sqs.write(move |ledger| {
        let id = ledger.find(&key, wire)?;
        let queue = ledger.queue(id)?;
        let attributes =
            queue_attributes::apply(&queue.row.attributes, &input.attributes, queue.settings.fifo)?;
        if input.attributes.contains_key("RedrivePolicy") {
            check_redrive(ledger, &key, &attributes)?;
        }
        let delay_secs = ledger.queue(id)?.settings.delay_secs;
        replace(ledger, id, attributes)?;
        let settings = &ledger.queue(id)?.settings;
        if settings.fifo && settings.delay_secs != delay_secs {
            delay_anew(ledger, id)?;
        }
        Ok(())
    })
    .await?;
    Ok(SetQueueAttributesOutput {})
}

/// Gives a queue other attributes.
pub(super) fn replace(ledger: &mut Ledger<'_>, id: i64, attributes: SetAttributes) -> Result<(), Failure> {
    let now_ms = ledger.now_ms();
    ledger.touch(id);
    queues::set_attributes(ledger.tx, id, &attributes)?;
    queues::set_modified(ledger.tx, id, now_ms)?;
    let queue = ledger.queue(id)?;
    queue.settings = Settings::read(&attributes, queue.settings.fifo);
    queue.row.attributes = attributes;
    queue.row.modified_at_ms = now_ms;
    Ok(())
}

/// AWS: "For FIFO queues, the per-queue delay setting is retroactive": what waits for its first receive waits as long
/// as it would, had it been sent with this delay.
fn delay_anew(ledger: &mut Ledger<'_>, id: i64) -> Result<(), Failure> {
    let queue = ledger.exact_queue(id)?;
    let delay_ms = queue.settings.delay_secs * 1000;
    let never_received: Vec<u64> = queue
        .index
        .places()
        .into_iter()
        .filter(|(_, received)| *received == 0)
        .map(|((_, seq), _)| seq)
        .collect();
    for seq in never_received {
        let Some(state) = messages::select_state(ledger.tx, seq)? else { continue };
        ledger.hide(seq, &state, state.sent_at_ms.saturating_add(delay_ms))?;
    }
    ledger.wake_all(id);
    Ok(())
}
