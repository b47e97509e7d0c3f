//! CreatePlatformApplication.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::CreatePlatformApplicationInput;
use crate::api::outputs::CreatePlatformApplicationOutput;
use crate::rules::platform_arn::ApplicationKey;
use crate::rules::platform_attributes::{check_credentials, check_name, check_platform, read_changes};
use crate::store::platform_applications;

/// An application that is there already is answered, with these attributes set: that is how credentials are renewed.
pub(crate) async fn create_platform_application(
    sns: &Sns,
    call: &Call,
    input: CreatePlatformApplicationInput,
) -> Result<CreatePlatformApplicationOutput, Error> {
    check_platform(&input.platform)?;
    check_name(&input.name)?;
    check_credentials(&input.platform, &input.attributes)?;
    let changes = read_changes(input.attributes)?;
    let key = ApplicationKey {
        account: call.account.clone(),
        region: call.region.clone(),
        platform: input.platform.into(),
        name: input.name.into(),
    };
    let arn = key.arn();
    sns.write(move |ledger| {
        let known = platform_applications::find(ledger.tx, &key)?.map(|row| row.id);
        let id = known.map_or_else(|| platform_applications::insert(ledger.tx, &key), Ok)?;
        Ok(platform_applications::set_attributes(ledger.tx, id, &changes)?)
    })
    .await?;
    Ok(CreatePlatformApplicationOutput { platform_application_arn: Some(arn) })
}
