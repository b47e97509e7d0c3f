//! GetQueueAttributes.

use aws::Call;
use service::Error;
use shape::Map;

use crate::Sqs;
use crate::api::inputs::GetQueueAttributesInput;
use crate::api::outputs::GetQueueAttributesOutput;
use crate::errors::unknown_attribute;
use crate::registry::Queue;
use crate::rules::queue_attributes;

pub(crate) async fn get_queue_attributes(
    sqs: &Sqs,
    call: &Call,
    input: GetQueueAttributesInput,
) -> Result<GetQueueAttributesOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    let names = input.attribute_names.unwrap_or_default();
    let wire = call.wire;
    let attributes = sqs
        .write(move |ledger| {
            let id = ledger.find(&key, wire)?;
            if let Some(unknown) = names.iter().find(|name| !queue_attributes::is_known(name)) {
                return Err(unknown_attribute(unknown).into());
            }
            Ok(select(ledger.exact_queue(id)?, &names))
        })
        .await?;
    Ok(GetQueueAttributesOutput { attributes: attributes.non_empty() })
}

/// The attributes asked for, in the caller's order; those the queue does not have are left out.
fn select(queue: &Queue, names: &[String]) -> Map<String> {
    let mut all = queue_attributes::all(&queue.row.attributes, queue.settings.fifo);
    let counts = queue.index.counts();
    let seconds = |ms: i64| (ms / 1000).to_string();
    all.extend([
        ("QueueArn", queue.arn.clone()),
        ("ApproximateNumberOfMessages", counts.visible.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
        ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
        ("CreatedTimestamp", seconds(queue.row.created_at_ms)),
        ("LastModifiedTimestamp", seconds(queue.row.modified_at_ms)),
    ]);
    if names.iter().any(|name| name == "All") {
        return all.into_iter().collect();
    }
    names
        .iter()
        .filter_map(|name| all.get(name.as_str()).map(|value| (name.clone(), value.clone())))
        .collect()
}
