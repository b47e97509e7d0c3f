//! ListRules.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListRulesInput;
use crate::api::outputs::ListRulesOutput;
use crate::api::types::Rule;
use crate::rules::named_bus::{self, Deed};
use crate::rules::page;

pub(crate) async fn list_rules(
    events: &EventBridge,
    call: &Call,
    input: ListRulesInput,
) -> Result<ListRulesOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    let prefix = input.name_prefix.unwrap_or_default();
    events
        .write(move |ledger| {
            let id = ledger.find_for(&named, &Deed::on_rules("ListRules"))?;
            let rules = ledger.bus(id)?.rules.values().filter(|rule| rule.row.name.starts_with(&prefix));
            let page =
                page::cut(rules.collect(), input.limit, input.next_token.as_deref(), |rule| &rule.row.name)?;
            let rules = page.items.into_iter().map(|rule| {
                let row = rule.row.clone();
                Rule {
                    arn: Some(rule.arn.clone()),
                    description: row.description,
                    event_bus_name: Some(named.key.name.to_string()),
                    event_pattern: row.event_pattern,
                    managed_by: row.managed_by,
                    name: Some(row.name),
                    role_arn: row.role_arn,
                    schedule_expression: row.schedule,
                    state: Some(row.state),
                }
            });
            Ok(ListRulesOutput { rules: Some(rules.collect()), next_token: page.next_token })
        })
        .await
}
