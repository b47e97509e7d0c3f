//! RemovePermission: one statement less in the topic's policy.

use aws::Call;
use service::Error;

use super::set_topic_attributes::replace;
use crate::Sns;
use crate::api::inputs::RemovePermissionInput;
use crate::api::outputs::RemovePermissionOutput;
use crate::rules::{policy, topic_arn};

pub(crate) async fn remove_permission(
    sns: &Sns,
    call: &Call,
    input: RemovePermissionInput,
) -> Result<RemovePermissionOutput, Error> {
    let key = topic_arn::parse("TopicArn", &input.topic_arn, call)?;
    sns.write(move |ledger| {
        let id = ledger.find(&key)?;
        let mut attributes = ledger.topic(id)?.row.attributes.clone();
        let policy = attributes.remove("Policy").unwrap_or_else(|| policy::default_policy(&key));
        // A label that is not there is no error, as with all that is taken away.
        let Some(policy) = policy::remove_permission(&policy, &input.label) else { return Ok(()) };
        attributes.insert("Policy".to_owned(), policy);
        replace(ledger, id, attributes)
    })
    .await?;
    Ok(RemovePermissionOutput {})
}
