//! CreateEndpoint.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::CreateEndpointInput;
use crate::api::outputs::CreateEndpointOutput;
use crate::endpoints::{self as global, ENDPOINTS_MAX};
use crate::errors::{already_exists, limit_exceeded};
use crate::rules::optional_text;
use crate::store::endpoints::{self, EndpointRow, Given};

pub(crate) async fn create_endpoint(
    events: &EventBridge,
    call: &Call,
    input: CreateEndpointInput,
) -> Result<CreateEndpointOutput, Error> {
    let given = Given {
        description: optional_text::given(input.description),
        role_arn: input.role_arn,
        replication: global::replication(input.replication_config),
        routing: input.routing_config,
        buses: global::pair(input.event_buses)?,
    };
    global::check(call, &given)?;
    // Its own is as long, and ends so, as the one in AWS's guide.
    let endpoint_id = format!("{:010x}.veo", events.clock.random_u64() & 0xff_ffff_ffff);
    let call = call.clone();
    let endpoint = events
        .write(move |ledger| {
            let others = endpoints::select_of(ledger.tx, &call.account, call.region.as_str())?;
            if others.iter().any(|other| other.name == input.name) {
                return Err(already_exists("Endpoint", &input.name).into());
            }
            if others.len() >= ENDPOINTS_MAX {
                return Err(limit_exceeded().into());
            }
            let now_ms = ledger.now_ms();
            let row = EndpointRow {
                id: 0,
                account: call.account,
                region: call.region,
                name: input.name,
                endpoint_id,
                created_at_ms: now_ms,
                modified_at_ms: now_ms,
                given,
            };
            endpoints::insert(ledger.tx, &row)?;
            Ok(row.to_endpoint())
        })
        .await?;
    Ok(CreateEndpointOutput {
        arn: endpoint.arn,
        event_buses: endpoint.event_buses,
        name: endpoint.name,
        replication_config: endpoint.replication_config,
        role_arn: endpoint.role_arn,
        routing_config: endpoint.routing_config,
        // AWS says so and is ready later; here it is ready at once, as DescribeEndpoint tells.
        state: Some("CREATING".to_owned()),
    })
}
