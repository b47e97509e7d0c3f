//! Writing down what became of an attempt: the attempt, what follows, and the dead letter, in one transaction.

use std::sync::Arc;
use std::time::Duration;

use storage::Tx;

use super::attempt::Outcome;
use crate::DeliveryState;
use crate::core::Core;
use crate::dead_letter::{self, Exhausted, Reasons};
use crate::judge::{Failure, Verdict};
use crate::schedule::{self, Next};
use crate::store::errands::WaitingErrand;
use crate::store::{attempts, outbox};

/// How long a store that cannot write is left alone at most.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Settles an attempt. As long as the store cannot write, the errand is not due again: calling the endpoint once more
/// would help nobody.
pub(super) async fn settle(core: &Arc<Core>, errand: WaitingErrand, outcome: Outcome) {
    let settled = Arc::new((errand, outcome));
    let mut pause = Duration::from_millis(50);
    loop {
        let (shared, what) = (Arc::clone(core), Arc::clone(&settled));
        let written = core.store.write(move |tx| record(&shared, tx, &what.0, &what.1)).await;
        match written {
            Ok(()) => break,
            // It is due when the store is opened again.
            Err(storage::Error::Closed) => return,
            Err(error) => {
                tracing::warn!(id = settled.0.id, %error, "the outcome of a delivery is not written yet");
                super::breathe(pause).await;
                pause = (pause * 2).min(PAUSE_MAX);
            }
        }
    }
    core.settled.send_modify(|count| *count += 1);
}

fn record(core: &Core, tx: &Tx<'_>, errand: &WaitingErrand, outcome: &Outcome) -> Result<(), storage::Error> {
    let made = errand.attempts.saturating_add(u32::from(outcome.attempt.is_some()));
    let still_waited = match &outcome.verdict {
        Verdict::Delivered => {
            core.one_finished(tx);
            outbox::set_finished(tx, errand.id, made, DeliveryState::Delivered, None)?
        }
        Verdict::Failed(failure) => {
            let exhausted = outcome.too_old.then_some(Exhausted::Age);
            give_up(core, tx, errand, made, failure, exhausted)?
        }
        Verdict::Retry { failure, not_before_ms } => {
            let posted_at_ms = errand.posted_at_ms;
            let (now_ms, clock) = (tx.now_ms(), &core.clock);
            match schedule::next(&errand.schedule, made, posted_at_ms, now_ms, *not_before_ms, clock) {
                Next::At(at_ms) => outbox::set_retry(tx, errand.id, made, at_ms, &failure.note)?,
                Next::Never(exhausted) => give_up(core, tx, errand, made, failure, Some(exhausted))?,
            }
        }
    };
    // What was cancelled or forgotten meanwhile has no attempts to show.
    match &outcome.attempt {
        Some(attempt) if still_waited => attempts::insert(tx, errand.id, attempt),
        _ => Ok(()),
    }
}

fn give_up(
    core: &Core,
    tx: &Tx<'_>,
    errand: &WaitingErrand,
    made: u32,
    failure: &Failure,
    exhausted: Option<Exhausted>,
) -> Result<bool, storage::Error> {
    // Of one that became too old, what failed last says more than its age.
    let last = if exhausted == Some(Exhausted::Age) { errand.error.as_deref() } else { None };
    let note = last.map_or_else(|| failure.note.clone(), |last| format!("{last}; {}", failure.note));
    if !outbox::set_finished(tx, errand.id, made, DeliveryState::Dead, Some(&note))? {
        return Ok(false);
    }
    core.one_finished(tx);
    tracing::warn!(id = errand.id, service = errand.service, attempts = made, reason = note, "not delivered");
    let Some(letter) = &errand.dead_letter else { return Ok(true) };
    let reasons = Reasons {
        code: failure.code.to_owned(),
        message: failure.message.clone(),
        exhausted,
        retries: made.saturating_sub(1),
    };
    if let Some(refused) = dead_letter::hand_over(core, tx, letter, &reasons)? {
        outbox::set_error(tx, errand.id, &format!("{note}; {refused}"))?;
    }
    Ok(true)
}
