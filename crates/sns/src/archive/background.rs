//! What goes on when nobody asks: replays, and forgetting of what is archived or was never confirmed. In small steps, each a transaction of its own, and all of it
//! decided by what the store says, so that it goes on after a restart where it stopped.

use std::sync::{Arc, Weak};

use failure::Failure;
use service::Error;

use super::Kept;
use super::telling::tell;
use crate::Sns;
use crate::fanout::Publisher;
use crate::ledger::Ledger;
use crate::rules::subscription_token::LIFETIME_MS;
use crate::store::{archive, farewells, replays, subscriptions};

/// Messages, or subscriptions, that are forgotten in one step, at most.
const FORGOTTEN_A_STEP: usize = 200;

/// Without work to do the background looks this often whether something is to be forgotten.
const LOOK_EVERY_MS: i64 = 60_000;

/// Starts the background; it ends with the service.
pub(crate) fn start(sns: &Arc<Sns>) {
    tokio::spawn(run(Arc::downgrade(sns)));
}

async fn run(weak: Weak<Sns>) {
    let mut last = 0;
    loop {
        let Some(sns) = weak.upgrade() else { return };
        let (clock, work) = (sns.clock.clone(), Arc::clone(&sns.shared.lock().work));
        // What fails is in the log, and may go better another time.
        let done = step(&sns, last).await.unwrap_or(Step::Nothing);
        // While it waits it must not keep the service alive.
        drop(sns);
        last = match done {
            Step::Told(subscription) => subscription,
            Step::Forgot | Step::Nothing => 0,
        };
        if done != Step::Nothing {
            tokio::task::yield_now().await;
            continue;
        }
        let look_at_ms = clock.now_ms() + LOOK_EVERY_MS;
        tokio::select! {
            () = work.notified() => {}
            () = clock.sleep_until(look_at_ms) => {}
        }
    }
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It told this subscription some of the past.
    Told(i64),
    /// It forgot some messages, and there may be more.
    Forgot,
    /// There was nothing to do.
    Nothing,
}

/// Does a step of the first replay after this one, so that each has its turn. Without a replay it forgets.
pub(crate) async fn step(sns: &Sns, after: i64) -> Result<Step, Error> {
    // Most of the time there is nothing to do, and no need for the writer.
    let idle = sns.store.read(|read| {
        let until_ms = read.now_ms().saturating_sub(LIFETIME_MS);
        let idle = replays::select_at_work(read, 0)?.is_none()
            && archive::next_topic(read, 0)?.is_none()
            && subscriptions::select_unconfirmed(read, until_ms, 1)?.is_empty()
            && !farewells::are_old(read, until_ms)?;
        Ok::<_, Failure>(idle)
    });
    if idle.await? {
        return Ok(Step::Nothing);
    }
    let publisher = Publisher { signer: Arc::clone(&sns.signer), base_url: sns.own_url().to_owned() };
    sns.write(move |ledger| {
        let row = match replays::select_at_work(ledger.tx, after)? {
            // Round again from the first one.
            None if after > 0 => replays::select_at_work(ledger.tx, 0)?,
            found => found,
        };
        match row {
            Some(row) => {
                tell(ledger, &publisher, row)?;
                Ok(Step::Told(row.subscription_id))
            }
            None => match forget(ledger)? {
                Step::Nothing if ledger.forget_unconfirmed(FORGOTTEN_A_STEP)? == FORGOTTEN_A_STEP => {
                    Ok(Step::Forgot)
                }
                done => Ok(done),
            },
        }
    })
    .await
}

/// Forgets messages that are too old, or of an archive that ended.
fn forget(ledger: &Ledger<'_>) -> Result<Step, Failure> {
    let (tx, now_ms) = (ledger.tx, ledger.now_ms());
    let (mut topic, mut left) = (0, FORGOTTEN_A_STEP);
    while let Some(id) = archive::next_topic(tx, topic)? {
        topic = id;
        let kept = Kept::by(ledger.registry.by_id.get(&id), now_ms);
        for (id, published_at_ms) in archive::select_times(tx, id, 0, left)? {
            // They are kept in order, so the first that stays ends it.
            if kept.holds(published_at_ms) {
                break;
            }
            archive::delete(tx, id)?;
            left -= 1;
        }
        if left == 0 {
            return Ok(Step::Forgot);
        }
    }
    Ok(Step::Nothing)
}
