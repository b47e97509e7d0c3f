//! What FIFO topics keep, and how a subscription hears it again.
//!
//! AWS: SNS Developer Guide, "Amazon SNS message archiving and replay for FIFO topics". A message is kept in the
//! transaction that publishes it. A replay tells the kept ones in order, in the background, in small transactions. While
//! it goes on, new messages reach the subscription through the archive as well, so that none overtakes an older one; in
//! the transaction in which nothing is left to tell, the subscription turns to the present.

mod background;
mod telling;

use std::sync::Arc;

use failure::Failure;
use storage::Sql;

pub(crate) use self::background::start;
#[cfg(test)]
pub(crate) use self::background::{Step, step};
use crate::fanout::Accepted;
use crate::ledger::Ledger;
use crate::registry::Topic;
use crate::rules::replay_policy::ReplayPolicy;
use crate::rules::topic_attributes::DAY_MS;
use crate::store::archive;
use crate::store::replays::{self, ReplayRow, Status};

/// Keeps a message that is being published, if its topic has an archive.
pub(crate) fn keep(ledger: &Ledger<'_>, topic: i64, message: &Accepted) -> Result<(), Failure> {
    if ledger.topic(topic)?.settings.archive_days.is_some() {
        archive::insert(ledger.tx, topic, message)?;
    }
    Ok(())
}

/// Has a subscription hear its topic's past again, in place of any replay it was in; or no longer.
pub(crate) fn replay(
    ledger: &mut Ledger<'_>,
    topic: i64,
    subscription: i64,
    policy: Option<&ReplayPolicy>,
) -> Result<(), Failure> {
    ledger.subscription_mut(topic, subscription)?.replaying = policy.is_some();
    let Some(policy) = policy else {
        replays::delete(ledger.tx, subscription)?;
        return Ok(());
    };
    let row = ReplayRow {
        subscription_id: subscription,
        topic_id: topic,
        status: Status::Pending,
        from_ms: policy.starting_point_ms,
        to_ms: policy.ending_point_ms,
        present_id: archive::last_id(ledger.tx, topic)?,
        done_id: 0,
    };
    replays::put(ledger.tx, &row)?;
    let work = Arc::clone(&ledger.registry.work);
    ledger.tx.on_commit(move || work.notify_one());
    Ok(())
}

/// `ReplayStatus` of a subscription, if it was ever told to hear the past.
pub(crate) fn replay_status(
    sql: &impl Sql,
    subscription: i64,
) -> Result<Option<&'static str>, storage::Error> {
    Ok(replays::select_status(sql, subscription)?.map(Status::as_str))
}

/// Which messages a topic has not forgotten.
#[derive(Clone, Copy, Debug)]
struct Kept {
    /// Those published then or later; nothing when there is no archive.
    since_ms: Option<i64>,
    /// Of these, those published later than this.
    after_ms: i64,
}

impl Kept {
    fn by(topic: Option<&Topic>, now_ms: i64) -> Self {
        let days = topic.and_then(|topic| topic.settings.archive_days);
        let since_ms =
            topic.and_then(|topic| topic.settings.archive_begins_at_ms(&topic.row.attributes, now_ms));
        Self { since_ms, after_ms: now_ms - i64::from(days.unwrap_or_default()) * DAY_MS }
    }

    fn holds(self, published_at_ms: i64) -> bool {
        self.since_ms.is_some_and(|since_ms| published_at_ms >= since_ms) && published_at_ms > self.after_ms
    }
}
