//! ListTagsForResource: the tags of a topic, in the order of their keys.

use aws::Call;
use service::Error;

use super::tag_resource::find;
use crate::Sns;
use crate::api::inputs::ListTagsForResourceInput;
use crate::api::outputs::ListTagsForResourceOutput;
use crate::api::types::Tag;
use crate::rules::topic_arn;

pub(crate) async fn list_tags_for_resource(
    sns: &Sns,
    call: &Call,
    input: ListTagsForResourceInput,
) -> Result<ListTagsForResourceOutput, Error> {
    let key = topic_arn::parse("ResourceArn", &input.resource_arn, call)?;
    let tags = sns
        .write(move |ledger| {
            let id = find(ledger, &key)?;
            Ok(ledger.topic(id)?.row.tags.clone())
        })
        .await?;
    let tags = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
    Ok(ListTagsForResourceOutput { tags: Some(tags) })
}
