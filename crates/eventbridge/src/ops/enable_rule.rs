//! EnableRule.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::EnableRuleInput;
use crate::api::outputs::EnableRuleOutput;
use crate::rules::bus_name;

pub(crate) async fn enable_rule(
    events: &EventBridge,
    call: &Call,
    input: EnableRuleInput,
) -> Result<EnableRuleOutput, Error> {
    let key = bus_name::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    events.write(move |ledger| ledger.set_rule_state(&key, &input.name, "ENABLED")).await?;
    events.schedules_changed();
    Ok(EnableRuleOutput {})
}
