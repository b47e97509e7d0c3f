//! UpdateEventBus.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::UpdateEventBusInput;
use crate::api::outputs::UpdateEventBusOutput;
use crate::rules::named_bus::{self, Deed};
use crate::rules::{optional_text, target};
use crate::store::{buses, kept};

pub(crate) async fn update_event_bus(
    events: &EventBridge,
    call: &Call,
    input: UpdateEventBusInput,
) -> Result<UpdateEventBusOutput, Error> {
    let named = named_bus::parse("Name", input.name.as_deref(), call)?;
    target::check_dead_letter(input.dead_letter_config.as_ref(), &named.key)?;
    let description = optional_text::given(input.description);
    let kms_key = optional_text::given(input.kms_key_identifier);
    let output = UpdateEventBusOutput {
        arn: Some(named.key.arn()),
        name: Some(named.key.name.to_string()),
        description: description.clone(),
        kms_key_identifier: kms_key.clone(),
        dead_letter_config: input.dead_letter_config.clone(),
        log_config: input.log_config.clone(),
    };
    events
        .write(move |ledger| {
            let id = ledger.find_for(&named, &Deed::on_bus("UpdateEventBus"))?;
            let now_ms = ledger.now_ms();
            let bus = ledger.bus_mut(id)?;
            // AWS: API_UpdateEventBus; what is left out is as if it had never been set.
            bus.row.description = description;
            bus.row.kms_key = kms_key;
            bus.row.dead_letter = input.dead_letter_config.and_then(|config| config.arn);
            bus.row.log_config = input.log_config.as_ref().map(kept::to_text);
            bus.row.modified_at_ms = now_ms;
            let row = bus.row.clone();
            Ok(buses::update(ledger.tx, &row)?)
        })
        .await?;
    Ok(output)
}
