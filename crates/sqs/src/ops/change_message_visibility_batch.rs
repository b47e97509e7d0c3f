//! ChangeMessageVisibilityBatch: each entry is a ChangeMessageVisibility of its own, all in one transaction.

use aws::Call;
use failure::Failure;
use service::Error;

use super::change_message_visibility::change;
use crate::Sqs;
use crate::api::inputs::ChangeMessageVisibilityBatchInput;
use crate::api::outputs::ChangeMessageVisibilityBatchOutput;
use crate::api::types::{ChangeMessageVisibilityBatchRequestEntry, ChangeMessageVisibilityBatchResultEntry};
use crate::errors::missing_parameter;
use crate::ledger::Ledger;
use crate::rules::batch::{Results, check_ids};

pub(crate) async fn change_message_visibility_batch(
    sqs: &Sqs,
    call: &Call,
    input: ChangeMessageVisibilityBatchInput,
) -> Result<ChangeMessageVisibilityBatchOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    let ids = input.entries.iter().map(|entry| entry.id.as_str());
    check_ids("ChangeMessageVisibilityBatchRequestEntry", ids)?;
    let wire = call.wire;
    let results = sqs
        .write(move |ledger| {
            let queue = ledger.find(&key, wire)?;
            let mut results = Vec::with_capacity(input.entries.len());
            for entry in input.entries {
                let changed = Failure::apart(change_entry(ledger, queue, &entry))?;
                let result =
                    changed.map(|()| ChangeMessageVisibilityBatchResultEntry { id: entry.id.clone() });
                results.push((entry.id, result));
            }
            Ok(Results::collect(results.into_iter()))
        })
        .await?;
    let (successful, failed) = results.into_lists();
    Ok(ChangeMessageVisibilityBatchOutput { successful, failed })
}

/// The model leaves the timeout optional; the service does not.
fn change_entry(
    ledger: &mut Ledger<'_>,
    queue: i64,
    entry: &ChangeMessageVisibilityBatchRequestEntry,
) -> Result<(), Failure> {
    let secs = entry.visibility_timeout.ok_or_else(|| missing_parameter("VisibilityTimeout"))?;
    change(ledger, queue, &entry.receipt_handle, i64::from(secs))
}
