//! GetTopicAttributes.

use aws::Call;
use service::Error;
use shape::Map;

use crate::Sns;
use crate::api::inputs::GetTopicAttributesInput;
use crate::api::outputs::GetTopicAttributesOutput;
use crate::registry::{Subscription, Topic};
use crate::rules::topic_attributes::BEGINNING_ARCHIVE_TIME;
use crate::rules::{delivery_policy, policy, topic_arn};

pub(crate) async fn get_topic_attributes(
    sns: &Sns,
    call: &Call,
    input: GetTopicAttributesInput,
) -> Result<GetTopicAttributesOutput, Error> {
    let key = topic_arn::parse("TopicArn", &input.topic_arn, call)?;
    let attributes = sns
        .write(move |ledger| {
            let id = ledger.find(&key)?;
            Ok(told(ledger.topic(id)?, ledger.now_ms()))
        })
        .await?;
    Ok(GetTopicAttributesOutput { attributes: Some(attributes) })
}

/// What a topic says of itself: what is counted, what it has without being told, and what was set.
fn told(topic: &Topic, now_ms: i64) -> Map<String> {
    let row = &topic.row;
    let set = |name: &str| row.attributes.get(name).map(String::as_str);
    let count = |which: fn(&Subscription, i64) -> bool| {
        topic.subscriptions.values().filter(|subscription| which(subscription, now_ms)).count()
    };
    let pending = count(|subscription, now_ms| subscription.row.pending && !subscription.is_over(now_ms));
    let confirmed = count(|subscription, _| !subscription.row.pending);
    let effective = delivery_policy::effective_topic_json(set("DeliveryPolicy"));
    let policy = set("Policy").map_or_else(|| policy::default_policy(&row.key), str::to_owned);
    let mut told: Map<String> = [
        ("Policy", policy),
        ("Owner", row.key.account.as_str().to_owned()),
        ("SubscriptionsPending", pending.to_string()),
        ("TopicArn", topic.arn.clone()),
        ("EffectiveDeliveryPolicy", effective),
        ("SubscriptionsConfirmed", confirmed.to_string()),
        ("DisplayName", String::new()),
        ("SubscriptionsDeleted", row.subscriptions_deleted.to_string()),
    ]
    .into_iter()
    .collect();
    if topic.settings.fifo {
        told.insert("FifoTopic", "true".to_owned());
        told.insert("ContentBasedDeduplication", "false".to_owned());
    }
    for (name, value) in &row.attributes {
        told.insert(name, value.clone());
    }
    if let Some(at_ms) = topic.settings.archive_begins_at_ms(&row.attributes, now_ms) {
        told.insert(BEGINNING_ARCHIVE_TIME, clock::calendar::iso8601_ms(at_ms));
    }
    told
}
