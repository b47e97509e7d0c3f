//! ListTagsForResource.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListTagsForResourceInput;
use crate::api::outputs::ListTagsForResourceOutput;
use crate::api::types::Tag;
use crate::rules::taggable;
use crate::store::tags;

pub(crate) async fn list_tags_for_resource(
    events: &EventBridge,
    call: &Call,
    input: ListTagsForResourceInput,
) -> Result<ListTagsForResourceOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            taggable::find(ledger, &call, &input.resource_arn)?;
            let tags = tags::select(ledger.tx, &input.resource_arn)?;
            let tags = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
            Ok(ListTagsForResourceOutput { tags: Some(tags) })
        })
        .await
}
