//! ChangeMessageVisibility.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sqs;
use crate::api::inputs::ChangeMessageVisibilityInput;
use crate::api::outputs::ChangeMessageVisibilityOutput;
use crate::errors::{
    invalid_value, message_not_available, message_not_in_flight, receipt_handle_has_expired,
    visibility_timeout_beyond_maximum,
};
use crate::ledger::Ledger;
use crate::rules::receipt_handle::ReceiptHandle;

/// AWS: API_ChangeMessageVisibility, VisibilityTimeout; also the most a message can be hidden after one receive.
const VISIBILITY_SECS_MAX: i64 = 43_200;

pub(crate) async fn change_message_visibility(
    sqs: &Sqs,
    call: &Call,
    input: ChangeMessageVisibilityInput,
) -> Result<ChangeMessageVisibilityOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    let wire = call.wire;
    sqs.write(move |ledger| {
        let queue = ledger.find(&key, wire)?;
        change(ledger, queue, &input.receipt_handle, i64::from(input.visibility_timeout))
    })
    .await?;
    Ok(ChangeMessageVisibilityOutput {})
}

/// Hides a message in flight for so many seconds from now, or shows it.
pub(super) fn change(ledger: &mut Ledger<'_>, queue: i64, handle: &str, secs: i64) -> Result<(), Failure> {
    if !(0..=VISIBILITY_SECS_MAX).contains(&secs) {
        let reason = format!("VisibilityTimeout must be an integer between 0 and {VISIBILITY_SECS_MAX}.");
        return Err(invalid_value(secs, "VisibilityTimeout", &reason).into());
    }
    let receipt = ReceiptHandle::decode(handle, queue)?;
    let now_ms = ledger.now_ms();
    let state = ledger.state(queue, receipt.seq)?.ok_or_else(|| message_not_available(handle))?;
    // An older handle of a message that is in flight again still speaks for it.
    if state.visible_at_ms <= now_ms {
        let fifo = ledger.queue(queue)?.settings.fifo;
        return Err(if fifo { receipt_handle_has_expired(handle) } else { message_not_in_flight() }.into());
    }
    let until_ms = now_ms + secs * 1000;
    if until_ms > state.last_received_at_ms + VISIBILITY_SECS_MAX * 1000 {
        return Err(visibility_timeout_beyond_maximum(secs).into());
    }
    ledger.touch(queue);
    ledger.hide(receipt.seq, &state, until_ms)?;
    // Visible at once, or earlier than a parked poll was told.
    ledger.wake(queue, 1);
    Ok(())
}
