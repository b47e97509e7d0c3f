//! ListConnections.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListConnectionsInput;
use crate::api::outputs::ListConnectionsOutput;
use crate::api::types::Connection;
use crate::rules::page;
use crate::store::connections;

pub(crate) async fn list_connections(
    events: &EventBridge,
    call: &Call,
    input: ListConnectionsInput,
) -> Result<ListConnectionsOutput, Error> {
    let call = call.clone();
    let mut rows = events
        .write(move |ledger| Ok(connections::select_all(ledger.tx, &call.account, &call.region)?))
        .await?;
    rows.retain(|row| {
        input.name_prefix.as_ref().is_none_or(|prefix| row.name.starts_with(prefix))
            && input.connection_state.as_ref().is_none_or(|state| row.state == *state)
    });
    let page = page::cut(rows, input.limit, input.next_token.as_deref(), |row| &row.name)?;
    let shown = page.items.into_iter().map(|row| Connection {
        connection_arn: Some(row.arn()),
        authorization_type: Some(row.kind),
        connection_state: Some(row.state),
        creation_time: Some(row.created_at_ms),
        last_authorized_time: row.authorized_at_ms,
        last_modified_time: Some(row.modified_at_ms),
        name: Some(row.name),
        state_reason: row.state_reason,
    });
    Ok(ListConnectionsOutput { connections: Some(shown.collect()), next_token: page.next_token })
}
