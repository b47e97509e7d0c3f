//! DeleteMessage.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sqs;
use crate::api::inputs::DeleteMessageInput;
use crate::api::outputs::DeleteMessageOutput;
use crate::errors::receipt_handle_has_expired;
use crate::ledger::Ledger;
use crate::rules::receipt_handle::ReceiptHandle;

pub(crate) async fn delete_message(
    sqs: &Sqs,
    call: &Call,
    input: DeleteMessageInput,
) -> Result<DeleteMessageOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    let wire = call.wire;
    sqs.write(move |ledger| {
        let queue = ledger.find(&key, wire)?;
        delete(ledger, queue, &input.receipt_handle)
    })
    .await?;
    Ok(DeleteMessageOutput {})
}

/// Deletes the message of a handle. A standard queue takes any handle the message ever had; a FIFO queue only one
/// that still holds the message. A message that is gone is no error.
pub(super) fn delete(ledger: &mut Ledger<'_>, queue: i64, handle: &str) -> Result<(), Failure> {
    let receipt = ReceiptHandle::decode(handle, queue)?;
    let Some(state) = ledger.state(queue, receipt.seq)? else { return Ok(()) };
    let held = state.received == receipt.received && state.visible_at_ms > ledger.now_ms();
    if ledger.queue(queue)?.settings.fifo && !held {
        return Err(receipt_handle_has_expired(handle).into());
    }
    ledger.touch(queue);
    ledger.remove(receipt.seq, &state)?;
    ledger.wake_starved(queue);
    // The next of a FIFO group may be free now.
    if ledger.queue(queue)?.settings.fifo {
        ledger.wake(queue, 1);
    }
    Ok(())
}
