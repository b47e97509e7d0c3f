//! RemoveTargets.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::RemoveTargetsInput;
use crate::api::outputs::RemoveTargetsOutput;
use crate::errors::managed_rule;
use crate::rules::named_bus::{self, Deed};
use crate::store::targets;

pub(crate) async fn remove_targets(
    events: &EventBridge,
    call: &Call,
    input: RemoveTargetsInput,
) -> Result<RemoveTargetsOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    events
        .write(move |ledger| {
            let bus = ledger.find_for(&named, &Deed::on_rule("RemoveTargets", &input.rule))?;
            let rule = ledger.rule(bus, &input.rule)?;
            if rule.row.managed_by.is_some() && input.force != Some(true) {
                return Err(managed_rule(&input.rule).into());
            }
            let rule = rule.row.id;
            for id in &input.ids {
                targets::delete(ledger.tx, rule, id)?;
            }
            if let Some(rule) = ledger.bus_mut(bus)?.rules.get_mut(&input.rule) {
                rule.targets.retain(|id, _| !input.ids.contains(id));
            }
            Ok(RemoveTargetsOutput { failed_entries: Some(Vec::new()), failed_entry_count: Some(0) })
        })
        .await
}
