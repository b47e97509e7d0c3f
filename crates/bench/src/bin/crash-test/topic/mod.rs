//! One topic with five queues, two of them filtered, and an HTTP endpoint: kills in the middle of a fan-out.
//!
//! What must hold: an acknowledged publish is in exactly the queues it should be in, once, and came to the endpoint
//! at least once. A publish in doubt happened for all of them or for none. Start at `ledger.rs`; `run.rs` is the
//! order of events, and `plant.rs` plants faults into a real run to see that they are found.

mod hook;
mod ledger;
mod messages;
mod plant;
mod publisher;
mod reader;
mod run;

use std::cell::{Cell, OnceCell, RefCell};

use crate::ledger::Fault;
use ledger::Ledger;

pub(crate) use plant::{Plant, prove};
pub(crate) use run::run;

/// What everybody in one run shares. One thread, so cells are enough, and no borrow is held over an await.
struct Stage {
    ledger: RefCell<Ledger>,
    dice: RefCell<fastrand::Rng>,
    topic_arn: OnceCell<String>,
    /// The link that the endpoint was sent to confirm its subscription.
    subscribe_url: RefCell<Option<String>>,
    /// Attempts that the endpoint refused on purpose.
    turned_away: Cell<u64>,
}

impl Stage {
    fn new(seed: u64) -> Self {
        Self {
            ledger: RefCell::default(),
            dice: RefCell::new(fastrand::Rng::with_seed(seed)),
            topic_arn: OnceCell::new(),
            subscribe_url: RefCell::default(),
            turned_away: Cell::new(0),
        }
    }

    /// A number below `limit`.
    fn roll(&self, limit: u64) -> u64 {
        self.dice.borrow_mut().u64(0..limit.max(1))
    }

    fn topic_arn(&self) -> &str {
        self.topic_arn.get().map_or("", String::as_str)
    }

    fn fault(&self, fault: Fault, text: impl Into<String>) {
        self.ledger.borrow_mut().fault(fault, text);
    }
}
