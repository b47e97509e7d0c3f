//! The topics as memory holds them: rows, settings, subscriptions with compiled filters.
//!
//! Everything here is derived from the store and guarded by one lock. A job that changes a topic here and then does not
//! commit marks the topic *stale*; the next job reads it from the store again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use storage::Sql;
use tokio::sync::Notify;

use crate::rules::subscription_attributes::SubscriptionSettings;
use crate::rules::topic_arn::TopicKey;
use crate::rules::topic_attributes::TopicSettings;
use crate::store::replays;
use crate::store::subscriptions::{self, SubscriptionRow};
use crate::store::topics::{self, TopicRow};

/// A topic as memory holds it.
pub(crate) struct Topic {
    pub(crate) row: TopicRow,
    pub(crate) arn: String,
    pub(crate) settings: TopicSettings,
    /// In the order in which they were made.
    pub(crate) subscriptions: BTreeMap<i64, Subscription>,
    /// Those of an endpoint, whatever their protocol.
    by_endpoint: HashMap<String, Vec<i64>>,
    /// Those that are confirmed by a token.
    by_token: HashMap<String, i64>,
}

/// A subscription as memory holds it.
pub(crate) struct Subscription {
    pub(crate) row: SubscriptionRow,
    pub(crate) arn: String,
    pub(crate) settings: SubscriptionSettings,
    /// Whether it hears its topic's past: then new messages reach it from the archive, not from their publisher.
    pub(crate) replaying: bool,
}

impl Topic {
    pub(crate) fn new(row: TopicRow) -> Self {
        let settings = TopicSettings::read(&row);
        Self {
            arn: row.key.arn(),
            settings,
            subscriptions: BTreeMap::new(),
            by_endpoint: HashMap::new(),
            by_token: HashMap::new(),
            row,
        }
    }

    /// The subscription of an endpoint.
    pub(crate) fn subscription_of(&self, protocol: &str, endpoint: &str) -> Option<&Subscription> {
        let ids = self.by_endpoint.get(endpoint)?;
        let mut all = ids.iter().filter_map(|id| self.subscriptions.get(id));
        all.find(|subscription| subscription.row.protocol == protocol)
    }

    /// The subscription a token confirms.
    pub(crate) fn subscription_of_token(&self, token: &str) -> Option<&Subscription> {
        self.subscriptions.get(self.by_token.get(token)?)
    }

    fn put(&mut self, id: i64, subscription: Subscription) {
        let row = &subscription.row;
        self.by_endpoint.entry(row.endpoint.clone()).or_default().push(id);
        if let Some(token) = &row.token {
            self.by_token.insert(token.clone(), id);
        }
        self.subscriptions.insert(id, subscription);
    }

    fn take(&mut self, id: i64) -> Option<Subscription> {
        let subscription = self.subscriptions.remove(&id)?;
        let row = &subscription.row;
        if let Some(ids) = self.by_endpoint.get_mut(&row.endpoint) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_endpoint.remove(&row.endpoint);
            }
        }
        if let Some(token) = &row.token {
            self.by_token.remove(token);
        }
        Some(subscription)
    }

    /// Has the settings follow the row after a change.
    pub(crate) fn reread(&mut self) {
        self.settings = TopicSettings::read(&self.row);
    }
}

impl Subscription {
    pub(crate) fn new(topic_arn: &str, row: SubscriptionRow) -> Self {
        let settings = SubscriptionSettings::read(&row);
        Self { arn: format!("{topic_arn}:{}", row.uuid), settings, replaying: false, row }
    }

    /// Has the settings follow the row after a change.
    pub(crate) fn reread(&mut self) {
        self.settings = SubscriptionSettings::read(&self.row);
    }
}

/// All topics.
#[derive(Default)]
pub(crate) struct Registry {
    pub(crate) by_id: BTreeMap<i64, Topic>,
    pub(crate) by_key: HashMap<TopicKey, i64>,
    /// From a subscription's ARN to its topic's id and its own.
    pub(crate) by_subscription: HashMap<String, (i64, i64)>,
    /// Topics to be read again before anyone looks at them.
    pub(crate) stale: BTreeSet<i64>,
    /// Tells the background that there is work.
    pub(crate) work: Arc<Notify>,
}

/// The registry behind its lock.
#[derive(Default)]
pub(crate) struct Shared(Mutex<Registry>);

impl Shared {
    /// Takes the lock. A job that panicked has marked what it changed as stale, so a poisoned lock is no harm.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    /// Reads everything from the store.
    pub(crate) fn load(sql: &impl Sql) -> Result<Self, storage::Error> {
        let mut registry = Self::default();
        registry.add(sql, |_| true)?;
        Ok(registry)
    }

    /// Reads the stale topics again.
    pub(crate) fn refresh(&mut self, sql: &impl Sql) -> Result<(), storage::Error> {
        if self.stale.is_empty() {
            return Ok(());
        }
        let stale = std::mem::take(&mut self.stale);
        for id in &stale {
            self.take(*id);
        }
        let added = self.add(sql, |id| stale.contains(&id));
        if added.is_err() {
            self.stale = stale;
        }
        added
    }

    fn add(&mut self, sql: &impl Sql, wanted: impl Fn(i64) -> bool) -> Result<(), storage::Error> {
        let subscriptions = subscriptions::select_all(sql)?;
        for row in topics::select_all(sql)?.into_iter().filter(|row| wanted(row.id)) {
            self.put(Topic::new(row));
        }
        for row in subscriptions.into_iter().filter(|row| wanted(row.topic_id)) {
            self.put_subscription(row);
        }
        for (topic, id) in replays::select_ids_at_work(sql)?.into_iter().filter(|(topic, _)| wanted(*topic)) {
            let topic = self.by_id.get_mut(&topic);
            if let Some(subscription) = topic.and_then(|topic| topic.subscriptions.get_mut(&id)) {
                subscription.replaying = true;
            }
        }
        Ok(())
    }

    /// Adds a topic.
    pub(crate) fn put(&mut self, topic: Topic) {
        self.by_key.insert(topic.row.key.clone(), topic.row.id);
        self.by_id.insert(topic.row.id, topic);
    }

    /// Adds a subscription to its topic.
    pub(crate) fn put_subscription(&mut self, row: SubscriptionRow) {
        let Some(topic) = self.by_id.get_mut(&row.topic_id) else { return };
        let (topic_id, id) = (row.topic_id, row.id);
        let subscription = Subscription::new(&topic.arn, row);
        self.by_subscription.insert(subscription.arn.clone(), (topic_id, id));
        topic.put(id, subscription);
    }

    /// Removes a topic with its subscriptions.
    pub(crate) fn take(&mut self, id: i64) -> Option<Topic> {
        let topic = self.by_id.remove(&id)?;
        if self.by_key.get(&topic.row.key) == Some(&id) {
            self.by_key.remove(&topic.row.key);
        }
        for subscription in topic.subscriptions.values() {
            self.by_subscription.remove(&subscription.arn);
        }
        Some(topic)
    }

    /// Removes a subscription.
    pub(crate) fn take_subscription(&mut self, topic: i64, id: i64) -> Option<Subscription> {
        let subscription = self.by_id.get_mut(&topic)?.take(id)?;
        self.by_subscription.remove(&subscription.arn);
        Some(subscription)
    }

    /// A subscription by its ARN.
    pub(crate) fn subscription(&self, arn: &str) -> Option<(&Topic, &Subscription)> {
        let (topic, id) = self.by_subscription.get(arn)?;
        let topic = self.by_id.get(topic)?;
        Some((topic, topic.subscriptions.get(id)?))
    }
}
