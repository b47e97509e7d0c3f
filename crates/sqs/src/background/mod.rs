//! What SQS does when nobody asks: reclaim rows, expire messages, move dead letters back.
//!
//! All of it in small steps, each a transaction of its own, so that it never makes a caller wait; and all of it
//! decided by what the store says, so that it goes on after a restart where it stopped.

mod movers;
mod reclaim;

use std::sync::{Arc, Weak};

use crate::Sqs;

/// Without work to do the background looks this often whether something has expired.
const LOOK_EVERY_MS: i64 = 10_000;

/// Starts the background; it ends with the service.
pub(crate) fn start(sqs: &Arc<Sqs>) {
    tokio::spawn(run(Arc::downgrade(sqs)));
}

async fn run(weak: Weak<Sqs>) {
    let mut movers = movers::Movers::default();
    loop {
        let Some(sqs) = weak.upgrade() else { return };
        let (clock, work, mut closing) = (sqs.clock.clone(), Arc::clone(&sqs.work), sqs.closing());
        if *closing.borrow() {
            return;
        }
        let more = reclaim::step(&sqs).await;
        let next_move_ms = movers.step(&sqs).await;
        let more = more || next_move_ms.is_some_and(|at_ms| at_ms <= clock.now_ms());
        // While it waits it must not keep the service alive.
        drop(sqs);
        if more {
            tokio::task::yield_now().await;
            continue;
        }
        let look_at_ms = clock.now_ms() + LOOK_EVERY_MS;
        let until_ms = next_move_ms.map_or(look_at_ms, |at_ms| at_ms.min(look_at_ms));
        tokio::select! {
            () = work.notified() => {}
            () = clock.sleep_until(until_ms) => {}
            _ = closing.changed() => {}
        }
    }
}
