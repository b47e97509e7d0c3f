//! UntagResource.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::UntagResourceInput;
use crate::api::outputs::UntagResourceOutput;
use crate::rules::taggable;
use crate::store::tags;

pub(crate) async fn untag_resource(
    events: &EventBridge,
    call: &Call,
    input: UntagResourceInput,
) -> Result<UntagResourceOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            taggable::find_to_change(ledger, &call, &input.resource_arn)?;
            for key in &input.tag_keys {
                tags::delete(ledger.tx, &input.resource_arn, key)?;
            }
            Ok(UntagResourceOutput {})
        })
        .await
}
