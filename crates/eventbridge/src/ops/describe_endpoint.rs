//! DescribeEndpoint.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DescribeEndpointInput;
use crate::api::outputs::DescribeEndpointOutput;

pub(crate) async fn describe_endpoint(
    events: &EventBridge,
    call: &Call,
    input: DescribeEndpointInput,
) -> Result<DescribeEndpointOutput, Error> {
    let call = call.clone();
    let row = events
        .write(move |ledger| {
            // AWS: API_DescribeEndpoint, HomeRegion: the primary one, where the endpoint was created.
            let home = input.home_region.as_deref().unwrap_or(call.region.as_str());
            ledger.endpoint(&call, home, &input.name)
        })
        .await?;
    let endpoint = row.to_endpoint();
    Ok(DescribeEndpointOutput {
        arn: endpoint.arn,
        creation_time: endpoint.creation_time,
        description: endpoint.description,
        endpoint_id: endpoint.endpoint_id,
        endpoint_url: endpoint.endpoint_url,
        event_buses: endpoint.event_buses,
        last_modified_time: endpoint.last_modified_time,
        name: endpoint.name,
        replication_config: endpoint.replication_config,
        role_arn: endpoint.role_arn,
        routing_config: endpoint.routing_config,
        state: endpoint.state,
        state_reason: None,
    })
}
