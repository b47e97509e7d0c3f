//! UpdateEndpoint.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::UpdateEndpointInput;
use crate::api::outputs::UpdateEndpointOutput;
use crate::endpoints as global;
use crate::rules::optional_text;
use crate::store::endpoints;

pub(crate) async fn update_endpoint(
    events: &EventBridge,
    call: &Call,
    input: UpdateEndpointInput,
) -> Result<UpdateEndpointOutput, Error> {
    let call = call.clone();
    let endpoint = events
        .write(move |ledger| {
            let mut row = ledger.endpoint(&call, call.region.as_str(), &input.name)?;
            // AWS: API_UpdateEndpoint; what is left out stays.
            let given = &mut row.given;
            given.description = optional_text::updated(given.description.take(), input.description);
            given.role_arn = input.role_arn.or(given.role_arn.take());
            if let Some(buses) = input.event_buses {
                given.buses = global::pair(buses)?;
            }
            if let Some(config) = input.replication_config {
                given.replication = global::replication(Some(config));
            }
            if let Some(routing) = input.routing_config {
                given.routing = routing;
            }
            global::check(&call, given)?;
            row.modified_at_ms = ledger.now_ms();
            endpoints::update(ledger.tx, &row)?;
            Ok(row.to_endpoint())
        })
        .await?;
    Ok(UpdateEndpointOutput {
        arn: endpoint.arn,
        endpoint_id: endpoint.endpoint_id,
        endpoint_url: endpoint.endpoint_url,
        event_buses: endpoint.event_buses,
        name: endpoint.name,
        replication_config: endpoint.replication_config,
        role_arn: endpoint.role_arn,
        routing_config: endpoint.routing_config,
        // AWS says so and is ready later; here it is ready at once, as DescribeEndpoint tells.
        state: Some("UPDATING".to_owned()),
    })
}
