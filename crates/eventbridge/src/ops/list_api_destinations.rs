//! ListApiDestinations.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListApiDestinationsInput;
use crate::api::outputs::ListApiDestinationsOutput;
use crate::api::types::ApiDestination;
use crate::connections::destination::state;
use crate::ledger::Ledger;
use crate::rules::page;
use crate::store::api_destinations::{self, DestinationRow};

pub(crate) async fn list_api_destinations(
    events: &EventBridge,
    call: &Call,
    input: ListApiDestinationsInput,
) -> Result<ListApiDestinationsOutput, Error> {
    let call = call.clone();
    events
        .write(move |ledger| {
            let mut rows = api_destinations::select_all(ledger.tx, &call.account, &call.region)?;
            rows.retain(|row| {
                input.name_prefix.as_ref().is_none_or(|prefix| row.name.starts_with(prefix))
                    && input.connection_arn.as_ref().is_none_or(|arn| row.connection_arn == *arn)
            });
            let page = page::cut(rows, input.limit, input.next_token.as_deref(), |row| &row.name)?;
            let shown: Result<Vec<_>, _> = page.items.into_iter().map(|row| shown(ledger, row)).collect();
            Ok(ListApiDestinationsOutput { api_destinations: Some(shown?), next_token: page.next_token })
        })
        .await
}

fn shown(ledger: &Ledger<'_>, row: DestinationRow) -> Result<ApiDestination, Failure> {
    Ok(ApiDestination {
        api_destination_arn: Some(row.arn()),
        api_destination_state: Some(state(ledger.tx, &row.connection_arn)?),
        connection_arn: Some(row.connection_arn),
        creation_time: Some(row.created_at_ms),
        http_method: Some(row.method),
        invocation_endpoint: Some(row.endpoint),
        invocation_rate_limit_per_second: Some(row.rate),
        last_modified_time: Some(row.modified_at_ms),
        name: Some(row.name),
    })
}
