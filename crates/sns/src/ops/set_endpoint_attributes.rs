//! SetEndpointAttributes.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::SetEndpointAttributesInput;
use crate::api::outputs::SetEndpointAttributesOutput;
use crate::errors::{endpoint_does_not_exist, endpoint_exists};
use crate::rules::endpoint_attributes::EndpointChanges;
use crate::rules::platform_arn;
use crate::store::{platform_applications, platform_endpoints};

pub(crate) async fn set_endpoint_attributes(
    sns: &Sns,
    call: &Call,
    input: SetEndpointAttributesInput,
) -> Result<SetEndpointAttributesOutput, Error> {
    let key = platform_arn::endpoint("EndpointArn", &input.endpoint_arn, call)?;
    let changes = EndpointChanges::read(input.attributes, &key.application.platform)?;
    let account = call.account.clone();
    sns.write(move |ledger| {
        let application = platform_applications::find(ledger.tx, &key.application)?;
        let application = application.filter(|row| row.key.account == account);
        let application = application.ok_or_else(endpoint_does_not_exist)?.id;
        let row = platform_endpoints::find(ledger.tx, application, &key.uuid)?;
        let mut row = row.ok_or_else(endpoint_does_not_exist)?;
        changes.apply(&mut row);
        // A device has one endpoint.
        let holder = platform_endpoints::find_by_token(ledger.tx, application, &row.token)?;
        if let Some(other) = holder.filter(|holder| holder.id != row.id) {
            return Err(endpoint_exists(&key.application.endpoint_arn(&other.uuid)).into());
        }
        platform_endpoints::update(ledger.tx, &row)?;
        Ok(SetEndpointAttributesOutput {})
    })
    .await
}
