//! ListTopics.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::ListTopicsInput;
use crate::api::outputs::ListTopicsOutput;
use crate::api::types::Topic;
use crate::rules::page::{self, Page};

pub(crate) async fn list_topics(
    sns: &Sns,
    call: &Call,
    input: ListTopicsInput,
) -> Result<ListTopicsOutput, Error> {
    let (account, region) = (call.account.clone(), call.region.clone());
    let mut keys = sns
        .write(move |ledger| {
            let keys = ledger.registry.by_key.keys();
            let listed = keys.filter(|key| key.account == account && key.region == region);
            Ok(listed.cloned().collect::<Vec<_>>())
        })
        .await?;
    keys.sort_by(|a, b| a.name.cmp(&b.name));
    let page = Page::cut(keys, page::ITEMS_MAX, input.next_token.as_deref(), |key| key.name.to_string())?;
    let topics = page.items.iter().map(|key| Topic { topic_arn: Some(key.arn()) }).collect();
    Ok(ListTopicsOutput { next_token: page.next_token, topics: Some(topics) })
}
