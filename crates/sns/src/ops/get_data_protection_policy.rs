//! GetDataProtectionPolicy.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::GetDataProtectionPolicyInput;
use crate::api::outputs::GetDataProtectionPolicyOutput;
use crate::rules::topic_arn;

pub(crate) async fn get_data_protection_policy(
    sns: &Sns,
    call: &Call,
    input: GetDataProtectionPolicyInput,
) -> Result<GetDataProtectionPolicyOutput, Error> {
    let key = topic_arn::parse("ResourceArn", &input.resource_arn, call)?;
    let policy = sns
        .write(move |ledger| {
            let id = ledger.find(&key)?;
            Ok(ledger.topic(id)?.row.data_protection_policy.clone())
        })
        .await?;
    Ok(GetDataProtectionPolicyOutput { data_protection_policy: policy })
}
