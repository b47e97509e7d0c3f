//! ActivateEventSource.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ActivateEventSourceInput;
use crate::api::outputs::ActivateEventSourceOutput;
use crate::store::partner_sources::SourceState;

pub(crate) async fn activate_event_source(
    events: &EventBridge,
    call: &Call,
    input: ActivateEventSourceInput,
) -> Result<ActivateEventSourceOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            ledger.switch_event_source(&call, &input.name, SourceState::Active)?;
            Ok(ActivateEventSourceOutput {})
        })
        .await
}
