//! DeauthorizeConnection.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeauthorizeConnectionInput;
use crate::api::outputs::DeauthorizeConnectionOutput;
use crate::connections::state::DEAUTHORIZED;
use crate::store::connections;

pub(crate) async fn deauthorize_connection(
    events: &EventBridge,
    call: &Call,
    input: DeauthorizeConnectionInput,
) -> Result<DeauthorizeConnectionOutput, Error> {
    let call = call.clone();
    let row = events
        .write(move |ledger| {
            let mut row = ledger.connection(&call, "deauthorize", &input.name)?;
            // AWS: API_DeauthorizeConnection; the parameters go, and with them the secret.
            connections::delete_secret(ledger.tx, row.id)?;
            row.state = DEAUTHORIZED.to_owned();
            row.state_reason = None;
            row.secret = None;
            row.version += 1;
            row.modified_at_ms = ledger.now_ms();
            connections::update(ledger.tx, &row)?;
            Ok::<_, Failure>(row)
        })
        .await?;
    events.tokens.forget(&row.arn());
    Ok(DeauthorizeConnectionOutput {
        connection_arn: Some(row.arn()),
        connection_state: Some("DEAUTHORIZING".to_owned()),
        creation_time: Some(row.created_at_ms),
        last_authorized_time: row.authorized_at_ms,
        last_modified_time: Some(row.modified_at_ms),
    })
}
