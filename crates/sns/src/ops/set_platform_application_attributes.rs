//! SetPlatformApplicationAttributes.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::SetPlatformApplicationAttributesInput;
use crate::api::outputs::SetPlatformApplicationAttributesOutput;
use crate::errors::platform_application_does_not_exist;
use crate::rules::platform_arn;
use crate::rules::platform_attributes::read_changes;
use crate::store::platform_applications;

pub(crate) async fn set_platform_application_attributes(
    sns: &Sns,
    call: &Call,
    input: SetPlatformApplicationAttributesInput,
) -> Result<SetPlatformApplicationAttributesOutput, Error> {
    let key = platform_arn::application("PlatformApplicationArn", &input.platform_application_arn, call)?;
    let changes = read_changes(input.attributes)?;
    let account = call.account.clone();
    sns.write(move |ledger| {
        let known = platform_applications::find(ledger.tx, &key)?.filter(|row| row.key.account == account);
        let row = known.ok_or_else(platform_application_does_not_exist)?;
        platform_applications::set_attributes(ledger.tx, row.id, &changes)?;
        Ok(SetPlatformApplicationAttributesOutput {})
    })
    .await
}
