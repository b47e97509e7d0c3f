//! DescribePartnerEventSource.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DescribePartnerEventSourceInput;
use crate::api::outputs::DescribePartnerEventSourceOutput;
use crate::errors::event_source_does_not_exist;
use crate::store::partner_sources as sources;

pub(crate) async fn describe_partner_event_source(
    events: &EventBridge,
    call: &Call,
    input: DescribePartnerEventSourceInput,
) -> Result<DescribePartnerEventSourceOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            ledger.expire_event_sources()?;
            let offered = sources::select_offered(ledger.tx, &call.region, &input.name, &call.account)?;
            let Some(row) = offered.first() else {
                return Err(event_source_does_not_exist(&input.name).into());
            };
            Ok(DescribePartnerEventSourceOutput { arn: Some(row.arn()), name: Some(row.name.clone()) })
        })
        .await
}
