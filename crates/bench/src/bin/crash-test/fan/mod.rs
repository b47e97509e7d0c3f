//! A source that fans out to queues and to an HTTP endpoint: kills in the middle of it.
//!
//! What must hold: what was acknowledged is in exactly the queues it should be in, once, and came to the endpoint
//! at least once. What is in doubt happened for all of them or for none. Start at `ledger.rs`; `run.rs` is the
//! order of events, and `plant.rs` plants faults into a real run to see that they are found. What differs between
//! a topic and an event bus is their [`Source`].

mod hook;
pub(crate) mod ledger;
pub(crate) mod messages;
mod plant;
mod publisher;
mod reader;
mod run;

use std::cell::{Cell, RefCell};
use std::io;
use std::net::SocketAddr;

use hyper::HeaderMap;
use serde_json::Value;

use crate::client::{Client, Failure};
use crate::ledger::Fault;
use ledger::{Key, Ledger};
use messages::{Opened, Plan};

pub(crate) use plant::{Plant, prove};
pub(crate) use run::run;

/// What publishes, and how its deliveries are read.
pub(crate) trait Source: Default + 'static {
    /// What the report calls it.
    const NAME: &'static str;
    /// The queues, and who gets what.
    const PLAN: Plan;
    /// The faults that can be planted.
    const PLANTS: &'static [Plant];

    /// Creates everything but the queues of the plan, which are there, and makes `hook` the endpoint.
    async fn create(&self, client: &mut Client, hook: SocketAddr) -> io::Result<()>;

    /// Says what was created, so that it can be compared after the kills.
    async fn described(&self, client: &mut Client) -> io::Result<Vec<String>>;

    /// Publishes in one request. Answers the ids.
    async fn publish(&self, client: &mut Client, keys: &[Key]) -> Result<Vec<String>, Failure>;

    /// Opens one message of a ReceiveMessage answer.
    fn open(queue: usize, message: &Value) -> Opened;

    /// Opens a call of the endpoint; nothing if it delivers nothing.
    fn open_call(&self, head: &HeaderMap, body: &str) -> Option<Opened>;

    /// Puts a message into a queue that looks as if it came from here.
    async fn smuggle(client: &mut Client, queue: usize, key: Key) -> Result<(), Failure>;

    /// Plants what the ledger knows nothing of and only [`Source::settle`] can find.
    async fn plant(&self, planted: Plant, client: &mut Client) -> Result<(), Failure>;

    /// After everything has arrived: whatever else is wrong. So many publishes are known to have happened.
    async fn settle(&self, client: &mut Client, happened: u64) -> io::Result<Vec<(Fault, String)>>;
}

/// What everybody in one run shares. One thread, so cells are enough, and no borrow is held over an await.
struct Stage<S> {
    source: S,
    ledger: RefCell<Ledger>,
    dice: RefCell<fastrand::Rng>,
    /// Attempts that the endpoint refused on purpose.
    turned_away: Cell<u64>,
    /// The publish that the endpoint accepts and forgets; planted.
    forgotten: Cell<Option<Key>>,
}

impl<S: Source> Stage<S> {
    fn new(seed: u64) -> Self {
        Self {
            source: S::default(),
            ledger: RefCell::new(Ledger::new(S::PLAN)),
            dice: RefCell::new(fastrand::Rng::with_seed(seed)),
            turned_away: Cell::new(0),
            forgotten: Cell::new(None),
        }
    }

    /// A number below `limit`.
    fn roll(&self, limit: u64) -> u64 {
        self.dice.borrow_mut().u64(0..limit.max(1))
    }

    fn fault(&self, fault: Fault, text: impl Into<String>) {
        self.ledger.borrow_mut().fault(fault, text);
    }
}
