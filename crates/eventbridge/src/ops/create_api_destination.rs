//! CreateApiDestination.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::CreateApiDestinationInput;
use crate::api::outputs::CreateApiDestinationOutput;
use crate::connections::destination::{RATE_DEFAULT, state};
use crate::connections::parameters::check_url;
use crate::errors::{api_destination_already_exists, limit_exceeded};
use crate::rules::optional_text;
use crate::store::api_destinations::{self, DestinationRow};

pub(crate) async fn create_api_destination(
    events: &EventBridge,
    call: &Call,
    input: CreateApiDestinationInput,
) -> Result<CreateApiDestinationOutput, Error> {
    check_url("InvocationEndpoint", &input.invocation_endpoint)?;
    let (call, most) = (call.clone(), events.options.limits.api_destinations);
    events
        .write(move |ledger| {
            if api_destinations::select(ledger.tx, &call.account, &call.region, &input.name)?.is_some() {
                return Err(api_destination_already_exists(&input.name).into());
            }
            ledger.check_connection_arn(&call, "describe", &input.connection_arn)?;
            if api_destinations::count(ledger.tx, &call.account, &call.region)? >= most {
                return Err(limit_exceeded().into());
            }
            let now_ms = ledger.now_ms();
            let row = DestinationRow {
                id: 0,
                account: call.account,
                region: call.region,
                name: input.name,
                uuid: ledger.clock.uuid_v4().to_string(),
                connection_arn: input.connection_arn,
                description: optional_text::given(input.description),
                method: input.http_method,
                endpoint: input.invocation_endpoint,
                rate: input.invocation_rate_limit_per_second.unwrap_or(RATE_DEFAULT),
                created_at_ms: now_ms,
                modified_at_ms: now_ms,
            };
            api_destinations::insert(ledger.tx, &row)?;
            Ok(CreateApiDestinationOutput {
                api_destination_arn: Some(row.arn()),
                api_destination_state: Some(state(ledger.tx, &row.connection_arn)?),
                creation_time: Some(now_ms),
                last_modified_time: Some(now_ms),
            })
        })
        .await
}
