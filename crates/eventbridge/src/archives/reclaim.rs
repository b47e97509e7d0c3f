//! What is kept no more: events past an archive's retention, events of deleted archives, old replays.

use failure::Failure;
use storage::Sql;

use crate::ledger::Ledger;
use crate::store::{archived_events, archives, replays};

/// Rows removed in one transaction, of each kind.
const ROWS_A_STEP: u32 = 200;

/// What becomes of replays nobody can delete: AWS shows them for 90 days.
const REPLAY_KEPT_MS: i64 = 90 * 86_400_000;

/// An event that comes in while nothing is about to expire is kept a day at least; so this is often enough.
const LOOK_EVERY_MS: i64 = 60_000;

/// When there is something to reclaim: now, if that has passed.
pub(super) fn due_at_ms(sql: &impl Sql, now_ms: i64) -> Result<i64, storage::Error> {
    if archives::select_deleted(sql)?.is_some() {
        return Ok(now_ms);
    }
    let first_end_ms = replays::select_first_end(sql)?;
    let mut due_ms =
        first_end_ms.map_or(clock::LATEST_MS, |ended_ms| ended_ms.saturating_add(REPLAY_KEPT_MS));
    for archive in archives::select_all(sql)? {
        let Some(retention_ms) = archive.retention_ms() else { continue };
        let look_at_ms = now_ms.saturating_add(LOOK_EVERY_MS);
        let oldest_ms = archived_events::select_oldest(sql, archive.id)?;
        let expires_ms = oldest_ms.map_or(look_at_ms, |oldest_ms| oldest_ms.saturating_add(retention_ms));
        due_ms = due_ms.min(expires_ms).min(look_at_ms);
    }
    Ok(due_ms)
}

impl Ledger<'_> {
    /// Removes some of it.
    pub(super) fn reclaim_archives(&mut self) -> Result<(), Failure> {
        let now_ms = self.now_ms();
        replays::delete_ended(self.tx, now_ms.saturating_sub(REPLAY_KEPT_MS), ROWS_A_STEP)?;
        if let Some(deleted) = archives::select_deleted(self.tx)? {
            if archived_events::delete_some(self.tx, deleted, ROWS_A_STEP)? == 0 {
                archives::delete_deleted(self.tx, deleted)?;
            }
            return Ok(());
        }
        for archive in archives::select_all(self.tx)? {
            if archive.retention_days == 0 {
                continue;
            }
            let until_ms = archive.expired_until_ms(now_ms);
            let sizes = archived_events::delete_expired(self.tx, archive.id, until_ms, ROWS_A_STEP)?;
            if !sizes.is_empty() {
                let events = i64::try_from(sizes.len()).unwrap_or(i64::MAX);
                archives::add_size(self.tx, archive.id, -events, -sizes.iter().sum::<i64>())?;
                return Ok(());
            }
        }
        Ok(())
    }
}
