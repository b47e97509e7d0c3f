//! TagQueue.

use aws::Call;
use failure::Failure;
use service::Error;
use shape::Map;

use crate::Sqs;
use crate::api::inputs::TagQueueInput;
use crate::api::outputs::TagQueueOutput;
use crate::ledger::Ledger;
use crate::rules::tags;
use crate::store::queues;

pub(crate) async fn tag_queue(sqs: &Sqs, call: &Call, input: TagQueueInput) -> Result<TagQueueOutput, Error> {
    let key = sqs.own_key(&input.queue_url, call, "TagQueue")?;
    tags::check(&input.tags)?;
    let wire = call.wire;
    sqs.write(move |ledger| {
        let id = ledger.find(&key, wire)?;
        let mut tags: Map<String> = ledger.queue(id)?.row.tags.iter().cloned().collect();
        for (name, value) in input.tags {
            tags.insert(name, value);
        }
        tags::check_count(tags.len())?;
        replace(ledger, id, tags.into_iter().collect())
    })
    .await?;
    Ok(TagQueueOutput {})
}

/// Gives a queue other tags.
pub(super) fn replace(ledger: &mut Ledger<'_>, id: i64, tags: Vec<(String, String)>) -> Result<(), Failure> {
    ledger.touch(id);
    queues::set_tags(ledger.tx, id, &tags)?;
    ledger.queue(id)?.row.tags = tags;
    Ok(())
}
