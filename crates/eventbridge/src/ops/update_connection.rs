//! UpdateConnection.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::UpdateConnectionInput;
use crate::api::outputs::UpdateConnectionOutput;
use crate::connections::{AUTHORIZED, first_state, parameters};
use crate::ledger::Ledger;
use crate::rules::optional_text;
use crate::store::connections::{self, ConnectionRow};

pub(crate) async fn update_connection(
    events: &EventBridge,
    call: &Call,
    input: UpdateConnectionInput,
) -> Result<UpdateConnectionOutput, Error> {
    let (call, given) = (call.clone(), input.auth_parameters);
    let row = events
        .write(move |ledger| {
            let mut row = ledger.connection(&call, "update", &input.name)?;
            row.modified_at_ms = ledger.now_ms();
            if let Some(kind) = input.authorization_type {
                row.kind = kind;
            }
            let known = connections::select_secret(ledger.tx, row.id)?;
            if known.is_some() || given.is_some() {
                let credentials = parameters::updated(known, &row.kind, given.unwrap_or_default());
                parameters::check(&row.kind, &credentials)?;
                connections::upsert_secret(ledger.tx, row.id, &credentials)?;
                authorize(ledger, &mut row);
            }
            row.description = optional_text::updated(row.description, input.description);
            row.kms_key = optional_text::updated(row.kms_key, input.kms_key_identifier);
            if let Some(given) = input.invocation_connectivity_parameters {
                row.connectivity = Some(given.resource_parameters.resource_configuration_arn);
            }
            connections::update(ledger.tx, &row)?;
            Ok::<_, Failure>(row)
        })
        .await?;
    events.tokens.forget(&row.arn());
    events.authorizing.notify_one();
    Ok(UpdateConnectionOutput {
        connection_arn: Some(row.arn()),
        connection_state: Some(row.state),
        creation_time: Some(row.created_at_ms),
        last_authorized_time: row.authorized_at_ms,
        last_modified_time: Some(row.modified_at_ms),
    })
}

/// AWS: EventBridge User Guide, "Updating connections": an update authorizes anew.
fn authorize(ledger: &Ledger<'_>, row: &mut ConnectionRow) {
    row.state = first_state(&row.kind).to_owned();
    row.state_reason = None;
    row.version += 1;
    if row.state == AUTHORIZED {
        row.authorized_at_ms = Some(ledger.now_ms());
    }
    if row.secret.is_none() {
        row.secret = Some(ledger.new_secret());
    }
}
