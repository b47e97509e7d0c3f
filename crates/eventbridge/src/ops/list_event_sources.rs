//! ListEventSources.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListEventSourcesInput;
use crate::api::outputs::ListEventSourcesOutput;
use crate::rules::page;
use crate::store::partner_sources::{self as sources, SourceRow};

pub(crate) async fn list_event_sources(
    events: &EventBridge,
    call: &Call,
    input: ListEventSourcesInput,
) -> Result<ListEventSourcesOutput, Error> {
    let (call, prefix) = (call.clone(), input.name_prefix.unwrap_or_default());
    let rows = events
        .write(move |ledger| {
            ledger.expire_event_sources()?;
            Ok(sources::select_of_customer(ledger.tx, &call.account, &call.region)?)
        })
        .await?;
    let rows: Vec<SourceRow> = rows.into_iter().filter(|row| row.name.starts_with(&prefix)).collect();
    let page = page::cut(rows, input.limit, input.next_token.as_deref(), |row| &row.name)?;
    Ok(ListEventSourcesOutput {
        event_sources: Some(page.items.iter().map(SourceRow::to_event_source).collect()),
        next_token: page.next_token,
    })
}
