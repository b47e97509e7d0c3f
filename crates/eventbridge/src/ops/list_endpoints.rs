//! ListEndpoints.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListEndpointsInput;
use crate::api::outputs::ListEndpointsOutput;
use crate::rules::page;
use crate::store::endpoints::{self, EndpointRow};

pub(crate) async fn list_endpoints(
    events: &EventBridge,
    call: &Call,
    input: ListEndpointsInput,
) -> Result<ListEndpointsOutput, Error> {
    let call = call.clone();
    let home = input.home_region.unwrap_or_else(|| call.region.to_string());
    let prefix = input.name_prefix.unwrap_or_default();
    let rows = events.write(move |ledger| Ok(endpoints::select_of(ledger.tx, &call.account, &home)?)).await?;
    let rows: Vec<EndpointRow> = rows.into_iter().filter(|row| row.name.starts_with(&prefix)).collect();
    let page = page::cut(rows, input.max_results, input.next_token.as_deref(), |row| &row.name)?;
    Ok(ListEndpointsOutput {
        endpoints: Some(page.items.iter().map(EndpointRow::to_endpoint).collect()),
        next_token: page.next_token,
    })
}
