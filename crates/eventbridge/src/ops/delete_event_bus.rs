//! DeleteEventBus.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeleteEventBusInput;
use crate::api::outputs::DeleteEventBusOutput;
use crate::errors::validation;
use crate::rules::bus_name::DEFAULT;
use crate::rules::named_bus::{self, Deed};
use crate::store::{buses, tags};

pub(crate) async fn delete_event_bus(
    events: &EventBridge,
    call: &Call,
    input: DeleteEventBusInput,
) -> Result<DeleteEventBusOutput, Error> {
    let named = named_bus::parse("Name", Some(&input.name), call)?;
    if &*named.key.name == DEFAULT {
        return Err(validation("Cannot delete event bus default."));
    }
    events
        .write(move |ledger| {
            ledger.admit(&named, &Deed::on_bus("DeleteEventBus"))?;
            // AWS: API_DeleteEventBus knows no error for a bus that is not there.
            let Some(id) = ledger.look_up(&named.key)? else { return Ok(DeleteEventBusOutput {}) };
            let bus = ledger.bus(id)?;
            if !bus.rules.is_empty() {
                // AWS: terraform-provider-aws#22131.
                return Err(validation("EventBus can't be deleted since it has rules.").into());
            }
            let arn = bus.arn.clone();
            if let Some(source) = bus.row.event_source.clone() {
                ledger.release_event_source(&named.key, &source)?;
            }
            ledger.touch(id);
            buses::delete(ledger.tx, id)?;
            tags::delete_of(ledger.tx, &arn)?;
            ledger.registry.take(id);
            Ok(DeleteEventBusOutput {})
        })
        .await
}
