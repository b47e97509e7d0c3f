//! DeleteApiDestination.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeleteApiDestinationInput;
use crate::api::outputs::DeleteApiDestinationOutput;
use crate::store::api_destinations;

pub(crate) async fn delete_api_destination(
    events: &EventBridge,
    call: &Call,
    input: DeleteApiDestinationInput,
) -> Result<DeleteApiDestinationOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            let row = ledger.destination(&call, "delete", &input.name)?;
            api_destinations::delete(ledger.tx, row.id)?;
            Ok(DeleteApiDestinationOutput {})
        })
        .await
}
