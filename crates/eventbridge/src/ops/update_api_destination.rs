//! UpdateApiDestination.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::UpdateApiDestinationInput;
use crate::api::outputs::UpdateApiDestinationOutput;
use crate::connections::destination::state;
use crate::connections::parameters::check_url;
use crate::rules::optional_text;
use crate::store::api_destinations;

/// What is left out stays.
pub(crate) async fn update_api_destination(
    events: &EventBridge,
    call: &Call,
    input: UpdateApiDestinationInput,
) -> Result<UpdateApiDestinationOutput, Error> {
    if let Some(endpoint) = &input.invocation_endpoint {
        check_url("InvocationEndpoint", endpoint)?;
    }
    let call = call.clone();
    events
        .write(move |ledger| {
            let mut row = ledger.destination(&call, "update", &input.name)?;
            if let Some(arn) = input.connection_arn {
                ledger.check_connection_arn(&call, "describe", &arn)?;
                row.connection_arn = arn;
            }
            row.description = optional_text::updated(row.description, input.description);
            row.method = input.http_method.unwrap_or(row.method);
            row.endpoint = input.invocation_endpoint.unwrap_or(row.endpoint);
            row.rate = input.invocation_rate_limit_per_second.unwrap_or(row.rate);
            row.modified_at_ms = ledger.now_ms();
            api_destinations::update(ledger.tx, &row)?;
            Ok(UpdateApiDestinationOutput {
                api_destination_arn: Some(row.arn()),
                api_destination_state: Some(state(ledger.tx, &row.connection_arn)?),
                creation_time: Some(row.created_at_ms),
                last_modified_time: Some(row.modified_at_ms),
            })
        })
        .await
}
