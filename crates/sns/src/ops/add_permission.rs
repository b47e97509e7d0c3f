//! AddPermission: one more statement in the topic's policy.

use aws::Call;
use service::Error;

use super::set_topic_attributes::replace;
use crate::Sns;
use crate::api::inputs::AddPermissionInput;
use crate::api::outputs::AddPermissionOutput;
use crate::errors::invalid_parameter;
use crate::rules::{policy, topic_arn};

pub(crate) async fn add_permission(
    sns: &Sns,
    call: &Call,
    input: AddPermissionInput,
) -> Result<AddPermissionOutput, Error> {
    let key = topic_arn::parse("TopicArn", &input.topic_arn, call)?;
    for (parameter, empty) in [
        ("Label", input.label.is_empty()),
        ("AWSAccountId", input.aws_account_id.is_empty()),
        ("ActionName", input.action_name.is_empty()),
    ] {
        if empty {
            return Err(invalid_parameter(parameter));
        }
    }
    sns.write(move |ledger| {
        let id = ledger.find(&key)?;
        let topic = ledger.topic(id)?;
        let mut attributes = topic.row.attributes.clone();
        let policy = attributes.remove("Policy").unwrap_or_else(|| policy::default_policy(&key));
        let (label, accounts, actions) = (&input.label, &input.aws_account_id, &input.action_name);
        let policy = policy::add_permission(&policy, &topic.arn, label, accounts, actions)?;
        attributes.insert("Policy".to_owned(), policy);
        replace(ledger, id, attributes)
    })
    .await?;
    Ok(AddPermissionOutput {})
}
