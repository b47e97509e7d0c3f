//! ListTopics.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::ListTopicsInput;
use crate::api::outputs::ListTopicsOutput;
use crate::api::types::Topic;
use crate::mobile::after_text;
use crate::rules::page;
use crate::rules::topic_arn::TopicKey;

pub(crate) async fn list_topics(
    sns: &Sns,
    call: &Call,
    input: ListTopicsInput,
) -> Result<ListTopicsOutput, Error> {
    let (account, region) = (call.account.clone(), call.region.clone());
    let after = after_text(input.next_token.as_deref())?;
    let keys = sns
        .write(move |ledger| {
            let listed = |key: &&TopicKey| {
                key.account == account && key.region == region && *key.name > *after.as_str()
            };
            let mut keys: Vec<&TopicKey> = ledger.registry.by_key.keys().filter(listed).collect();
            // A hundred thousand names need not be sorted for a page of them, nor copied.
            let by_name = |one: &&TopicKey, other: &&TopicKey| one.name.cmp(&other.name);
            if keys.len() > page::ITEMS_MAX {
                keys.select_nth_unstable_by(page::ITEMS_MAX, by_name);
                keys.truncate(page::ITEMS_MAX + 1);
            }
            keys.sort_unstable_by(by_name);
            Ok(keys.into_iter().cloned().collect::<Vec<_>>())
        })
        .await?;
    let page = page::cut(keys, page::ITEMS_MAX, None, |key| key.name.to_string())?;
    let topics = page.items.iter().map(|key| Topic { topic_arn: Some(key.arn()) }).collect();
    Ok(ListTopicsOutput { next_token: page.next_token, topics: Some(topics) })
}
