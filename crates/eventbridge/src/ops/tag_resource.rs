//! TagResource.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::TagResourceInput;
use crate::api::outputs::TagResourceOutput;
use crate::rules::{taggable, tags};

pub(crate) async fn tag_resource(
    events: &EventBridge,
    call: &Call,
    input: TagResourceInput,
) -> Result<TagResourceOutput, Error> {
    tags::check(&input.tags)?;
    let call = call.clone();
    events
        .write(move |ledger| {
            taggable::find_to_change(ledger, &call, &input.resource_arn)?;
            ledger.tag(&input.resource_arn, &input.tags)?;
            Ok(TagResourceOutput {})
        })
        .await
}
