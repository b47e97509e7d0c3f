use aws::Call;
use service::Error;

use crate::Sts;
use crate::api::{GetCallerIdentityInput, GetCallerIdentityOutput};

/// Who is calling: the root user of the caller's account, because there are no other users here.
///
/// AWS: API_GetCallerIdentity. No permission is needed, and the answer of a root user has the account's id twice.
pub(crate) async fn get_caller_identity(
    _sts: &Sts,
    call: &Call,
    _input: GetCallerIdentityInput,
) -> Result<GetCallerIdentityOutput, Error> {
    let Call { account, region, .. } = call;
    Ok(GetCallerIdentityOutput {
        account: Some(account.to_string()),
        arn: Some(format!("arn:{}:iam::{account}:root", region.partition())),
        user_id: Some(account.to_string()),
    })
}
