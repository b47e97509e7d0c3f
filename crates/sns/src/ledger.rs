//! One job's view of SNS: the transaction and the registry, changed together.
//!
//! An operation reads top to bottom: look up, refuse, change, answer. Everything it changes, it changes through a
//! `Ledger`, which keeps memory and store equal: what does not commit is read from the store again.

use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard};

use delivery::Deliveries;
use failure::Failure;
use service::{Error, internal_failure};
use storage::Tx;

use crate::errors::{subscription_does_not_exist, topic_does_not_exist};
use crate::registry::{Registry, Shared, Subscription, Topic};
use crate::rules::topic_arn::TopicKey;

/// The transaction and the registry.
pub(crate) struct Ledger<'a> {
    pub(crate) tx: &'a Tx<'a>,
    pub(crate) registry: MutexGuard<'a, Registry>,
    pub(crate) deliveries: &'a Arc<Deliveries>,
    shared: &'a Arc<Shared>,
    /// The topics this job has changed or is about to.
    touched: BTreeSet<i64>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn open(
        tx: &'a Tx<'a>,
        shared: &'a Arc<Shared>,
        deliveries: &'a Arc<Deliveries>,
    ) -> Result<Self, storage::Error> {
        let mut registry = shared.lock();
        registry.refresh(tx)?;
        Ok(Self { tx, registry, deliveries, shared, touched: BTreeSet::new() })
    }

    /// The instant of this job.
    pub(crate) fn now_ms(&self) -> i64 {
        self.tx.now_ms()
    }

    /// The id of a topic that has to be there.
    pub(crate) fn find(&self, key: &TopicKey) -> Result<i64, Error> {
        self.registry.by_key.get(key).copied().ok_or_else(topic_does_not_exist)
    }

    /// A topic of a known id.
    pub(crate) fn topic(&self, id: i64) -> Result<&Topic, Failure> {
        self.registry.by_id.get(&id).ok_or_else(|| internal_failure().into())
    }

    /// A topic of a known id, to be changed; it is touched.
    pub(crate) fn topic_mut(&mut self, id: i64) -> Result<&mut Topic, Failure> {
        self.touch(id);
        self.registry.by_id.get_mut(&id).ok_or_else(|| internal_failure().into())
    }

    /// The ids of a subscription that has to be there, and of its topic before it.
    pub(crate) fn find_subscription(&self, arn: &str) -> Result<(i64, i64), Error> {
        self.registry.by_subscription.get(arn).copied().ok_or_else(subscription_does_not_exist)
    }

    /// A subscription of known ids.
    pub(crate) fn subscription(&self, topic: i64, id: i64) -> Result<&Subscription, Failure> {
        self.topic(topic)?.subscriptions.get(&id).ok_or_else(|| internal_failure().into())
    }

    /// A subscription of known ids, to be changed; its topic is touched.
    pub(crate) fn subscription_mut(&mut self, topic: i64, id: i64) -> Result<&mut Subscription, Failure> {
        self.topic_mut(topic)?.subscriptions.get_mut(&id).ok_or_else(|| internal_failure().into())
    }

    /// Has a topic read again if this job does not commit. Comes before every change to it.
    pub(crate) fn touch(&mut self, id: i64) {
        if !self.touched.insert(id) {
            return;
        }
        let shared = Arc::clone(self.shared);
        self.tx.on_rollback(move || {
            shared.lock().stale.insert(id);
        });
    }
}
