//! PutEvents.

use std::sync::Arc;

use aws::Call;
use failure::Failure;
use service::{Error, not_authorized};

use crate::EventBridge;
use crate::api::inputs::PutEventsInput;
use crate::api::outputs::PutEventsOutput;
use crate::api::types::{PutEventsRequestEntry, PutEventsResultEntry};
use crate::errors::{too_many_entries, total_size_over_limit};
use crate::event::{Entry, Event};
use crate::flow::Arrival;
use crate::ledger::Ledger;
use crate::rules::bus_name::{self, BusKey};
use crate::rules::policy::{self, Asking, Key, PUT_EVENTS};

/// AWS: API_PutEvents, Entries. Not checked with the rest of the model, because AWS quotes the entries.
const ENTRIES_MAX: usize = 10;

/// An entry on its way: to the bus it names, or failed already.
type Draft = Result<Accepted, PutEventsResultEntry>;

/// An event that is ready for its bus.
struct Accepted {
    bus: BusKey,
    id: Arc<str>,
    source: String,
    detail_type: String,
    json: Arc<str>,
    trace_header: Option<Arc<str>>,
    ingested_at_ms: i64,
}

impl Accepted {
    /// What conditions of a policy may ask.
    fn keys(&self) -> [Key; 2] {
        policy::keys_of_event(&self.source, &self.detail_type)
    }
}

pub(crate) async fn put_events(
    events: &EventBridge,
    call: &Call,
    input: PutEventsInput,
) -> Result<PutEventsOutput, Error> {
    if input.entries.len() > ENTRIES_MAX {
        return Err(too_many_entries(&input.entries, ENTRIES_MAX));
    }
    let bytes: usize = input.entries.iter().map(|entry| offered(entry).size()).sum();
    if bytes >= events.options.limits.put_events_bytes {
        return Err(total_size_over_limit());
    }
    let now_ms = events.clock.now_ms();
    let drafts: Vec<Draft> =
        input.entries.iter().map(|entry| draft(events, call, entry, now_ms)).collect::<Result<_, _>>()?;
    let (call, endpoint) = (call.clone(), input.endpoint_id);
    let entries = events
        .write(move |ledger| {
            let copies = match &endpoint {
                Some(endpoint) => Some(ledger.endpoint_buses(&call, endpoint)?),
                None => None,
            };
            let mut arrivals = Vec::with_capacity(drafts.len());
            let put = |draft: Draft| match draft {
                Ok(accepted) => put(ledger, &call, accepted, copies.as_deref(), &mut arrivals),
                Err(failed) => Ok(failed),
            };
            let entries = drafts.into_iter().map(put).collect::<Result<Vec<_>, Failure>>()?;
            ledger.route(arrivals)?;
            Ok::<_, Failure>(entries)
        })
        .await?;
    let failed = entries.iter().filter(|entry| entry.error_code.is_some()).count();
    Ok(PutEventsOutput {
        entries: Some(entries),
        failed_entry_count: Some(i32::try_from(failed).unwrap_or(i32::MAX)),
    })
}

fn offered(entry: &PutEventsRequestEntry) -> Entry<'_> {
    Entry {
        source: entry.source.as_deref(),
        detail_type: entry.detail_type.as_deref(),
        detail: entry.detail.as_deref(),
        resources: entry.resources.as_deref().unwrap_or_default(),
        has_time: entry.time.is_some(),
    }
}

/// Checks an entry and makes the event of it. What is wrong with the name of its bus fails the whole request.
fn draft(
    events: &EventBridge,
    call: &Call,
    entry: &PutEventsRequestEntry,
    now_ms: i64,
) -> Result<Draft, Error> {
    let bus = bus_name::parse("EventBusName", entry.event_bus_name.as_deref(), call)?;
    let checked = match offered(entry).check() {
        Ok(checked) => checked,
        Err(fault) => {
            return Ok(Err(PutEventsResultEntry {
                error_code: Some(fault.code().to_owned()),
                error_message: Some(fault.to_string()),
                event_id: None,
            }));
        }
    };
    let id = events.clock.uuid_v4().to_string();
    let event = Event {
        id: &id,
        detail_type: checked.detail_type,
        source: checked.source,
        account: call.account.as_str(),
        time_ms: entry.time.unwrap_or(now_ms),
        region: call.region.as_str(),
        replay_name: None,
        resources: entry.resources.as_deref().unwrap_or_default(),
        detail: &checked.detail,
    };
    Ok(Ok(Accepted {
        bus,
        json: Arc::from(event.to_json()),
        source: checked.source.to_owned(),
        detail_type: checked.detail_type.to_owned(),
        trace_header: entry.trace_header.as_deref().or(call.trace_header.as_deref()).map(Arc::from),
        id: Arc::from(id),
        ingested_at_ms: now_ms,
    }))
}

/// Has an event arrive at its bus. A bus that is not there takes it without a word. Recorded:
/// test_put_events_nonexistent_event_bus.
fn put(
    ledger: &mut Ledger<'_>,
    call: &Call,
    accepted: Accepted,
    copies: Option<&[BusKey]>,
    arrivals: &mut Vec<Arrival>,
) -> Result<PutEventsResultEntry, Failure> {
    let answer = PutEventsResultEntry { event_id: Some(accepted.id.to_string()), ..Default::default() };
    let own = [accepted.bus.clone()];
    for key in copies.unwrap_or(&own) {
        let Some(bus) = ledger.look_up(key)? else { continue };
        let there = ledger.bus(bus)?;
        let lets_in = || {
            let keys = accepted.keys();
            let asking =
                Asking { account: &call.account, action: PUT_EVENTS, resource: &there.arn, keys: &keys };
            policy::lets_in(there.row.policy.as_deref(), &asking)
        };
        if key.account != call.account && !lets_in() {
            let refused = not_authorized(&call.account, PUT_EVENTS, &there.arn);
            return Ok(PutEventsResultEntry {
                error_code: Some("AccessDeniedException".to_owned()),
                error_message: Some(refused),
                event_id: None,
            });
        }
        arrivals.push(Arrival {
            bus,
            id: Arc::clone(&accepted.id),
            json: Arc::clone(&accepted.json),
            ingested_at_ms: accepted.ingested_at_ms,
            trace_header: accepted.trace_header.clone(),
            forwarded: false,
            replayed_to: None,
        });
    }
    Ok(answer)
}
