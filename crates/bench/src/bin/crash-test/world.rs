//! What producers and consumers of one run share: the ledger, the dice, the time.

use std::cell::{Cell, RefCell};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::ledger::{Fault, Ledger};

/// Message groups of the main queue.
pub(crate) const GROUPS: usize = 32;

/// The queue that is sent to, received and deleted from.
pub(crate) const MAIN: usize = 0;

/// The queue that is purged.
pub(crate) const PURGED: usize = 1;

/// Everything happens on one thread, so cells are enough, and no borrow is held over an await.
pub(crate) struct World {
    pub(crate) fifo: bool,
    pub(crate) ledger: RefCell<Ledger>,
    pub(crate) dice: RefCell<fastrand::Rng>,
    /// How far the server's clock was moved ahead of the machine's.
    pub(crate) shift_ms: Cell<i64>,
}

impl World {
    pub(crate) fn new(fifo: bool, seed: u64) -> Self {
        Self {
            fifo,
            ledger: RefCell::new(Ledger::new(fifo, 2)),
            dice: RefCell::new(fastrand::Rng::with_seed(seed)),
            shift_ms: Cell::new(0),
        }
    }

    pub(crate) fn queue_name(&self, queue: usize) -> &'static str {
        match (self.fifo, queue) {
            (false, MAIN) => "main",
            (false, _) => "purged",
            (true, MAIN) => "main.fifo",
            (true, _) => "purged.fifo",
        }
    }

    pub(crate) fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX) + self.shift_ms.get()
    }

    /// A number below `limit`.
    pub(crate) fn roll(&self, limit: u64) -> u64 {
        self.dice.borrow_mut().u64(0..limit.max(1))
    }

    pub(crate) fn refused(&self, text: String) {
        self.ledger.borrow_mut().fault(Fault::Refused, text);
    }
}
