//! ListTargetsByRule.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListTargetsByRuleInput;
use crate::api::outputs::ListTargetsByRuleOutput;
use crate::rules::named_bus::{self, Deed};
use crate::rules::page;

pub(crate) async fn list_targets_by_rule(
    events: &EventBridge,
    call: &Call,
    input: ListTargetsByRuleInput,
) -> Result<ListTargetsByRuleOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    events
        .write(move |ledger| {
            let bus = ledger.find_for(&named, &Deed::on_rule("ListTargetsByRule", &input.rule))?;
            let targets = ledger.rule(bus, &input.rule)?.targets.values().map(|target| target.given.clone());
            let page = page::cut(targets.collect(), input.limit, input.next_token.as_deref(), |one| &one.id)?;
            Ok(ListTargetsByRuleOutput { targets: Some(page.items), next_token: page.next_token })
        })
        .await
}
