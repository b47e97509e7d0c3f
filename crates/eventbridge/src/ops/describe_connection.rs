//! DescribeConnection.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DescribeConnectionInput;
use crate::api::outputs::DescribeConnectionOutput;
use crate::connections::parameters;
use crate::store::connections;

pub(crate) async fn describe_connection(
    events: &EventBridge,
    call: &Call,
    input: DescribeConnectionInput,
) -> Result<DescribeConnectionOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            let row = ledger.connection(&call, "describe", &input.name)?;
            let credentials = connections::select_secret(ledger.tx, row.id)?;
            let private = |arn: &str| parameters::association(&row, arn);
            Ok(DescribeConnectionOutput {
                auth_parameters: credentials.map(|credentials| parameters::shown(&row, &credentials)),
                connection_arn: Some(row.arn()),
                invocation_connectivity_parameters: row.connectivity.as_deref().map(private),
                secret_arn: row.secret_arn(),
                authorization_type: Some(row.kind),
                connection_state: Some(row.state),
                creation_time: Some(row.created_at_ms),
                description: row.description,
                kms_key_identifier: row.kms_key,
                last_authorized_time: row.authorized_at_ms,
                last_modified_time: Some(row.modified_at_ms),
                name: Some(row.name),
                state_reason: row.state_reason,
            })
        })
        .await
}
