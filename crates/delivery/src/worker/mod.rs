//! The worker: reads what is due, makes the attempts, and sleeps until the next one.
//!
//! What is due is decided by the table alone. In memory there is only what must not be tried twice at a time; after a
//! crash an attempt in flight is simply due again, so everything is delivered at least once.

mod attempt;
mod housekeeping;
mod lanes;
mod places;
mod settle;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use clock::LATEST_MS;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};

use crate::core::Core;
use crate::store::outbox::{self, DueRow, Turns};
use lanes::{Lanes, Turn};
use places::Places;

pub(crate) use lanes::SECOND_MS;

/// Rows read at once.
const PAGE: usize = 256;
/// How long attempts in flight may go on when the process ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// Starts the worker and the housekeeping; they end when told so.
pub(crate) fn start(
    core: &Arc<Core>,
    turns: &[Turns],
    closed: &watch::Receiver<bool>,
) -> Vec<JoinHandle<()>> {
    let worker = Worker {
        core: Arc::clone(core),
        lanes: Lanes::new(turns),
        ready: VecDeque::new(),
        flights: JoinSet::new(),
        in_flight: HashMap::new(),
        places: Places::new(core.options.in_flight_max),
        look: None,
        spoiled: HashSet::new(),
    };
    vec![
        tokio::spawn(worker.run(closed.clone())),
        tokio::spawn(housekeeping::run(Arc::clone(core), closed.clone())),
    ]
}

struct Worker {
    core: Arc<Core>,
    lanes: Lanes,
    /// Due, and waiting for a place.
    ready: VecDeque<Ready>,
    flights: JoinSet<()>,
    in_flight: HashMap<Id, Ready>,
    places: Places,
    /// The last look at the table, as long as it holds.
    look: Option<Look>,
    /// An attempt that panicked is not repeated before a restart.
    spoiled: HashSet<i64>,
}

/// A row that is due.
struct Ready {
    id: i64,
    owner: Arc<str>,
}

/// Nothing was due that had not been read, but for owners that hold as many places as they may.
struct Look {
    but: Vec<Arc<str>>,
    /// When more is due.
    next_ms: i64,
}

/// What the worker waits for, besides the end and attempts that land.
enum Wait {
    /// A place.
    Place,
    /// A post, or this moment.
    Until(i64),
}

impl Worker {
    async fn run(mut self, mut closed: watch::Receiver<bool>) {
        loop {
            let wait = match self.launch().await {
                Ok(wait) => wait,
                Err(storage::Error::Closed) => break,
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read");
                    breathe(Duration::from_secs(1)).await;
                    Wait::Until(self.core.clock.now_ms())
                }
            };
            let (until_ms, for_place) = match wait {
                Wait::Place => (LATEST_MS, true),
                Wait::Until(at_ms) => (at_ms, false),
            };
            tokio::select! {
                _ = closed.wait_for(|closed| *closed) => break,
                Some(landed) = self.flights.join_next_with_id() => self.land(landed),
                () = self.core.posted.notified(), if !for_place => self.look = None,
                () = self.core.clock.sleep_until(until_ms), if !for_place => self.look = None,
            }
        }
        let farewell = async { while self.flights.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, farewell).await.is_err() {
            tracing::info!("deliveries in flight are left; they are tried again at the next start");
        }
    }

    /// Starts as many attempts as are due and have a place.
    async fn launch(&mut self) -> Result<Wait, storage::Error> {
        loop {
            self.take_off();
            if self.places.are_taken() {
                return Ok(Wait::Place);
            }
            let greedy = self.places.greedy();
            if let Some(look) = self.look.as_ref().filter(|look| look.but.iter().all(|o| greedy.contains(o)))
            {
                return Ok(Wait::Until(look.next_ms));
            }
            if let Some(next_ms) = self.refill(greedy.clone()).await? {
                self.look = Some(Look { but: greedy, next_ms });
            }
        }
    }

    /// Starts what was read and has a place, in its order.
    fn take_off(&mut self) {
        let Self { core, ready, flights, in_flight, places, .. } = self;
        // Asked once: there may be hundreds of rows of one owner.
        let mut refused: Vec<Arc<str>> = Vec::new();
        ready.retain(|Ready { id, owner }| {
            if places.are_taken() || refused.contains(owner) {
                return true;
            }
            if !places.take(owner) {
                refused.push(Arc::clone(owner));
                return true;
            }
            let flight = flights.spawn(attempt::run(Arc::clone(core), *id));
            in_flight.insert(flight.id(), Ready { id: *id, owner: Arc::clone(owner) });
            false
        });
    }

    /// Reads what is due, but for some owners. Answers when to look again if there is nothing new.
    async fn refill(&mut self, but: Vec<Arc<str>>) -> Result<Option<i64>, storage::Error> {
        let now_ms = self.core.clock.now_ms();
        let read = self.in_flight.values().chain(&self.ready).map(|ready| &ready.id);
        let known: HashSet<i64> = read.chain(&self.spoiled).copied().collect();
        let most = known.len() + PAGE;
        let found = self.core.store.read(move |read| {
            let due = match but.as_slice() {
                [] => outbox::select_due(read, now_ms, most)?,
                but => outbox::select_due_of_others(read, now_ms, most, but)?,
            };
            Ok::<_, storage::Error>((due, outbox::select_next(read, now_ms)?))
        });
        let (due, next_ms) = found.await?;
        let fresh: Vec<DueRow> = due.into_iter().filter(|row| !known.contains(&row.id)).collect();
        if fresh.is_empty() {
            return Ok(Some(next_ms.unwrap_or(LATEST_MS)));
        }
        let mut turns = Vec::new();
        for DueRow { id, owner, pace, granted } in fresh {
            match pace.filter(|_| !granted).map(|pace| self.lanes.take(&pace, now_ms)) {
                Some(Turn::At(at_ms)) => turns.push((id, at_ms)),
                Some(Turn::Now) | None => self.ready.push_back(Ready { id, owner }),
            }
        }
        if !turns.is_empty() {
            let written = self
                .core
                .store
                .write(move |tx| turns.iter().try_for_each(|(id, at_ms)| outbox::set_turn(tx, *id, *at_ms)));
            written.await?;
        }
        Ok(None)
    }

    fn land(&mut self, landed: Result<(Id, ()), JoinError>) {
        let flight = landed.as_ref().map_or_else(JoinError::id, |(flight, ())| *flight);
        let Some(Ready { id, owner }) = self.in_flight.remove(&flight) else { return };
        self.places.give_back(&owner);
        // It may be due again; as long as its owner is left out, that does not matter.
        self.look = self.look.take().filter(|look| look.but.contains(&owner));
        if let Err(error) = landed {
            tracing::error!(id, %error, "an attempt broke off");
            self.spoiled.insert(id);
        }
    }
}

/// A pause in real time, for a store in trouble.
#[expect(clippy::disallowed_methods, reason = "trouble is not to be steered by tests")]
async fn breathe(pause: Duration) {
    tokio::time::sleep(pause).await;
}
