//! DisableRule.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DisableRuleInput;
use crate::api::outputs::DisableRuleOutput;
use crate::rules::named_bus::{self, Deed};

pub(crate) async fn disable_rule(
    events: &EventBridge,
    call: &Call,
    input: DisableRuleInput,
) -> Result<DisableRuleOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    events
        .write(move |ledger| {
            let bus = ledger.find_for(&named, &Deed::on_rule("DisableRule", &input.name))?;
            ledger.set_rule_state(bus, &input.name, "DISABLED")
        })
        .await?;
    Ok(DisableRuleOutput {})
}
