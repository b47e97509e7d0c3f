//! DisableRule.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DisableRuleInput;
use crate::api::outputs::DisableRuleOutput;
use crate::rules::bus_name;

pub(crate) async fn disable_rule(
    events: &EventBridge,
    call: &Call,
    input: DisableRuleInput,
) -> Result<DisableRuleOutput, Error> {
    let key = bus_name::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    events.write(move |ledger| ledger.set_rule_state(&key, &input.name, "DISABLED")).await?;
    Ok(DisableRuleOutput {})
}
