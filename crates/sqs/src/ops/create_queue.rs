//! CreateQueue.

use aws::Call;
use failure::Failure;
use service::Error;
use shape::Map;

use crate::Sqs;
use crate::api::inputs::CreateQueueInput;
use crate::api::outputs::CreateQueueOutput;
use crate::errors::{dead_letter_target_does_not_exist, queue_deleted_recently, queue_name_exists};
use crate::ledger::Ledger;
use crate::registry::Queue;
use crate::rules::queue_attributes::{self, SetAttributes};
use crate::rules::queue_url::QueueKey;
use crate::rules::{queue_name, redrive, tags};
use crate::store::queues::{self, QueueRow};

/// Ids of forty bits: enough never to meet by chance, and short in every message's row.
const ID_SHIFT: u32 = 24;

/// With strict timing a name is free again this long after its queue was deleted.
pub(crate) const RECENTLY_MS: i64 = 60_000;

pub(crate) async fn create_queue(
    sqs: &Sqs,
    call: &Call,
    input: CreateQueueInput,
) -> Result<CreateQueueOutput, Error> {
    let attributes = input.attributes.unwrap_or_default();
    let fifo = queue_attributes::asks_for_fifo(&attributes)?;
    queue_name::check(&input.queue_name, fifo)?;
    let set = queue_attributes::apply(&SetAttributes::new(), &attributes, fifo)?;
    if let Some(tags) = input.tags.as_ref().filter(|tags| !tags.is_empty()) {
        tags::check(tags)?;
    }
    let key = QueueKey::of_caller(call, &input.queue_name);
    let queue_url = key.url(call);
    let strict = sqs.options.strict_timing;
    let id = sqs.clock.random_u64() >> ID_SHIFT;
    sqs.write(move |ledger| match ledger.registry.by_key.get(&key) {
        Some(id) => compare(ledger, *id, &attributes, fifo),
        None => create(ledger, id.cast_signed(), key, set, input.tags.unwrap_or_default(), strict),
    })
    .await?;
    Ok(CreateQueueOutput { queue_url: Some(queue_url) })
}

/// The queue is there: fine, if nothing the caller gave differs from what it has.
fn compare(ledger: &Ledger<'_>, id: i64, given: &Map<String>, fifo: bool) -> Result<(), Failure> {
    let Some(queue) = ledger.registry.by_id.get(&id) else { return Ok(()) };
    match queue_attributes::first_difference(&queue.row.attributes, given, fifo)? {
        Some(attribute) => Err(queue_name_exists(attribute).into()),
        None => Ok(()),
    }
}

fn create(
    ledger: &mut Ledger<'_>,
    id: i64,
    key: QueueKey,
    attributes: SetAttributes,
    tags: Map<String>,
    strict: bool,
) -> Result<(), Failure> {
    let now_ms = ledger.now_ms();
    if strict
        && let Some(deleted_at_ms) = queues::deleted_at_ms(ledger.tx, &key)?
        && now_ms < deleted_at_ms + RECENTLY_MS
    {
        return Err(queue_deleted_recently().into());
    }
    check_redrive(ledger, &key, &attributes)?;
    let after_seq = ledger.registry.next_seq.saturating_sub(1);
    ledger.touch(id);
    queues::insert(ledger.tx, id, &key, now_ms, after_seq)?;
    queues::set_attributes(ledger.tx, id, &attributes)?;
    let tags: Vec<(String, String)> = tags.into_iter().collect();
    queues::set_tags(ledger.tx, id, &tags)?;
    let row = QueueRow {
        id,
        key,
        created_at_ms: now_ms,
        modified_at_ms: now_ms,
        purged_to_seq: after_seq,
        purged_at_ms: 0,
        attributes,
        tags,
    };
    ledger.registry.put(Queue::new(row, std::sync::Arc::default()));
    Ok(())
}

/// Refuses a redrive policy whose target is not there, is of the other type, or does not allow this source.
pub(super) fn check_redrive(
    ledger: &Ledger<'_>,
    source: &QueueKey,
    attributes: &SetAttributes,
) -> Result<(), Error> {
    let Some(json) = attributes.get("RedrivePolicy") else { return Ok(()) };
    let refused = |reason: &str| crate::errors::invalid_value(json, "RedrivePolicy", reason);
    let policy = redrive::RedrivePolicy::parse(json)?;
    let target = QueueKey::of_arn(&policy.target_arn)
        .ok_or_else(|| refused("Invalid value for deadLetterTargetArn."))?;
    if target == *source {
        return Ok(());
    }
    if target.account != source.account || target.region != source.region {
        return Err(refused("Dead-letter target owner should be same as the source."));
    }
    let id = ledger.registry.by_key.get(&target).ok_or_else(|| dead_letter_target_does_not_exist(json))?;
    let Some(queue) = ledger.registry.by_id.get(id) else { return Ok(()) };
    if queue.settings.fifo != source.name.ends_with(queue_name::FIFO_SUFFIX) {
        return Err(refused("Dead-letter queue must be same type of queue as the source."));
    }
    if !queue.settings.redrive_allow.allows(&source.arn()) {
        return Err(refused(
            "The dead-letter queue's redrive allow policy does not allow this source queue.",
        ));
    }
    Ok(())
}
