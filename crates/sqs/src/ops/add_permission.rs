//! AddPermission: one more statement in the queue's policy.

use aws::Call;
use service::Error;

use super::set_queue_attributes::replace;
use crate::Sqs;
use crate::api::inputs::AddPermissionInput;
use crate::api::outputs::AddPermissionOutput;
use crate::errors::missing_parameter;
use crate::rules::policy;

pub(crate) async fn add_permission(
    sqs: &Sqs,
    call: &Call,
    input: AddPermissionInput,
) -> Result<AddPermissionOutput, Error> {
    let key = sqs.own_key(&input.queue_url, call, "AddPermission")?;
    if input.actions.is_empty() {
        return Err(missing_parameter("Actions"));
    }
    if input.aws_account_ids.is_empty() {
        return Err(missing_parameter("AWSAccountIds"));
    }
    let wire = call.wire;
    sqs.write(move |ledger| {
        let id = ledger.find(&key, wire)?;
        let queue = ledger.queue(id)?;
        let mut attributes = queue.row.attributes.clone();
        let policy = attributes.get("Policy").map(String::as_str);
        let policy =
            policy::add_permission(policy, &queue.arn, &input.label, &input.aws_account_ids, &input.actions)?;
        attributes.insert("Policy", policy);
        replace(ledger, id, attributes)
    })
    .await?;
    Ok(AddPermissionOutput {})
}
