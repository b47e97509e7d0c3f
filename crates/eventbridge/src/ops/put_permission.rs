//! PutPermission.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::PutPermissionInput;
use crate::api::outputs::PutPermissionOutput;
use crate::errors::{parameter_not_valid_because, validation};
use crate::rules::bus_name::BusKey;
use crate::rules::named_bus::{self, Deed};
use crate::rules::policy::{self, Statement};
use crate::store::buses;

pub(crate) async fn put_permission(
    events: &EventBridge,
    call: &Call,
    input: PutPermissionInput,
) -> Result<PutPermissionOutput, Error> {
    let named = named_bus::parse("EventBusName", input.event_bus_name.as_deref(), call)?;
    check(&input, &named.key)?;
    events
        .write(move |ledger| {
            let id = ledger.find_for(&named, &Deed::on_bus("PutPermission"))?;
            let bus = ledger.bus(id)?;
            let policy = match (&input.policy, &input.statement_id, &input.action, &input.principal) {
                (Some(policy), ..) => policy.clone(),
                (None, Some(id), Some(action), Some(principal)) => {
                    let condition = input.condition.as_ref();
                    let statement = Statement { id, action, principal, condition };
                    policy::put(bus.row.policy.as_deref(), &bus.arn, &statement)?
                }
                _ => return Err(missing().into()),
            };
            let bus = ledger.bus_mut(id)?;
            bus.row.policy = Some(policy);
            let row = bus.row.clone();
            buses::update(ledger.tx, &row)?;
            Ok(PutPermissionOutput {})
        })
        .await
}

/// AWS: API_PutPermission; a policy stands alone, everything else comes together.
fn check(input: &PutPermissionInput, bus: &BusKey) -> Result<(), Error> {
    let parts = [&input.action, &input.principal, &input.statement_id];
    match &input.policy {
        Some(_) if parts.iter().any(|part| part.is_some()) || input.condition.is_some() => {
            Err(validation("Action, Principal, StatementId and Condition cannot be set when Policy is set."))
        }
        Some(document) => policy::check(document, bus),
        None if parts.iter().any(|part| part.is_none()) => Err(missing()),
        None if input.action.as_deref() != Some("events:PutEvents") => Err(parameter_not_valid_because(
            "Action",
            "Provided value in parameter 'action' is not supported.",
        )),
        None if input.condition.as_ref().is_some_and(|one| one.key != "aws:PrincipalOrgID") => {
            Err(parameter_not_valid_because("Condition", "Only aws:PrincipalOrgID is supported."))
        }
        // AWS: API_Condition, Type: "Currently the only supported value is StringEquals."
        None if input.condition.as_ref().is_some_and(|one| one.r#type != "StringEquals") => {
            Err(parameter_not_valid_because("Condition", "Only StringEquals is supported."))
        }
        None => Ok(()),
    }
}

fn missing() -> Error {
    validation("Either Policy, or Action, Principal and StatementId must be provided.")
}
