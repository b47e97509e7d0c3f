//! RemovePermission: one statement less in the queue's policy, and no policy without statements.

use aws::Call;
use service::Error;

use super::set_queue_attributes::replace;
use crate::Sqs;
use crate::api::inputs::RemovePermissionInput;
use crate::api::outputs::RemovePermissionOutput;
use crate::rules::policy;

pub(crate) async fn remove_permission(
    sqs: &Sqs,
    call: &Call,
    input: RemovePermissionInput,
) -> Result<RemovePermissionOutput, Error> {
    let key = sqs.own_key(&input.queue_url, call, "RemovePermission")?;
    let wire = call.wire;
    sqs.write(move |ledger| {
        let id = ledger.find(&key, wire)?;
        let queue = ledger.queue(id)?;
        let mut attributes = queue.row.attributes.clone();
        let policy = attributes.remove("Policy");
        let policy = policy::remove_permission(policy.as_deref(), &queue.arn, &input.label)?;
        attributes.extend(policy.map(|policy| ("Policy", policy)));
        replace(ledger, id, attributes)
    })
    .await?;
    Ok(RemovePermissionOutput {})
}
