//! DeleteConnection.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeleteConnectionInput;
use crate::api::outputs::DeleteConnectionOutput;
use crate::store::connections;

/// The API destinations that use it become inactive. Recorded: test_delete_connection.
pub(crate) async fn delete_connection(
    events: &EventBridge,
    call: &Call,
    input: DeleteConnectionInput,
) -> Result<DeleteConnectionOutput, Error> {
    let call = call.clone();
    let (row, now_ms) = events
        .write(move |ledger| {
            let row = ledger.connection(&call, "delete", &input.name)?;
            connections::delete(ledger.tx, row.id)?;
            Ok::<_, Failure>((row, ledger.now_ms()))
        })
        .await?;
    events.tokens.forget(&row.arn());
    Ok(DeleteConnectionOutput {
        connection_arn: Some(row.arn()),
        connection_state: Some("DELETING".to_owned()),
        creation_time: Some(row.created_at_ms),
        last_authorized_time: row.authorized_at_ms,
        last_modified_time: Some(now_ms),
    })
}
