//! DescribeApiDestination.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DescribeApiDestinationInput;
use crate::api::outputs::DescribeApiDestinationOutput;
use crate::connections::destination::state;

pub(crate) async fn describe_api_destination(
    events: &EventBridge,
    call: &Call,
    input: DescribeApiDestinationInput,
) -> Result<DescribeApiDestinationOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            let row = ledger.destination(&call, "describe", &input.name)?;
            Ok(DescribeApiDestinationOutput {
                api_destination_arn: Some(row.arn()),
                api_destination_state: Some(state(ledger.tx, &row.connection_arn)?),
                connection_arn: Some(row.connection_arn),
                creation_time: Some(row.created_at_ms),
                description: row.description,
                http_method: Some(row.method),
                invocation_endpoint: Some(row.endpoint),
                invocation_rate_limit_per_second: Some(row.rate),
                last_modified_time: Some(row.modified_at_ms),
                name: Some(row.name),
            })
        })
        .await
}
