//! DeactivateEventSource.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeactivateEventSourceInput;
use crate::api::outputs::DeactivateEventSourceOutput;
use crate::store::partner_sources::SourceState;

pub(crate) async fn deactivate_event_source(
    events: &EventBridge,
    call: &Call,
    input: DeactivateEventSourceInput,
) -> Result<DeactivateEventSourceOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            ledger.switch_event_source(&call, &input.name, SourceState::Pending)?;
            Ok(DeactivateEventSourceOutput {})
        })
        .await
}
