//! CreatePlatformEndpoint.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::CreatePlatformEndpointInput;
use crate::api::outputs::CreatePlatformEndpointOutput;
use crate::errors::{endpoint_exists, platform_application_does_not_exist};
use crate::rules::endpoint_attributes::{EndpointChanges, check_custom_user_data, check_token};
use crate::rules::platform_arn;
use crate::store::platform_applications;
use crate::store::platform_endpoints::{self, EndpointRow};

/// The same device with the same attributes is answered again; with others it is refused.
pub(crate) async fn create_platform_endpoint(
    sns: &Sns,
    call: &Call,
    input: CreatePlatformEndpointInput,
) -> Result<CreatePlatformEndpointOutput, Error> {
    let key = platform_arn::application("PlatformApplicationArn", &input.platform_application_arn, call)?;
    check_custom_user_data(input.custom_user_data.as_deref())?;
    let changes = EndpointChanges::read(input.attributes.unwrap_or_default(), &key.platform)?;
    check_token(&key.platform, &input.token)?;
    let mut wanted = EndpointRow {
        id: 0,
        uuid: sns.clock.uuid_v4().to_string(),
        token: input.token,
        enabled: true,
        custom_user_data: input.custom_user_data.filter(|data| !data.is_empty()),
    };
    // Recorded: test_create_platform_endpoint_double_custom_data. What stands among the attributes wins.
    changes.apply(&mut wanted);
    let account = call.account.clone();
    let arn = sns
        .write(move |ledger| {
            let known =
                platform_applications::find(ledger.tx, &key)?.filter(|row| row.key.account == account);
            let application = known.ok_or_else(platform_application_does_not_exist)?.id;
            let Some(found) = platform_endpoints::find_by_token(ledger.tx, application, &wanted.token)?
            else {
                platform_endpoints::insert(ledger.tx, application, &wanted)?;
                return Ok(key.endpoint_arn(&wanted.uuid));
            };
            let arn = key.endpoint_arn(&found.uuid);
            let same = (found.enabled, found.custom_user_data) == (wanted.enabled, wanted.custom_user_data);
            if same { Ok(arn) } else { Err(endpoint_exists(&arn).into()) }
        })
        .await?;
    Ok(CreatePlatformEndpointOutput { endpoint_arn: Some(arn) })
}
