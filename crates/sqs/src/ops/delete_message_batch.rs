//! DeleteMessageBatch: each entry is a DeleteMessage of its own, all in one transaction.

use aws::Call;
use failure::Failure;
use service::Error;

use super::delete_message::delete;
use crate::Sqs;
use crate::api::inputs::DeleteMessageBatchInput;
use crate::api::outputs::DeleteMessageBatchOutput;
use crate::api::types::DeleteMessageBatchResultEntry;
use crate::rules::batch::{Results, check_ids};

pub(crate) async fn delete_message_batch(
    sqs: &Sqs,
    call: &Call,
    input: DeleteMessageBatchInput,
) -> Result<DeleteMessageBatchOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    check_ids("DeleteMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_str()))?;
    let wire = call.wire;
    let results = sqs
        .write(move |ledger| {
            let queue = ledger.find(&key, wire)?;
            let mut results = Vec::with_capacity(input.entries.len());
            for entry in input.entries {
                let deleted = Failure::apart(delete(ledger, queue, &entry.receipt_handle))?;
                let result = deleted.map(|()| DeleteMessageBatchResultEntry { id: entry.id.clone() });
                results.push((entry.id, result));
            }
            Ok(Results::collect(results.into_iter()))
        })
        .await?;
    let (successful, failed) = results.into_lists();
    Ok(DeleteMessageBatchOutput { successful, failed })
}
