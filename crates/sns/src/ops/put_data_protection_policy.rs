//! PutDataProtectionPolicy: kept as given; an empty one takes it away.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::PutDataProtectionPolicyInput;
use crate::api::outputs::PutDataProtectionPolicyOutput;
use crate::rules::{data_protection_policy, topic_arn};
use crate::store::topics;

pub(crate) async fn put_data_protection_policy(
    sns: &Sns,
    call: &Call,
    input: PutDataProtectionPolicyInput,
) -> Result<PutDataProtectionPolicyOutput, Error> {
    let key = topic_arn::parse("ResourceArn", &input.resource_arn, call)?;
    let policy = Some(input.data_protection_policy).filter(|policy| !policy.is_empty());
    policy.as_deref().map_or(Ok(()), data_protection_policy::check)?;
    sns.write(move |ledger| {
        let id = ledger.find(&key)?;
        topics::set_data_protection_policy(ledger.tx, id, policy.as_deref())?;
        ledger.topic_mut(id)?.row.data_protection_policy = policy;
        Ok(())
    })
    .await?;
    Ok(PutDataProtectionPolicyOutput {})
}
