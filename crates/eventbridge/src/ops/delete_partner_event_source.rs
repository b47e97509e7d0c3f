//! DeletePartnerEventSource.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeletePartnerEventSourceInput;
use crate::api::outputs::DeletePartnerEventSourceOutput;
use crate::store::partner_sources as sources;

pub(crate) async fn delete_partner_event_source(
    events: &EventBridge,
    call: &Call,
    input: DeletePartnerEventSourceInput,
) -> Result<DeletePartnerEventSourceOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            ledger.expire_event_sources()?;
            let offered = sources::select_offered(ledger.tx, &call.region, &input.name, &call.account)?;
            // AWS: API_DeletePartnerEventSource, Errors: a source that is not there is no error.
            let found = offered.into_iter().find(|row| row.customer.as_str() == input.account);
            if let Some(row) = found {
                ledger.end_event_source(row)?;
            }
            Ok(DeletePartnerEventSourceOutput {})
        })
        .await
}
