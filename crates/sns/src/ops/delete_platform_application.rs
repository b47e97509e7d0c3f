//! DeletePlatformApplication.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::DeletePlatformApplicationInput;
use crate::api::outputs::DeletePlatformApplicationOutput;
use crate::rules::platform_arn;
use crate::store::platform_applications;

/// Its endpoints go with it. One that is not there is no error.
pub(crate) async fn delete_platform_application(
    sns: &Sns,
    call: &Call,
    input: DeletePlatformApplicationInput,
) -> Result<DeletePlatformApplicationOutput, Error> {
    let key = platform_arn::application("PlatformApplicationArn", &input.platform_application_arn, call)?;
    let account = call.account.clone();
    sns.write(move |ledger| {
        let known = platform_applications::find(ledger.tx, &key)?.filter(|row| row.key.account == account);
        if let Some(row) = known {
            platform_applications::delete(ledger.tx, row.id)?;
        }
        Ok(DeletePlatformApplicationOutput {})
    })
    .await
}
