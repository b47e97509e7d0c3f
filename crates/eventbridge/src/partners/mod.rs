//! Partner event sources: a partner's account offers one, the customer's account takes it with a bus of its name.
//!
//! AWS: EventBridge User Guide, "Receiving events from a SaaS partner".

#[cfg(test)]
mod tests;

use aws::{AccountId, Arn, Call, Region};
use failure::Failure;

use crate::api::types::EventSource;
use crate::errors::{event_source_does_not_exist, event_source_has_no_bus, event_source_is};
use crate::ledger::Ledger;
use crate::rules::bus_name::BusKey;
use crate::store::partner_sources::{self as sources, SourceRow, SourceState};

/// AWS: API_DeactivateEventSource, "If it remains in PENDING state for more than two weeks, it is deleted."
const PENDING_MS_MAX: i64 = 14 * 24 * 60 * 60 * 1_000;

impl SourceRow {
    /// A source that a partner begins to offer.
    pub(crate) fn new(call: &Call, name: &str, customer: AccountId, now_ms: i64) -> Self {
        Self {
            id: 0,
            region: call.region.clone(),
            name: name.to_owned(),
            customer,
            partner: call.account.clone(),
            state: SourceState::Pending,
            created_at_ms: now_ms,
            expires_at_ms: Some(now_ms + PENDING_MS_MAX),
        }
    }

    pub(crate) fn arn(&self) -> String {
        arn(&self.region, &self.name)
    }

    /// As its customer sees it.
    pub(crate) fn to_event_source(&self) -> EventSource {
        EventSource {
            arn: Some(self.arn()),
            created_by: Some(partner_of(&self.name)),
            creation_time: Some(self.created_at_ms),
            expiration_time: self.expires_at_ms,
            name: Some(self.name.clone()),
            state: Some(self.state.as_str().to_owned()),
        }
    }

    /// The bus that takes its events.
    pub(crate) fn bus(&self) -> BusKey {
        BusKey {
            account: self.customer.clone(),
            region: self.region.clone(),
            name: self.name.as_str().into(),
        }
    }

    fn set_state(&mut self, state: SourceState, now_ms: i64) {
        self.state = state;
        self.expires_at_ms = (state == SourceState::Pending).then_some(now_ms + PENDING_MS_MAX);
    }
}

/// A source's ARN, which names no account.
pub(crate) fn arn(region: &Region, name: &str) -> String {
    let arn = Arn::new("events", region, &AccountId::default(), format!("event-source/{name}"));
    Arn { account: String::new(), ..arn }.to_string()
}

/// `aws.partner/example.com` of `aws.partner/example.com/…`.
fn partner_of(name: &str) -> String {
    name.split('/').take(2).collect::<Vec<&str>>().join("/")
}

impl Ledger<'_> {
    /// Ends what has been pending for two weeks. Comes before every look at the sources.
    pub(crate) fn expire_event_sources(&mut self) -> Result<(), Failure> {
        let now_ms = self.now_ms();
        for row in sources::select_expired(self.tx, now_ms)? {
            self.end_event_source(row)?;
        }
        Ok(())
    }

    /// A source is no longer offered: its customer sees that as long as the bus is there.
    pub(crate) fn end_event_source(&mut self, mut row: SourceRow) -> Result<(), Failure> {
        if !self.registry.by_key.contains_key(&row.bus()) {
            return Ok(sources::delete(self.tx, row.id)?);
        }
        row.set_state(SourceState::Deleted, self.now_ms());
        Ok(sources::update(self.tx, &row)?)
    }

    /// A source offered to the caller, which has to be there.
    pub(crate) fn event_source(&mut self, call: &Call, name: &str) -> Result<SourceRow, Failure> {
        self.expire_event_sources()?;
        sources::select_one(self.tx, &call.region, name, &call.account)?
            .ok_or_else(|| event_source_does_not_exist(name).into())
    }

    /// Turns a source on or off.
    pub(crate) fn switch_event_source(
        &mut self,
        call: &Call,
        name: &str,
        to: SourceState,
    ) -> Result<(), Failure> {
        self.expire_event_sources()?;
        let found = sources::select_one(self.tx, &call.region, name, &call.account)?;
        let found = found.filter(|row| self.registry.by_key.contains_key(&row.bus()));
        let Some(mut row) = found else { return Err(event_source_has_no_bus(name).into()) };
        if row.state == to || row.state == SourceState::Deleted {
            return Err(event_source_is(name, row.state).into());
        }
        row.set_state(to, self.now_ms());
        Ok(sources::update(self.tx, &row)?)
    }

    /// Has a new bus take the events of the partner event source of its name.
    pub(crate) fn associate_event_source(&mut self, bus: &BusKey, source: &str) -> Result<(), Failure> {
        self.expire_event_sources()?;
        let found = sources::select_one(self.tx, &bus.region, source, &bus.account)?;
        let Some(mut row) = found else { return Err(event_source_does_not_exist(source).into()) };
        if row.state != SourceState::Pending {
            return Err(event_source_is(source, row.state).into());
        }
        row.set_state(SourceState::Active, self.now_ms());
        Ok(sources::update(self.tx, &row)?)
    }

    /// A bus that took a source's events is deleted.
    pub(crate) fn release_event_source(&mut self, bus: &BusKey, source: &str) -> Result<(), Failure> {
        let found = sources::select_one(self.tx, &bus.region, source, &bus.account)?;
        let Some(mut row) = found else { return Ok(()) };
        if row.state == SourceState::Deleted {
            return Ok(sources::delete(self.tx, row.id)?);
        }
        row.set_state(SourceState::Pending, self.now_ms());
        Ok(sources::update(self.tx, &row)?)
    }
}
