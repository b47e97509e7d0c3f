//! UntagQueue. Keys the queue does not have are no error.

use aws::Call;
use service::Error;

use super::tag_queue::replace;
use crate::Sqs;
use crate::api::inputs::UntagQueueInput;
use crate::api::outputs::UntagQueueOutput;
use crate::errors::missing_parameter;

pub(crate) async fn untag_queue(
    sqs: &Sqs,
    call: &Call,
    input: UntagQueueInput,
) -> Result<UntagQueueOutput, Error> {
    let key = sqs.own_key(&input.queue_url, call, "UntagQueue")?;
    if input.tag_keys.is_empty() {
        return Err(missing_parameter("TagKeys"));
    }
    let wire = call.wire;
    sqs.write(move |ledger| {
        let id = ledger.find(&key, wire)?;
        let mut tags = ledger.queue(id)?.row.tags.clone();
        tags.retain(|(name, _)| !input.tag_keys.contains(name));
        replace(ledger, id, tags)
    })
    .await?;
    Ok(UntagQueueOutput {})
}
