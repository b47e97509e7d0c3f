//! Archives and replays.
//!
//! An archive is filled by a rule of its bus ([`managed_rule`]): what matches is kept in the transaction of whoever put
//! the event. A replay is a cursor over an archive, in the order of the events' own times; the [`background`] moves it on
//! and sends what lies between, both in one transaction. It also lets go what is too old.
//!
//! Scheduled events are archived nowhere: they go from their rule to its targets and arrive at no bus.

pub(crate) mod background;
pub(crate) mod managed_rule;
pub(crate) mod names;
mod reclaim;
mod replaying;
#[cfg(test)]
mod tests;

use aws::AccountId;
use clock::calendar;
use failure::Failure;

use crate::event::json;
use crate::flow::Arrival;
use crate::ledger::Ledger;
use crate::store::archives::{self, ArchiveRow};
use crate::store::{archived_events, replays};

impl Ledger<'_> {
    /// Keeps an event in an archive.
    pub(crate) fn archive(&mut self, archive: i64, arrival: &Arrival) -> Result<(), Failure> {
        let Some(time_ms) = time_to_keep(arrival) else { return Ok(()) };
        archived_events::insert(self.tx, archive, time_ms, self.now_ms(), &arrival.json)?;
        let bytes = i64::try_from(arrival.json.len()).unwrap_or(i64::MAX);
        Ok(archives::add_size(self.tx, archive, 1, bytes)?)
    }

    /// Adds an archive with its rule; answers its id.
    pub(crate) fn add_archive(&mut self, mut row: ArchiveRow) -> Result<(), Failure> {
        row.id = archives::insert(self.tx, &row)?;
        self.put_managed_rule(&row)
    }

    /// Puts a changed row in the place of the one of its id.
    pub(crate) fn replace_archive(&mut self, row: &ArchiveRow) -> Result<(), Failure> {
        archives::update(self.tx, row)?;
        if self.registry.by_id.contains_key(&row.bus_id) { self.put_managed_rule(row) } else { Ok(()) }
    }

    /// Removes an archive. Its events are reclaimed in the background; replays of it fail.
    pub(crate) fn remove_archive(&mut self, row: &ArchiveRow) -> Result<(), Failure> {
        archives::delete(self.tx, row.id)?;
        self.remove_managed_rule(row)
    }

    /// Deletes every archive and replay, or those of one account.
    pub(crate) fn forget_archives(&mut self, account: Option<&AccountId>) -> Result<(), Failure> {
        replays::delete_of(self.tx, account)?;
        for archive in archives::select_all(self.tx)? {
            if account.is_none_or(|account| archive.name.account == *account) {
                self.remove_archive(&archive)?;
            }
        }
        Ok(())
    }
}

/// The time the event tells; nothing if it is a replayed one, whatever an archive's pattern says of those.
fn time_to_keep(arrival: &Arrival) -> Option<i64> {
    let mut time_ms = arrival.ingested_at_ms;
    for (key, value) in json::members(&arrival.json) {
        match key {
            r#""time""# => time_ms = calendar::parse_iso8601(&json::text_of(value)).unwrap_or(time_ms),
            r#""replay-name""# => return None,
            // What stands in the envelope stands before.
            r#""resources""# => break,
            _ => {}
        }
    }
    Some(time_ms)
}
