//! EnableRule.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::EnableRuleInput;
use crate::api::outputs::EnableRuleOutput;
use crate::rules::named_bus::{self, Deed};

pub(crate) async fn enable_rule(
    events: &EventBridge,
    call: &Call,
    input: EnableRuleInput,
) -> Result<EnableRuleOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    events
        .write(move |ledger| {
            let bus = ledger.find_for(&named, &Deed::on_rule("EnableRule", &input.name))?;
            ledger.set_rule_state(bus, &input.name, "ENABLED")
        })
        .await?;
    events.schedules_changed();
    Ok(EnableRuleOutput {})
}
