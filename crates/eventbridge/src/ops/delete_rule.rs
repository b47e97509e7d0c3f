//! DeleteRule.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeleteRuleInput;
use crate::api::outputs::DeleteRuleOutput;
use crate::errors::{managed_rule, validation};
use crate::rules::named_bus::{self, Deed};
use crate::store::{rules, tags};

pub(crate) async fn delete_rule(
    events: &EventBridge,
    call: &Call,
    input: DeleteRuleInput,
) -> Result<DeleteRuleOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    events
        .write(move |ledger| {
            let bus = ledger.find_for(&named, &Deed::on_rule("DeleteRule", &input.name))?;
            // AWS: API_DeleteRule; deleting a rule that is not there is no error.
            let Some(rule) = ledger.bus(bus)?.rules.get(&input.name) else { return Ok(DeleteRuleOutput {}) };
            if rule.row.managed_by.is_some() && input.force != Some(true) {
                return Err(managed_rule(&input.name).into());
            }
            if !rule.targets.is_empty() {
                return Err(validation("Rule can't be deleted since it has targets.").into());
            }
            let (id, arn) = (rule.row.id, rule.arn.clone());
            rules::delete(ledger.tx, id)?;
            tags::delete_of(ledger.tx, &arn)?;
            // What it had matched goes on.
            ledger.bus_mut(bus)?.take_rule(&input.name);
            Ok(DeleteRuleOutput {})
        })
        .await
}
