//! DeleteEndpoint.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::DeleteEndpointInput;
use crate::api::outputs::DeleteEndpointOutput;
use crate::rules::platform_arn;
use crate::store::{platform_applications, platform_endpoints};

/// Its subscriptions stay. One that is not there is no error. Recorded: test_delete_platform_endpoint_with_subscription,
/// test_delete_endpoints_of_deleted_app.
pub(crate) async fn delete_endpoint(
    sns: &Sns,
    call: &Call,
    input: DeleteEndpointInput,
) -> Result<DeleteEndpointOutput, Error> {
    let key = platform_arn::endpoint("EndpointArn", &input.endpoint_arn, call)?;
    let account = call.account.clone();
    sns.write(move |ledger| {
        let application = platform_applications::find(ledger.tx, &key.application)?;
        let Some(application) = application.filter(|row| row.key.account == account) else {
            return Ok(DeleteEndpointOutput {});
        };
        if let Some(endpoint) = platform_endpoints::find(ledger.tx, application.id, &key.uuid)? {
            platform_endpoints::delete(ledger.tx, endpoint.id)?;
        }
        Ok(DeleteEndpointOutput {})
    })
    .await
}
