//! ListPartnerEventSources.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListPartnerEventSourcesInput;
use crate::api::outputs::ListPartnerEventSourcesOutput;
use crate::api::types::PartnerEventSource;
use crate::partners;
use crate::rules::page;
use crate::store::partner_sources::{self as sources, SourceState};

pub(crate) async fn list_partner_event_sources(
    events: &EventBridge,
    call: &Call,
    input: ListPartnerEventSourcesInput,
) -> Result<ListPartnerEventSourcesOutput, Error> {
    let (caller, prefix) = (call.clone(), input.name_prefix);
    let rows = events
        .write(move |ledger| {
            ledger.expire_event_sources()?;
            Ok(sources::select_of_partner(ledger.tx, &caller.account, &caller.region)?)
        })
        .await?;
    let offered = rows.into_iter().filter(|row| row.state != SourceState::Deleted);
    let mut names: Vec<String> =
        offered.map(|row| row.name).filter(|name| name.starts_with(&prefix)).collect();
    // One name may be offered to several customers.
    names.dedup();
    let page = page::cut(names, input.limit, input.next_token.as_deref(), String::as_str)?;
    let listed = page
        .items
        .into_iter()
        .map(|name| PartnerEventSource { arn: Some(partners::arn(&call.region, &name)), name: Some(name) });
    Ok(ListPartnerEventSourcesOutput {
        partner_event_sources: Some(listed.collect()),
        next_token: page.next_token,
    })
}
