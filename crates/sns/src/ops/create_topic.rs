//! CreateTopic.

use aws::Call;
use failure::Failure;
use service::Error;
use shape::Map;

use crate::Sns;
use crate::api::inputs::CreateTopicInput;
use crate::api::outputs::CreateTopicOutput;
use crate::errors::{invalid_attribute, topic_exists_with_different, topic_limit_exceeded};
use crate::ledger::Ledger;
use crate::registry::Topic;
use crate::rules::attribute::Refused;
use crate::rules::tags::{self, Tags};
use crate::rules::topic_arn::TopicKey;
use crate::rules::topic_attributes::{self, SetAttributes};
use crate::rules::{data_protection_policy, topic_name};
use crate::sns::Limits;
use crate::store::topics::{self, TopicRow};

/// Ids of forty bits: enough never to meet by chance, and short in every row that names one.
const ID_SHIFT: u32 = 24;

pub(crate) async fn create_topic(
    sns: &Sns,
    call: &Call,
    input: CreateTopicInput,
) -> Result<CreateTopicOutput, Error> {
    let given = input.attributes.unwrap_or_default();
    let fifo = topic_attributes::asks_for_fifo(given.iter()).map_err(|refused| said(refused, "FifoTopic"))?;
    topic_name::check(&input.name, fifo)?;
    let attributes = read(&given, fifo, sns.clock.now_ms())?;
    let tags = tags::read(input.tags.unwrap_or_default())?;
    tags::check_count(&tags)?;
    let policy = input.data_protection_policy.filter(|policy| !policy.is_empty());
    policy.as_deref().map_or(Ok(()), data_protection_policy::check)?;
    let key = TopicKey::of_caller(call, &input.name);
    let topic_arn = key.arn();
    let limits = sns.options.limits;
    let id = (sns.clock.random_u64() >> ID_SHIFT).cast_signed();
    sns.write(move |ledger| {
        if let Ok(id) = ledger.find(&key) {
            return compare(&ledger.topic(id)?.row, &given, &tags);
        }
        check_limits(ledger, &key, limits)?;
        let created_at_ms = ledger.now_ms();
        let row = TopicRow {
            id,
            key,
            created_at_ms,
            subscriptions_deleted: 0,
            data_protection_policy: policy,
            attributes,
            tags,
        };
        ledger.touch(id);
        topics::insert(ledger.tx, &row)?;
        ledger.registry.put(Topic::new(row));
        Ok(())
    })
    .await?;
    Ok(CreateTopicOutput { topic_arn: Some(topic_arn) })
}

/// What a topic begins with.
fn read(given: &Map<String>, fifo: bool, now_ms: i64) -> Result<SetAttributes, Error> {
    let mut attributes = SetAttributes::new();
    for (name, value) in given.iter().filter(|(name, _)| *name != "FifoTopic") {
        topic_attributes::set(&mut attributes, fifo, name, value, now_ms)
            .map_err(|refused| said(refused, name))?;
    }
    Ok(attributes)
}

/// How a refusal of an attribute is said at creation.
fn said(refused: Refused, name: &str) -> Error {
    match refused {
        Refused::Unknown => invalid_attribute(format_args!("Unknown attribute {name}")),
        Refused::Because(reason) => invalid_attribute(reason),
    }
}

/// The topic is there: fine, if nothing the caller gave differs from what it has. AWS: API_CreateTopic, "This action is
/// idempotent".
fn compare(topic: &TopicRow, given: &Map<String>, tags: &Tags) -> Result<(), Failure> {
    // Its name was checked against `FifoTopic` before.
    let mut others = given.iter().filter(|(name, _)| *name != "FifoTopic");
    if !others.all(|(name, value)| topic_attributes::has(&topic.attributes, name, value)) {
        return Err(topic_exists_with_different("Attributes").into());
    }
    if !tags::are_among(tags, &topic.tags) {
        return Err(topic_exists_with_different("Tags").into());
    }
    Ok(())
}

/// Refuses a topic too many.
fn check_limits(ledger: &Ledger<'_>, key: &TopicKey, limits: Limits) -> Result<(), Error> {
    let fifo = topic_name::is_fifo(&key.name);
    let most = if fifo { limits.fifo_topics } else { limits.standard_topics };
    // Counted only when there are so many topics in all that it may matter.
    if ledger.registry.by_key.len() < most {
        return Ok(());
    }
    let of_the_same = |other: &&TopicKey| {
        other.account == key.account && other.region == key.region && topic_name::is_fifo(&other.name) == fifo
    };
    let count = ledger.registry.by_key.keys().filter(of_the_same).count();
    if count < most { Ok(()) } else { Err(topic_limit_exceeded()) }
}
