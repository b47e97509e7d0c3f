//! ListRuleNamesByTarget.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListRuleNamesByTargetInput;
use crate::api::outputs::ListRuleNamesByTargetOutput;
use crate::rules::named_bus::{self, Deed};
use crate::rules::page;

pub(crate) async fn list_rule_names_by_target(
    events: &EventBridge,
    call: &Call,
    input: ListRuleNamesByTargetInput,
) -> Result<ListRuleNamesByTargetOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    events
        .write(move |ledger| {
            let id = ledger.find_for(&named, &Deed::on_rules("ListRuleNamesByTarget"))?;
            let rules = ledger.bus(id)?.rules.values();
            let rules = rules
                .filter(|rule| rule.targets.values().any(|target| target.given.arn == input.target_arn))
                .map(|rule| rule.row.name.clone());
            let page =
                page::cut(rules.collect(), input.limit, input.next_token.as_deref(), |name: &String| name)?;
            Ok(ListRuleNamesByTargetOutput { rule_names: Some(page.items), next_token: page.next_token })
        })
        .await
}
