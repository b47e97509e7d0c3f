//! UpdateConnection.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::UpdateConnectionInput;
use crate::api::outputs::UpdateConnectionOutput;
use crate::api::types::UpdateConnectionAuthRequestParameters;
use crate::connections::{parameters, state};
use crate::ledger::Ledger;
use crate::rules::optional_text;
use crate::store::connections::{self, ConnectionRow};

pub(crate) async fn update_connection(
    events: &EventBridge,
    call: &Call,
    input: UpdateConnectionInput,
) -> Result<UpdateConnectionOutput, Error> {
    let call = call.clone();
    let (row, anew) = events
        .write(move |ledger| {
            let mut row = ledger.connection(&call, "update", &input.name)?;
            let mut given = input.auth_parameters.unwrap_or_default();
            if input.authorization_type.as_ref().is_none_or(|kind| *kind == row.kind) {
                given = parameters::of_kind(&row.kind, given);
            }
            let authorizes = input.authorization_type.is_some()
                || input.invocation_connectivity_parameters.is_some()
                || given != UpdateConnectionAuthRequestParameters::default();
            row.modified_at_ms = ledger.now_ms();
            row.description = optional_text::updated(row.description, input.description);
            row.kms_key = optional_text::updated(row.kms_key, input.kms_key_identifier);
            if let Some(kind) = input.authorization_type {
                row.kind = kind;
            }
            if let Some(private) = input.invocation_connectivity_parameters {
                let private = Some(private).filter(parameters::is_private);
                row.connectivity = private.map(|given| given.resource_parameters.resource_configuration_arn);
            }
            let anew = authorizes && authorize(ledger, &mut row, given)?;
            connections::update(ledger.tx, &row)?;
            Ok::<_, Failure>((row, anew))
        })
        .await?;
    if anew {
        events.tokens.forget(&row.arn());
        events.authorizing.notify_one();
    }
    Ok(UpdateConnectionOutput {
        connection_arn: Some(row.arn()),
        connection_state: Some(row.state),
        creation_time: Some(row.created_at_ms),
        last_authorized_time: row.authorized_at_ms,
        last_modified_time: Some(row.modified_at_ms),
    })
}

/// Authorizes anew, unless there are no credentials. AWS: EventBridge User Guide, "Updating connections": an update of the
/// authorization or of the API does, one of the description does not.
fn authorize(
    ledger: &Ledger<'_>,
    row: &mut ConnectionRow,
    given: UpdateConnectionAuthRequestParameters,
) -> Result<bool, Failure> {
    let known = connections::select_secret(ledger.tx, row.id)?;
    if known.is_none() && given == UpdateConnectionAuthRequestParameters::default() {
        return Ok(false);
    }
    let credentials = parameters::updated(known, &row.kind, given);
    parameters::check(&row.kind, &credentials)?;
    connections::upsert_secret(ledger.tx, row.id, &credentials)?;
    row.state = state::first(&row.kind, row.connectivity.is_some()).to_owned();
    row.state_reason = None;
    row.version += 1;
    if state::is_good(&row.state) {
        row.authorized_at_ms = Some(ledger.now_ms());
    }
    if row.secret.is_none() {
        row.secret = Some(ledger.new_secret());
    }
    Ok(true)
}
