//! RemovePermission.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::RemovePermissionInput;
use crate::api::outputs::RemovePermissionOutput;
use crate::errors::validation;
use crate::rules::named_bus::{self, Deed};
use crate::rules::policy;
use crate::store::buses;

pub(crate) async fn remove_permission(
    events: &EventBridge,
    call: &Call,
    input: RemovePermissionInput,
) -> Result<RemovePermissionOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    let all = input.remove_all_permissions == Some(true);
    if input.statement_id.is_none() && !all {
        return Err(validation("Either StatementId or RemoveAllPermissions must be provided."));
    }
    events
        .write(move |ledger| {
            let id = ledger.find_for(&named, &Deed::on_bus("RemovePermission"))?;
            let known = ledger.bus(id)?.row.policy.clone();
            let left = match &input.statement_id {
                Some(statement) if !all => policy::remove(known.as_deref(), statement)?,
                _ => None,
            };
            let bus = ledger.bus_mut(id)?;
            bus.row.policy = left;
            let row = bus.row.clone();
            buses::update(ledger.tx, &row)?;
            Ok(RemovePermissionOutput {})
        })
        .await
}
