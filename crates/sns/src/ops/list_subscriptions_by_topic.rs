//! ListSubscriptionsByTopic.

use aws::Call;
use service::{Error, Page};

use crate::Sns;
use crate::api::inputs::ListSubscriptionsByTopicInput;
use crate::api::outputs::ListSubscriptionsByTopicOutput;
use crate::rules::page::{self, ITEMS_MAX};
use crate::rules::topic_arn;

pub(crate) async fn list_subscriptions_by_topic(
    sns: &Sns,
    call: &Call,
    input: ListSubscriptionsByTopicInput,
) -> Result<ListSubscriptionsByTopicOutput, Error> {
    let key = topic_arn::parse("TopicArn", &input.topic_arn, call)?;
    let page = sns.write(move |ledger| {
        let now_ms = ledger.now_ms();
        let topic = ledger.topic(ledger.find(&key)?)?;
        // In the order of their ids, which is that of the map.
        let living: Vec<_> = topic.subscriptions.values().filter(|one| !one.is_over(now_ms)).collect();
        let page = page::cut(living, ITEMS_MAX, input.next_token.as_deref(), |one| one.place())?;
        let items = page.items.into_iter().map(|one| one.listed(&topic.arn)).collect();
        Ok(Page { items, next_token: page.next_token })
    });
    let page = page.await?;
    Ok(ListSubscriptionsByTopicOutput { subscriptions: Some(page.items), next_token: page.next_token })
}
