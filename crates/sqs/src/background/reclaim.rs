//! Reclaims what is gone already: expired messages, old deduplication ids and attempts, and the rows of deleted
//! and purged queues.

use failure::Failure;
use std::collections::HashMap;

use crate::Sqs;
use crate::ledger::Ledger;
use crate::ops::RECENTLY_MS;
use crate::store::{attempts, deduplications, messages, queues, reclaims};

/// Rows deleted, or states looked at, in one transaction.
const ROWS_A_STEP: usize = 500;
const STATES_A_STEP: i64 = 2_000;

/// Does one step; whether there is more to do at once.
pub(super) async fn step(sqs: &Sqs) -> bool {
    // The log has told what went wrong; the next look tries again.
    sqs.write(|ledger| {
        let rows = i64::try_from(ROWS_A_STEP).unwrap_or(i64::MAX);
        let now_ms = ledger.now_ms();
        let mut more = expired_messages(ledger)?;
        more |= deduplications::delete_expired(ledger.tx, now_ms, rows)? == ROWS_A_STEP;
        more |= attempts::delete_expired(ledger.tx, now_ms, rows)? == ROWS_A_STEP;
        queues::forget_deleted(ledger.tx, now_ms - RECENTLY_MS)?;
        more |= lost_rows(ledger)?;
        Ok(more)
    })
    .await
    .unwrap_or(false)
}

/// Finds expired messages in every queue and deletes some of those found so far.
fn expired_messages(ledger: &mut Ledger<'_>) -> Result<bool, Failure> {
    let ids: Vec<i64> = ledger.registry.by_id.keys().copied().collect();
    for id in ids {
        ledger.queue(id)?;
    }
    let count = ledger.registry.expired.len().min(ROWS_A_STEP);
    let step: Vec<u64> = ledger.registry.expired.drain(..count).collect();
    // Should this job not commit, the rows stay until the next start finds them expired.
    for seq in step {
        messages::delete(ledger.tx, seq)?;
    }
    Ok(!ledger.registry.expired.is_empty())
}

/// Looks through some states for those of deleted and purged queues and deletes them; one pass serves all.
fn lost_rows(ledger: &mut Ledger<'_>) -> Result<bool, Failure> {
    let reclaims = reclaims::select_all(ledger.tx)?;
    let Some(after_seq) = reclaims.iter().map(|reclaim| reclaim.after_seq).min() else { return Ok(false) };
    let states = messages::select_states(ledger.tx, after_seq, STATES_A_STEP)?;
    let ends: HashMap<i64, u64> = reclaims.iter().fold(HashMap::new(), |mut ends, reclaim| {
        let end = ends.entry(reclaim.queue_id).or_insert(reclaim.to_seq);
        *end = reclaim.to_seq.max(*end);
        ends
    });
    for state in &states {
        if ends.get(&state.queue_id).is_some_and(|to_seq| state.seq <= *to_seq) {
            messages::delete(ledger.tx, state.seq)?;
        }
    }
    reclaims::advance(ledger.tx, states.last().map_or(u64::MAX, |last| last.seq))?;
    Ok(true)
}
