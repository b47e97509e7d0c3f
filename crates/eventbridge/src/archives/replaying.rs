//! One step of a replay: some events are sent and the cursor moves behind them, in one transaction.

use failure::Failure;
use std::sync::Arc;

use crate::event::{json, with_replay_name};
use crate::flow::Arrival;
use crate::ledger::Ledger;
use crate::store::archived_events::{self, ArchivedEventRow, Wanted};
use crate::store::archives::{self, ArchiveRow};
use crate::store::replays::{self, ReplayRow, ReplayState};

/// Events of a step. AWS: API_StartReplay, a replay goes on minute by minute; no step goes beyond the end of one.
const EVENTS_A_STEP: usize = 50;
const BYTES_A_STEP: usize = 1_048_576;
const SLICE_MS: i64 = 60_000;
const MS_PER_SEC: i64 = 1_000;

impl Ledger<'_> {
    /// Takes a replay one step further, unless it is over.
    pub(super) fn step_replay(&mut self, id: i64) -> Result<(), Failure> {
        let Some(mut replay) = replays::select_by_id(self.tx, id)? else { return Ok(()) };
        match replay.state {
            ReplayState::Starting | ReplayState::Running => {}
            ReplayState::Cancelling => return self.end_replay(replay, ReplayState::Cancelled, None),
            ReplayState::Completed | ReplayState::Cancelled | ReplayState::Failed => return Ok(()),
        }
        let Some(archive) = archives::select_by_id(self.tx, replay.archive_id)? else {
            let reason = format!("Archive {} does not exist.", replay.archive_name);
            return self.end_replay(replay, ReplayState::Failed, Some(reason));
        };
        if !self.registry.by_id.contains_key(&replay.bus_id) {
            let reason = format!("Event bus {} does not exist.", archive.bus_name);
            return self.end_replay(replay, ReplayState::Failed, Some(reason));
        }
        let events = self.next_events(&replay, &archive)?;
        let Some(last) = events.last() else {
            return self.end_replay(replay, ReplayState::Completed, None);
        };
        replay.state = ReplayState::Running;
        replay.last = Some((last.time_ms, last.sequence));
        replays::update(self.tx, &replay)?;
        let only: Arc<[String]> = Arc::from(replay.filter_arns.unwrap_or_default());
        let (bus, now_ms) = (replay.bus_id, self.now_ms());
        self.route(events.iter().map(|event| {
            let id = json::member(&event.event, "id").map(json::text_of).unwrap_or_default();
            Arrival {
                bus,
                json: Arc::from(with_replay_name(&event.event, &replay.name.name)),
                id: Arc::from(&*id),
                ingested_at_ms: now_ms,
                trace_header: None,
                forwarded: false,
                replayed_to: Some(Arc::clone(&only)),
            }
        }))
    }

    /// What the next step sends.
    fn next_events(
        &self,
        replay: &ReplayRow,
        archive: &ArchiveRow,
    ) -> Result<Vec<ArchivedEventRow>, storage::Error> {
        // Events tell their time to the second, so the second in which the range begins is part of it.
        let start_ms = replay.event_start_ms.div_euclid(MS_PER_SEC) * MS_PER_SEC;
        let wanted = Wanted {
            archive_id: archive.id,
            after: replay.last.unwrap_or((start_ms, 0)),
            until_ms: replay.event_end_ms,
            expired_until_ms: archive.expired_until_ms(self.now_ms()),
        };
        let (mut slice, mut bytes) = (None, 0);
        archived_events::select_next(self.tx, &wanted, EVENTS_A_STEP, |event| {
            let own_slice = event.time_ms.div_euclid(SLICE_MS);
            // The first one is taken in any case, however large.
            let fits = slice.is_none_or(|slice| slice == own_slice && bytes < BYTES_A_STEP);
            slice = Some(own_slice);
            bytes += event.event.len();
            fits
        })
    }

    fn end_replay(
        &mut self,
        mut replay: ReplayRow,
        state: ReplayState,
        reason: Option<String>,
    ) -> Result<(), Failure> {
        (replay.state, replay.state_reason) = (state, reason);
        replay.ended_at_ms = Some(self.now_ms());
        Ok(replays::update(self.tx, &replay)?)
    }
}
