//! DeleteEventBus.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeleteEventBusInput;
use crate::api::outputs::DeleteEventBusOutput;
use crate::errors::validation;
use crate::rules::bus_name::{self, DEFAULT};
use crate::store::{buses, tags};

pub(crate) async fn delete_event_bus(
    events: &EventBridge,
    call: &Call,
    input: DeleteEventBusInput,
) -> Result<DeleteEventBusOutput, Error> {
    let key = bus_name::parse("Name", Some(&input.name), call)?;
    if &*key.name == DEFAULT {
        return Err(validation("Cannot delete event bus default."));
    }
    events
        .write(move |ledger| {
            // AWS: API_DeleteEventBus knows no error for a bus that is not there.
            let Some(id) = ledger.look_up(&key)? else { return Ok(DeleteEventBusOutput {}) };
            let bus = ledger.bus(id)?;
            if !bus.rules.is_empty() {
                // AWS: terraform-provider-aws#22131.
                return Err(validation("EventBus can't be deleted since it has rules.").into());
            }
            let arn = bus.arn.clone();
            if let Some(source) = bus.row.event_source.clone() {
                ledger.release_event_source(&key, &source)?;
            }
            ledger.touch(id);
            buses::delete(ledger.tx, id)?;
            tags::delete_of(ledger.tx, &arn)?;
            ledger.registry.take(id);
            Ok(DeleteEventBusOutput {})
        })
        .await
}
