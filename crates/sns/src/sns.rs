//! The service itself: what it is made of, and how an operation gets at the store.

use std::sync::{Arc, OnceLock};

use aws::AccountId;
use clock::Clock;
use delivery::Deliveries;
use failure::Failure;
use service::Error;
use storage::Store;

use crate::ledger::Ledger;
use crate::registry::{Registry, Shared};
use crate::signing::Signer;

/// What can be set about SNS here; the defaults are AWS's.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where envelopes say the signing certificate is.
    pub cert_url: CertUrl,
    /// AWS's quotas.
    pub limits: Limits,
}

/// Where envelopes say the signing certificate is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CertUrl {
    /// At AWS's host of the topic's region, as validators with a strict host pattern want it.
    #[default]
    Aws,
    /// Here, at the address the publisher used.
    Local,
    /// At a host of the user's choice, over https.
    Host(String),
}

/// AWS's quotas. AWS: General Reference, "Amazon SNS endpoints and quotas".
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Topics of one account and region: standard ones.
    pub standard_topics: usize,
    /// Topics of one account and region: FIFO ones.
    pub fifo_topics: usize,
    /// Subscriptions of one topic: of a standard one.
    pub standard_subscriptions: usize,
    /// Subscriptions of one topic: of a FIFO one.
    pub fifo_subscriptions: usize,
    /// Filter policies of one topic.
    pub filter_policies_a_topic: usize,
    /// Filter policies of one account and region.
    pub filter_policies: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            standard_topics: 100_000,
            fifo_topics: 1_000,
            standard_subscriptions: 12_500_000,
            fifo_subscriptions: 100,
            filter_policies_a_topic: 200,
            filter_policies: 10_000,
        }
    }
}

impl Limits {
    /// Subscriptions of one topic.
    pub(crate) fn subscriptions_of(&self, fifo: bool) -> usize {
        if fifo { self.fifo_subscriptions } else { self.standard_subscriptions }
    }
}

/// Amazon SNS.
pub struct Sns {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) options: Options,
    pub(crate) deliveries: Arc<Deliveries>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) signer: Arc<Signer>,
    /// Our own URL, for links in what is published without a caller's host.
    own_url: OnceLock<String>,
}

impl Sns {
    /// Reads what the store keeps. The store was opened with [`MIGRATIONS`](crate::MIGRATIONS).
    pub async fn open(
        store: Store,
        clock: Clock,
        deliveries: Arc<Deliveries>,
        options: Options,
    ) -> Result<Arc<Self>, storage::Error> {
        let registry = store.read(|read| Registry::load(read)).await?;
        let shared = Arc::new(Shared::default());
        *shared.lock() = registry;
        let signer = Arc::new(Signer::new(store.clone(), options.cert_url.clone()));
        let own_url = OnceLock::new();
        let sns = Arc::new(Self { store, clock, options, deliveries, shared, signer, own_url });
        crate::archive::start(&sns);
        Ok(sns)
    }

    /// The certificate that messages are verified with, in PEM, if this is the last part of its URL.
    pub async fn certificate_pem(&self, file_name: &str) -> Result<Option<String>, Error> {
        self.signer.certificate_pem(file_name).await
    }

    /// Says where we are, once that is known.
    pub fn set_own_url(&self, url: &str) {
        // Said twice, the first one holds.
        let _ = self.own_url.set(url.to_owned());
    }

    /// Where links lead when no caller's host is known.
    pub(crate) fn own_url(&self) -> &str {
        self.own_url.get().map_or("http://localhost:4566", String::as_str)
    }

    /// Runs a job that may change something, and answers after its COMMIT.
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Ledger<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let (shared, deliveries) = (Arc::clone(&self.shared), Arc::clone(&self.deliveries));
        let result: Result<T, Failure> =
            self.store.write(move |tx| job(&mut Ledger::open(tx, &shared, &deliveries)?)).await;
        result.map_err(Error::from)
    }

    /// Deletes everything, or what one account has: its topics, and its subscriptions to the topics of others.
    pub async fn reset(&self, account: Option<AccountId>) -> Result<(), Error> {
        self.write(move |ledger| {
            ledger.reset_mobile(account.as_ref())?;
            let is_meant = |owner: &AccountId| account.as_ref().is_none_or(|account| account == owner);
            let (mut topics, mut subscriptions) = (Vec::new(), Vec::new());
            for (id, topic) in &ledger.registry.by_id {
                if is_meant(&topic.row.key.account) {
                    topics.push(*id);
                    continue;
                }
                let own = topic.subscriptions.iter().filter(|(_, found)| is_meant(&found.row.owner));
                subscriptions.extend(own.map(|(subscription, _)| (*id, *subscription)));
            }
            for (topic, subscription) in subscriptions {
                ledger.delete_subscription(topic, subscription)?;
            }
            topics.into_iter().try_for_each(|id| ledger.delete_topic(id))
        })
        .await
    }

    /// How many topics there are, and how many subscriptions.
    pub fn counts(&self) -> (usize, usize) {
        let registry = self.shared.lock();
        (registry.by_id.len(), registry.by_subscription.len())
    }
}

impl Ledger<'_> {
    /// Deletes a topic with its subscriptions.
    pub(crate) fn delete_topic(&mut self, id: i64) -> Result<(), Failure> {
        let subscriptions: Vec<i64> = self.topic(id)?.subscriptions.keys().copied().collect();
        for subscription in subscriptions {
            self.delete_subscription(id, subscription)?;
        }
        self.touch(id);
        crate::store::farewells::delete_of_topic(self.tx, id)?;
        crate::store::fifo::delete(self.tx, id)?;
        crate::store::topics::delete(self.tx, id)?;
        self.registry.take(id);
        Ok(())
    }

    /// Deletes a subscription; what is still on its way to it is cancelled.
    pub(crate) fn delete_subscription(&mut self, topic: i64, id: i64) -> Result<(), Failure> {
        self.touch(topic);
        crate::store::subscriptions::delete(self.tx, id)?;
        crate::store::replays::delete(self.tx, id)?;
        if let Some(subscription) = self.registry.take_subscription(topic, id) {
            self.deliveries.cancel(self.tx, &subscription.arn)?;
        }
        let topic = self.topic_mut(topic)?;
        topic.row.subscriptions_deleted += 1;
        let (id, deleted) = (topic.row.id, topic.row.subscriptions_deleted);
        crate::store::topics::set_subscriptions_deleted(self.tx, id, deleted)?;
        Ok(())
    }
}

impl std::fmt::Debug for Sns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sns").field("options", &self.options).finish_non_exhaustive()
    }
}
