//! PutPartnerEvents.

use std::sync::Arc;

use aws::Call;
use failure::Failure;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::PutPartnerEventsInput;
use crate::api::outputs::PutPartnerEventsOutput;
use crate::api::types::{PutPartnerEventsRequestEntry, PutPartnerEventsResultEntry};
use crate::errors::total_size_over_limit;
use crate::event::{Entry, EntryFault, Event};
use crate::flow::Arrival;
use crate::ledger::Ledger;
use crate::store::partner_sources::{self as sources, SourceRow, SourceState};

/// An entry that can become an event.
struct Draft {
    id: Arc<str>,
    source: String,
    detail_type: String,
    detail: String,
    resources: Vec<String>,
    time_ms: i64,
}

pub(crate) async fn put_partner_events(
    events: &EventBridge,
    call: &Call,
    input: PutPartnerEventsInput,
) -> Result<PutPartnerEventsOutput, Error> {
    let bytes: usize = input.entries.iter().map(|entry| offered(entry).size()).sum();
    if bytes >= events.options.limits.put_events_bytes {
        return Err(total_size_over_limit());
    }
    let now_ms = events.clock.now_ms();
    let drafts: Vec<Result<Draft, EntryFault>> =
        input.entries.iter().map(|entry| draft(events, entry, now_ms)).collect();
    let call = call.clone();
    let entries = events
        .write(move |ledger| {
            ledger.expire_event_sources()?;
            let put = |draft: Result<Draft, EntryFault>| match draft {
                Ok(draft) => put(ledger, &call, &draft, now_ms),
                Err(fault) => Ok(failed(fault)),
            };
            drafts.into_iter().map(put).collect::<Result<Vec<_>, Failure>>()
        })
        .await?;
    let failed = entries.iter().filter(|entry| entry.error_code.is_some()).count();
    Ok(PutPartnerEventsOutput {
        entries: Some(entries),
        failed_entry_count: Some(i32::try_from(failed).unwrap_or(i32::MAX)),
    })
}

fn offered(entry: &PutPartnerEventsRequestEntry) -> Entry<'_> {
    Entry {
        source: entry.source.as_deref(),
        detail_type: entry.detail_type.as_deref(),
        detail: entry.detail.as_deref(),
        resources: entry.resources.as_deref().unwrap_or_default(),
        has_time: entry.time.is_some(),
    }
}

fn draft(
    events: &EventBridge,
    entry: &PutPartnerEventsRequestEntry,
    now_ms: i64,
) -> Result<Draft, EntryFault> {
    let checked = offered(entry).check_of_partner()?;
    Ok(Draft {
        id: Arc::from(events.clock.uuid_v4().to_string()),
        source: checked.source.to_owned(),
        detail_type: checked.detail_type.to_owned(),
        detail: checked.detail,
        resources: entry.resources.clone().unwrap_or_default(),
        time_ms: entry.time.unwrap_or(now_ms),
    })
}

fn failed(fault: EntryFault) -> PutPartnerEventsResultEntry {
    PutPartnerEventsResultEntry {
        error_code: Some(fault.code().to_owned()),
        error_message: Some(fault.to_string()),
        event_id: None,
    }
}

/// Routes an event to every customer that takes its source; those that do not never hear of it.
fn put(
    ledger: &mut Ledger<'_>,
    call: &Call,
    draft: &Draft,
    now_ms: i64,
) -> Result<PutPartnerEventsResultEntry, Failure> {
    let offered = sources::select_offered(ledger.tx, &call.region, &draft.source, &call.account)?;
    if offered.is_empty() {
        return Ok(failed(EntryFault::ReservedSource));
    }
    for source in offered.iter().filter(|source| source.state == SourceState::Active) {
        arrive(ledger, call, source, draft, now_ms)?;
    }
    Ok(PutPartnerEventsResultEntry { event_id: Some(draft.id.to_string()), ..Default::default() })
}

fn arrive(
    ledger: &mut Ledger<'_>,
    call: &Call,
    source: &SourceRow,
    draft: &Draft,
    now_ms: i64,
) -> Result<(), Failure> {
    let Some(bus) = ledger.look_up(&source.bus())? else { return Ok(()) };
    let event = Event {
        id: &draft.id,
        detail_type: &draft.detail_type,
        source: &draft.source,
        account: source.customer.as_str(),
        time_ms: draft.time_ms,
        region: call.region.as_str(),
        replay_name: None,
        resources: &draft.resources,
        detail: &draft.detail,
    };
    ledger.route([Arrival {
        bus,
        id: Arc::clone(&draft.id),
        json: Arc::from(event.to_json()),
        ingested_at_ms: now_ms,
        trace_header: call.trace_header.as_deref().map(Arc::from),
        forwarded: false,
        replayed_to: None,
    }])
}
