//! DescribeRule.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DescribeRuleInput;
use crate::api::outputs::DescribeRuleOutput;
use crate::rules::named_bus::{self, Deed};

pub(crate) async fn describe_rule(
    events: &EventBridge,
    call: &Call,
    input: DescribeRuleInput,
) -> Result<DescribeRuleOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    events
        .write(move |ledger| {
            let bus = ledger.find_for(&named, &Deed::on_rule("DescribeRule", &input.name))?;
            let rule = ledger.rule(bus, &input.name)?;
            let row = rule.row.clone();
            Ok(DescribeRuleOutput {
                arn: Some(rule.arn.clone()),
                created_by: Some(row.created_by),
                description: row.description,
                event_bus_name: Some(named.key.name.to_string()),
                event_pattern: row.event_pattern,
                managed_by: row.managed_by,
                name: Some(row.name),
                role_arn: row.role_arn,
                schedule_expression: row.schedule,
                state: Some(row.state),
            })
        })
        .await
}
