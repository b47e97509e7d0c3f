//! Moves replays on and reclaims what is too old, in small transactions and by what the store says, so that both go on
//! after a restart where they stopped.

use std::sync::{Arc, Weak};

use service::Error;

use super::reclaim;
use crate::EventBridge;
use crate::store::replays;

/// What went wrong is in the log already; it is tried again after this.
const RETRY_AFTER_MS: i64 = 1_000;

/// Starts the task; it ends with the service.
pub(crate) fn start(events: &Arc<EventBridge>) {
    tokio::spawn(run(Arc::downgrade(events)));
}

async fn run(weak: Weak<EventBridge>) {
    loop {
        let Some(events) = weak.upgrade() else { return };
        let (clock, work) = (events.clock.clone(), Arc::clone(&events.archive_work));
        let mut closing = events.closing();
        if *closing.borrow() {
            return;
        }
        let now_ms = clock.now_ms();
        let until_ms = round(&events, now_ms).await.unwrap_or_else(|_| now_ms.saturating_add(RETRY_AFTER_MS));
        // While it waits it must not keep the service alive.
        drop(events);
        if until_ms <= now_ms {
            tokio::task::yield_now().await;
            continue;
        }
        tokio::select! {
            () = work.notified() => {}
            () = clock.sleep_until(until_ms) => {}
            _ = closing.changed() => {}
        }
    }
}

/// One step of everything there is to do; answers when to come again.
async fn round(events: &EventBridge, now_ms: i64) -> Result<i64, Error> {
    let agenda = events
        .store
        .read(move |read| {
            Ok::<_, storage::Error>((replays::select_active(read)?, reclaim::due_at_ms(read, now_ms)?))
        })
        .await;
    let (active, due_ms) = agenda.map_err(|error| {
        tracing::error!(%error, "the archives could not be looked at");
        service::internal_failure()
    })?;
    for id in &active {
        let id = *id;
        events.write(move |ledger| ledger.step_replay(id)).await?;
    }
    if due_ms <= now_ms {
        events.write(|ledger| ledger.reclaim_archives()).await?;
    }
    Ok(if active.is_empty() { due_ms } else { now_ms })
}
