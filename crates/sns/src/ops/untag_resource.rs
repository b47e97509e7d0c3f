//! UntagResource: tags are taken off a topic; those it does not have are no error.

use aws::Call;
use service::Error;

use super::tag_resource::change_tags;
use crate::Sns;
use crate::api::inputs::UntagResourceInput;
use crate::api::outputs::UntagResourceOutput;
use crate::rules::topic_arn;

pub(crate) async fn untag_resource(
    sns: &Sns,
    call: &Call,
    input: UntagResourceInput,
) -> Result<UntagResourceOutput, Error> {
    let key = topic_arn::parse("ResourceArn", &input.resource_arn, call)?;
    sns.write(move |ledger| {
        change_tags(ledger, &key, |tags| {
            tags.retain(|key, _| !input.tag_keys.contains(key));
            Ok(())
        })
    })
    .await?;
    Ok(UntagResourceOutput {})
}
