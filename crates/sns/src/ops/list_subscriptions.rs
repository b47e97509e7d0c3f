//! ListSubscriptions.

use aws::Call;
use service::{Error, Page};

use crate::Sns;
use crate::api::inputs::ListSubscriptionsInput;
use crate::api::outputs::ListSubscriptionsOutput;
use crate::rules::page::{self, ITEMS_MAX};

pub(crate) async fn list_subscriptions(
    sns: &Sns,
    call: &Call,
    input: ListSubscriptionsInput,
) -> Result<ListSubscriptionsOutput, Error> {
    let (account, region) = (call.account.clone(), call.region.clone());
    let page = sns.write(move |ledger| {
        let now_ms = ledger.now_ms();
        let topics = ledger.registry.by_id.values().filter(|topic| topic.row.key.region == region);
        let all = topics.flat_map(|topic| topic.subscriptions.values().map(move |one| (topic, one)));
        let own = all.filter(|(_, one)| one.row.owner == account && !one.is_over(now_ms));
        let mut own: Vec<_> = own.collect();
        own.sort_by_key(|(_, one)| one.row.id);
        let page = page::cut(own, ITEMS_MAX, input.next_token.as_deref(), |(_, one)| one.place())?;
        let items = page.items.into_iter().map(|(topic, one)| one.listed(&topic.arn)).collect();
        Ok(Page { items, next_token: page.next_token })
    });
    let page = page.await?;
    Ok(ListSubscriptionsOutput { subscriptions: Some(page.items), next_token: page.next_token })
}
