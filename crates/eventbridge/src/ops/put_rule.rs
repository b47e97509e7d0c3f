//! PutRule.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::PutRuleInput;
use crate::api::outputs::PutRuleOutput;
use crate::errors::{limit_exceeded, managed_rule, parameter_not_valid, validation};
use crate::ledger::{Ledger, next_firing};
use crate::rules::bus_name::DEFAULT;
use crate::rules::named_bus::{self, Deed};
use crate::rules::{optional_text, pattern_text, tags};
use crate::schedule::Schedule;
use crate::store::rules::{self, RuleRow};

/// A state that is about what CloudTrail sends, which no schedule asks for.
const ALL_MANAGEMENT_EVENTS: &str = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

pub(crate) async fn put_rule(
    events: &EventBridge,
    call: &Call,
    input: PutRuleInput,
) -> Result<PutRuleOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    if input.event_pattern.is_none() && input.schedule_expression.is_none() {
        return Err(validation("Parameter(s) EventPattern or ScheduleExpression must be specified."));
    }
    if input.schedule_expression.is_some() && &*named.key.name != DEFAULT {
        return Err(validation("ScheduleExpression is supported only on the default event bus."));
    }
    if input.schedule_expression.is_some() && input.state.as_deref() == Some(ALL_MANAGEMENT_EVENTS) {
        return Err(validation(format!(
            "{ALL_MANAGEMENT_EVENTS} rule state is not supported with scheduled rule expressions."
        )));
    }
    if let Some(pattern) = &input.event_pattern {
        pattern_text::check(pattern)?;
    }
    let schedule = input.schedule_expression.as_deref().map(Schedule::parse).transpose();
    schedule.map_err(|_| parameter_not_valid("ScheduleExpression"))?;
    let given_tags = input.tags.unwrap_or_default();
    tags::check(&given_tags)?;
    let (most, account) = (events.options.limits.rules, call.account.to_string());
    let arn = events
        .write(move |ledger| {
            let deed = Deed::on_rule("PutRule", &input.name).with_pattern(input.event_pattern.as_deref());
            let bus = ledger.find_for(&named, &deed)?;
            let now_ms = ledger.now_ms();
            let row = RuleRow {
                id: 0,
                bus_id: bus,
                name: input.name,
                description: optional_text::given(input.description),
                event_pattern: input.event_pattern,
                schedule: input.schedule_expression,
                state: input.state.unwrap_or_else(|| "ENABLED".to_owned()),
                role_arn: input.role_arn,
                managed_by: None,
                created_by: account,
                created_at_ms: now_ms,
                fires_at_ms: None,
            };
            let arn = named.key.rule_arn(&row.name);
            if put(ledger, bus, row, most)? {
                // AWS: API_PutRule; "If you are updating an existing rule, any tags you specify … are ignored."
                ledger.tag(&arn, &given_tags)?;
            }
            Ok(arn)
        })
        .await?;
    events.schedules_changed();
    Ok(PutRuleOutput { rule_arn: Some(arn) })
}

/// Adds a rule, or replaces what PutRule sets of the one of its name; says whether it is new.
fn put(ledger: &mut Ledger<'_>, bus: i64, mut row: RuleRow, most: usize) -> Result<bool, Failure> {
    let known = ledger.bus(bus)?.rules.get(&row.name).map(|rule| rule.row.clone());
    if known.as_ref().is_some_and(|known| known.managed_by.is_some()) {
        return Err(managed_rule(&row.name).into());
    }
    if let Some(known) = &known {
        row.id = known.id;
        row.created_at_ms = known.created_at_ms;
        row.created_by.clone_from(&known.created_by);
        row.managed_by.clone_from(&known.managed_by);
    }
    row.fires_at_ms = next_firing(&row, ledger.now_ms());
    if known.is_some() {
        rules::update(ledger.tx, &row)?;
    } else {
        if ledger.bus(bus)?.rules.len() >= most {
            return Err(limit_exceeded().into());
        }
        row.id = rules::insert(ledger.tx, &row)?;
    }
    ledger.replace_rule(bus, row)?;
    Ok(known.is_none())
}
