//! ListQueueTags.

use aws::Call;
use service::Error;
use shape::Map;

use crate::Sqs;
use crate::api::inputs::ListQueueTagsInput;
use crate::api::outputs::ListQueueTagsOutput;

pub(crate) async fn list_queue_tags(
    sqs: &Sqs,
    call: &Call,
    input: ListQueueTagsInput,
) -> Result<ListQueueTagsOutput, Error> {
    let key = sqs.own_key(&input.queue_url, call, "ListQueueTags")?;
    let wire = call.wire;
    let tags = sqs
        .write(move |ledger| {
            let id = ledger.find(&key, wire)?;
            Ok(ledger.queue(id)?.row.tags.iter().cloned().collect::<Map<String>>())
        })
        .await?;
    Ok(ListQueueTagsOutput { tags: tags.non_empty() })
}
