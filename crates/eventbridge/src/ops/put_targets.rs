//! PutTargets.

use std::collections::BTreeSet;

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::PutTargetsInput;
use crate::api::outputs::PutTargetsOutput;
use crate::errors::{limit_exceeded, managed_rule};
use crate::registry::Target;
use crate::rules::named_bus::{self, Deed};
use crate::rules::target;
use crate::store::targets;

pub(crate) async fn put_targets(
    events: &EventBridge,
    call: &Call,
    mut input: PutTargetsInput,
) -> Result<PutTargetsOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    let most = events.options.limits.targets;
    // Looked at here, told after what the bus has to say.
    let checked = input.targets.iter().try_for_each(|target| target::check(target, &named));
    events
        .write(move |ledger| {
            let arns = input.targets.iter().map(|target| target.arn.clone()).collect();
            let deed = Deed::on_rule("PutTargets", &input.rule).with("events:TargetArn", arns);
            let bus = ledger.find_for(&named, &deed)?;
            checked?;
            let rule = ledger.rule(bus, &input.rule)?;
            if rule.row.managed_by.is_some() {
                return Err(managed_rule(&input.rule).into());
            }
            let id = rule.row.id;
            for target in &mut input.targets {
                target::find_role(
                    target,
                    rule.targets.get(&target.id).map(|known| &known.given),
                    rule.row.role_arn.as_deref(),
                    &named.key,
                )?;
            }
            let known = rule.targets.keys().map(String::as_str);
            let all: BTreeSet<&str> =
                known.chain(input.targets.iter().map(|target| target.id.as_str())).collect();
            if all.len() > most {
                return Err(limit_exceeded().into());
            }
            for target in &input.targets {
                targets::upsert(ledger.tx, id, target)?;
            }
            let bus = ledger.bus_mut(bus)?;
            if let Some(rule) = bus.rules.get_mut(&input.rule) {
                let added = input.targets.into_iter().map(|given| (given.id.clone(), Target::new(given)));
                rule.targets.extend(added);
            }
            Ok(PutTargetsOutput { failed_entries: Some(Vec::new()), failed_entry_count: Some(0) })
        })
        .await
}
