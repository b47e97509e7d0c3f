//! DescribeEventSource.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DescribeEventSourceInput;
use crate::api::outputs::DescribeEventSourceOutput;

pub(crate) async fn describe_event_source(
    events: &EventBridge,
    call: &Call,
    input: DescribeEventSourceInput,
) -> Result<DescribeEventSourceOutput, Error> {
    let call = call.clone();
    let row = events.write(move |ledger| ledger.event_source(&call, &input.name)).await?;
    let source = row.to_event_source();
    Ok(DescribeEventSourceOutput {
        arn: source.arn,
        created_by: source.created_by,
        creation_time: source.creation_time,
        expiration_time: source.expiration_time,
        name: source.name,
        state: source.state,
    })
}
