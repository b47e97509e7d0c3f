//! DescribeEventBus.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DescribeEventBusInput;
use crate::api::outputs::DescribeEventBusOutput;
use crate::api::types::{DeadLetterConfig, LogConfig};
use crate::rules::named_bus::{self, Deed};
use crate::store::kept;

pub(crate) async fn describe_event_bus(
    events: &EventBridge,
    call: &Call,
    input: DescribeEventBusInput,
) -> Result<DescribeEventBusOutput, Error> {
    let named = named_bus::parse("Name", input.name.as_deref(), call)?;
    events
        .write(move |ledger| {
            let id = ledger.find_for(&named, &Deed::on_bus("DescribeEventBus"))?;
            let bus = ledger.bus(id)?;
            let row = bus.row.clone();
            Ok(DescribeEventBusOutput {
                arn: Some(bus.arn.clone()),
                name: Some(row.key.name.to_string()),
                creation_time: Some(row.created_at_ms),
                last_modified_time: Some(row.modified_at_ms),
                description: row.description,
                kms_key_identifier: row.kms_key,
                dead_letter_config: row.dead_letter.map(|arn| DeadLetterConfig { arn: Some(arn) }),
                log_config: row.log_config.as_deref().map(kept::from_text::<LogConfig>),
                policy: row.policy,
                managed_by: None,
            })
        })
        .await
}
