//! The worker: reads what is due, makes the attempts, and sleeps until the next one.
//!
//! What is due is decided by the table alone. In memory there is only what must not be tried twice at a time; after a
//! crash an attempt in flight is simply due again, so everything is delivered at least once.

mod attempt;
mod housekeeping;
mod lanes;
mod settle;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use clock::LATEST_MS;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};

use crate::core::Core;
use crate::store::outbox::{self, DueRow, LastTurn};
use lanes::{Lanes, Turn};

/// Rows read at once.
const PAGE: usize = 256;
/// How long attempts in flight may go on when the process ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// Starts the worker and the housekeeping; they end when told so.
pub(crate) fn start(
    core: &Arc<Core>,
    turns: &[LastTurn],
    closed: &watch::Receiver<bool>,
) -> Vec<JoinHandle<()>> {
    let worker = Worker {
        core: Arc::clone(core),
        lanes: Lanes::new(turns),
        ready: VecDeque::new(),
        flights: JoinSet::new(),
        in_flight: HashMap::new(),
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
    ready: VecDeque<i64>,
    flights: JoinSet<()>,
    in_flight: HashMap<Id, i64>,
    /// An attempt that panicked is not repeated before a restart.
    spoiled: HashSet<i64>,
}

/// What the worker waits for, besides the end.
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
                () = self.core.posted.notified(), if !for_place => {}
                () = self.core.clock.sleep_until(until_ms), if !for_place => {}
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
            while self.in_flight.len() < self.core.options.in_flight_max.max(1) {
                let Some(id) = self.ready.pop_front() else { break };
                let flight = self.flights.spawn(attempt::run(Arc::clone(&self.core), id));
                self.in_flight.insert(flight.id(), id);
            }
            if !self.ready.is_empty() {
                return Ok(Wait::Place);
            }
            if let Some(next_ms) = self.refill().await? {
                return Ok(Wait::Until(next_ms));
            }
        }
    }

    /// Reads what is due. Answers when to look again if there is nothing new.
    async fn refill(&mut self) -> Result<Option<i64>, storage::Error> {
        let now_ms = self.core.clock.now_ms();
        let busy: HashSet<i64> = self.in_flight.values().chain(&self.spoiled).copied().collect();
        let most = busy.len() + PAGE;
        let found = self.core.store.read(move |read| {
            Ok::<_, storage::Error>((
                outbox::select_due(read, now_ms, most)?,
                outbox::select_next(read, now_ms)?,
            ))
        });
        let (due, next_ms) = found.await?;
        let fresh: Vec<DueRow> = due.into_iter().filter(|row| !busy.contains(&row.id)).collect();
        if fresh.is_empty() {
            return Ok(Some(next_ms.unwrap_or(LATEST_MS)));
        }
        let mut turns = Vec::new();
        for row in fresh {
            match row.pace.as_ref().filter(|_| !row.granted) {
                Some(pace) => match self.lanes.take(pace, now_ms) {
                    Turn::Now => self.ready.push_back(row.id),
                    Turn::At(at_ms) => turns.push((row.id, at_ms)),
                },
                None => self.ready.push_back(row.id),
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
        match landed {
            Ok((flight, ())) => {
                self.in_flight.remove(&flight);
            }
            Err(error) => {
                let id = self.in_flight.remove(&error.id());
                tracing::error!(id, %error, "an attempt broke off");
                self.spoiled.extend(id);
            }
        }
    }
}

/// A pause in real time, for a store in trouble.
#[expect(clippy::disallowed_methods, reason = "trouble is not to be steered by tests")]
async fn breathe(pause: Duration) {
    tokio::time::sleep(pause).await;
}
