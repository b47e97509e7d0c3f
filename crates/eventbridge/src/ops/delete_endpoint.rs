//! DeleteEndpoint.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeleteEndpointInput;
use crate::api::outputs::DeleteEndpointOutput;
use crate::store::endpoints;

pub(crate) async fn delete_endpoint(
    events: &EventBridge,
    call: &Call,
    input: DeleteEndpointInput,
) -> Result<DeleteEndpointOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            let row = ledger.endpoint(&call, call.region.as_str(), &input.name)?;
            endpoints::delete(ledger.tx, row.id)?;
            Ok(DeleteEndpointOutput {})
        })
        .await
}
