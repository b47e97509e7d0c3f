//! Sends, and on a FIFO queue sends again: what was in doubt, and some of what was acknowledged.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use bench::http::Endpoint;

use crate::client::{Client, Failure};
use crate::ledger::{Key, Sent};
use crate::world::{GROUPS, MAIN, World};

/// More than this waiting, and the producers let the consumers catch up.
const BACKLOG_MAX: u64 = 3_000;

/// Long enough for most of a cycle, short enough to notice that the server is gone.
const CATCH_UP_MS: u64 = 60;

/// Locks of receives that the kill left in doubt pile up; after so many starts a producer turns to new groups.
const STARTS_PER_GROUP: usize = 20;

/// Acknowledged sends that are repeated after a restart.
const REPEATS: usize = 4;

/// One producer, over all restarts. It alone sends to its groups, so their order is known.
pub(crate) struct Producer {
    groups: Vec<usize>,
    /// Requests to be made, or made again, in this order.
    requests: VecDeque<Vec<Key>>,
    recent: Vec<Key>,
    starts: usize,
}

impl Producer {
    pub(crate) fn new(number: usize, producers: usize) -> Self {
        let groups = (0..GROUPS).filter(|group| group % producers == number).collect();
        Self { groups, requests: VecDeque::new(), recent: Vec::new(), starts: 0 }
    }

    /// Sends until the server is gone.
    pub(crate) async fn run(&mut self, endpoint: &Endpoint, world: &World) -> io::Result<()> {
        let mut client = Client::open(endpoint).await?;
        self.plan_repeats(world);
        self.starts += 1;
        loop {
            if self.requests.is_empty() {
                let_consumers_catch_up(world).await;
                let request = self.invent(world);
                self.requests.push_back(request);
            }
            if self.send_first(&mut client, world).await.is_err() {
                return Ok(());
            }
        }
    }

    fn invent(&mut self, world: &World) -> Vec<Key> {
        let entries = if world.roll(3) == 0 { 2 + world.roll(9) } else { 1 };
        let generation = self.starts / STARTS_PER_GROUP * GROUPS;
        let mut groups = vec![0; entries as usize];
        if world.fifo {
            groups.fill_with(|| generation + self.groups[world.roll(self.groups.len() as u64) as usize]);
        }
        world.ledger.borrow_mut().send_asked(MAIN, &groups)
    }

    /// `Err` when the server is gone.
    pub(crate) async fn send_first(&mut self, client: &mut Client, world: &World) -> Result<(), ()> {
        let Some(keys) = self.requests.front().cloned() else { return Ok(()) };
        let group = |key: Key| world.fifo.then(|| world.ledger.borrow().messages[key].group);
        let messages: Vec<_> = keys.iter().map(|&key| (key, group(key))).collect();
        match client.send(world.queue_name(MAIN), &messages).await {
            Ok(accepted) => {
                for (&key, (id, sequence)) in keys.iter().zip(&accepted) {
                    world.ledger.borrow_mut().send_acknowledged(key, id, *sequence);
                }
                self.recent.extend(&keys);
            }
            Err(Failure::Refused(text)) => world.refused(text),
            Err(Failure::InDoubt) => {
                if !world.fifo {
                    // A standard queue has no way to ask again without sending twice.
                    self.requests.clear();
                }
                return Err(());
            }
        }
        self.requests.pop_front();
        Ok(())
    }

    /// Requests in doubt come first and in their order; repeats of acknowledged ones may stand before them.
    fn plan_repeats(&mut self, world: &World) {
        if !world.fifo {
            return;
        }
        for _ in 0..REPEATS.min(self.recent.len()) {
            let key = self.recent[world.roll(self.recent.len() as u64) as usize];
            debug_assert_eq!(world.ledger.borrow().messages[key].sent, Sent::Acknowledged);
            self.requests.push_front(vec![key]);
        }
        self.recent.clear();
    }

    /// After the last restart: whatever is in doubt is asked for once more.
    pub(crate) async fn finish(&mut self, endpoint: &Endpoint, world: &World) -> io::Result<()> {
        let mut client = Client::open(endpoint).await?;
        self.plan_repeats(world);
        while !self.requests.is_empty() {
            if self.send_first(&mut client, world).await.is_err() {
                return Err(bench::failure("the server went away while it was left in peace"));
            }
        }
        Ok(())
    }
}

async fn let_consumers_catch_up(world: &World) {
    const STEP_MS: u64 = 2;
    for _ in 0..CATCH_UP_MS / STEP_MS {
        if world.ledger.borrow().live(MAIN) <= BACKLOG_MAX {
            return;
        }
        tokio::time::sleep(Duration::from_millis(STEP_MS)).await;
    }
}
