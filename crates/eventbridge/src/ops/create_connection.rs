//! CreateConnection.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::CreateConnectionInput;
use crate::api::outputs::CreateConnectionOutput;
use crate::connections::{Credentials, parameters, state};
use crate::errors::{already_exists, limit_exceeded};
use crate::rules::optional_text;
use crate::store::connections::{self, ConnectionRow};

pub(crate) async fn create_connection(
    events: &EventBridge,
    call: &Call,
    input: CreateConnectionInput,
) -> Result<CreateConnectionOutput, Error> {
    let mut given = input.auth_parameters;
    given.connectivity_parameters = given.connectivity_parameters.filter(parameters::is_private);
    let credentials = Credentials(given);
    parameters::check(&input.authorization_type, &credentials)?;
    let private = input.invocation_connectivity_parameters.filter(parameters::is_private);
    let (call, most) = (call.clone(), events.options.limits.connections);
    let output = events
        .write(move |ledger| {
            if connections::select(ledger.tx, &call.account, &call.region, &input.name)?.is_some() {
                return Err(already_exists("Connection", &input.name).into());
            }
            if connections::count(ledger.tx, &call.account, &call.region)? >= most {
                return Err(limit_exceeded().into());
            }
            let (now_ms, first) =
                (ledger.now_ms(), state::first(&input.authorization_type, private.is_some()));
            let row = ConnectionRow {
                id: 0,
                account: call.account,
                region: call.region,
                name: input.name,
                uuid: ledger.clock.uuid_v4().to_string(),
                description: optional_text::given(input.description),
                kind: input.authorization_type,
                state: first.to_owned(),
                state_reason: None,
                secret: Some(ledger.new_secret()),
                kms_key: optional_text::given(input.kms_key_identifier),
                connectivity: private.map(|given| given.resource_parameters.resource_configuration_arn),
                version: 0,
                created_at_ms: now_ms,
                modified_at_ms: now_ms,
                authorized_at_ms: state::is_good(first).then_some(now_ms),
            };
            let id = connections::insert(ledger.tx, &row)?;
            connections::upsert_secret(ledger.tx, id, &credentials)?;
            Ok(CreateConnectionOutput {
                connection_arn: Some(row.arn()),
                connection_state: Some(row.state),
                creation_time: Some(now_ms),
                last_modified_time: Some(now_ms),
            })
        })
        .await?;
    events.authorizing.notify_one();
    Ok(output)
}
