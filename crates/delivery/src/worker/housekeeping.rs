//! Forgetting what was finished long ago, in small steps.

use std::sync::Arc;

use storage::Sql;
use tokio::sync::watch;

use crate::core::Core;
use crate::store::{attempts, errands, outbox};

/// Rows a step, so that nobody waits for it.
const ROWS_A_STEP: usize = 200;
/// Without many finished deliveries it looks this often at most.
const LOOK_EVERY_MS: i64 = 60_000;

/// Runs until told to stop.
pub(super) async fn run(core: Arc<Core>, mut closed: watch::Receiver<bool>) {
    loop {
        let looked = look(&core).await;
        let (forgotten, oldest_ms) = match looked {
            Ok(looked) => looked,
            Err(storage::Error::Closed) => return,
            Err(error) => {
                tracing::warn!(%error, "finished deliveries were not forgotten");
                (0, None)
            }
        };
        if forgotten >= ROWS_A_STEP && !*closed.borrow() {
            tokio::task::yield_now().await;
            continue;
        }
        let now_ms = core.clock.now_ms();
        let keep_ms = i64::from(core.options.finished_secs) * 1_000;
        let look_at_ms = oldest_ms.unwrap_or(now_ms).saturating_add(keep_ms).max(now_ms + LOOK_EVERY_MS);
        tokio::select! {
            _ = closed.wait_for(|closed| *closed) => return,
            () = core.finished.many.notified() => {}
            () = core.clock.sleep_until(look_at_ms) => {}
        }
    }
}

/// Forgets some; says how many, and when the oldest of those that stay was finished.
async fn look(core: &Core) -> Result<(usize, Option<i64>), storage::Error> {
    let (keep, most) = (i64::from(core.options.finished_secs) * 1_000, core.options.finished_max);
    let stale = core.store.read(move |read| stale(read, read.now_ms() - keep, most)).await?;
    let count = stale.len();
    if count > 0 {
        let forgotten = core.store.write(move |tx| {
            for id in stale {
                attempts::delete(tx, id)?;
                errands::delete(tx, id)?;
                outbox::delete(tx, id)?;
            }
            Ok::<_, storage::Error>(())
        });
        forgotten.await?;
    }
    let oldest_ms = core.store.read(|read| outbox::select_oldest(read)).await?;
    Ok((count, oldest_ms))
}

/// The first of those that are too old or too many.
fn stale(sql: &impl Sql, until_ms: i64, most: usize) -> Result<Vec<i64>, storage::Error> {
    let excess = outbox::count_finished(sql)?.saturating_sub(most).min(ROWS_A_STEP);
    let old = outbox::select_finished(sql, until_ms, ROWS_A_STEP)?;
    if excess > old.len() { outbox::select_finished(sql, i64::MAX, excess) } else { Ok(old) }
}
