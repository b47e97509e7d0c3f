//! What operations on subscriptions share: finding one, and what is shown of it.

use aws::AccountId;
use failure::Failure;
use service::Error;

use crate::api::types;
use crate::errors::{protocol_takes_no_large_messages, subscriptions_take_no_large_messages};
use crate::ledger::Ledger;
use crate::registry::{Subscription, Topic};
use crate::rules::platform_arn::EndpointKey;
use crate::rules::replay_policy::ReplayPolicy;
use crate::rules::subscription_token::LIFETIME_MS;
use crate::rules::{message_size, subscription_endpoint};
use crate::store::{platform_applications, platform_endpoints};
use crate::{Sns, archive, store};

impl Subscription {
    /// Whether nobody confirmed it in time: then it is gone, though nobody has swept it up yet.
    pub(crate) fn is_over(&self, now_ms: i64) -> bool {
        self.row.pending && now_ms >= self.row.created_at_ms.saturating_add(LIFETIME_MS)
    }

    /// What the lists show of it.
    pub(crate) fn listed(&self, topic_arn: &str) -> types::Subscription {
        let arn = if self.row.pending { "PendingConfirmation" } else { self.arn.as_str() };
        types::Subscription {
            endpoint: Some(subscription_endpoint::listed(&self.row.protocol, &self.row.endpoint)),
            owner: Some(self.row.owner.to_string()),
            protocol: Some(self.row.protocol.clone()),
            subscription_arn: Some(arn.to_owned()),
            topic_arn: Some(topic_arn.to_owned()),
        }
    }

    /// What pages of a list are ordered by.
    pub(crate) fn place(&self) -> String {
        format!("{:019}", self.row.id)
    }
}

impl Ledger<'_> {
    /// The ids of a subscription that is there and not over, and of its topic before it.
    pub(crate) fn find_living(&self, arn: &str) -> Result<(i64, i64), Failure> {
        let (topic, id) = self.find_subscription(arn)?;
        if self.subscription(topic, id)?.is_over(self.now_ms()) {
            return Err(crate::errors::subscription_does_not_exist().into());
        }
        Ok((topic, id))
    }

    /// Adds a subscription; answers its id.
    pub(crate) fn add_subscription(
        &mut self,
        mut row: store::subscriptions::SubscriptionRow,
    ) -> Result<i64, Failure> {
        self.touch(row.topic_id);
        row.id = store::subscriptions::insert(self.tx, &row)?;
        let id = row.id;
        self.registry.put_subscription(row);
        Ok(id)
    }

    /// Forgets subscriptions that are over, so many at most, and farewells nobody took back; answers how many of the
    /// former.
    pub(crate) fn forget_unconfirmed(&mut self, most: usize) -> Result<usize, Failure> {
        let until_ms = self.now_ms().saturating_sub(LIFETIME_MS);
        store::farewells::delete_old(self.tx, until_ms)?;
        let over = store::subscriptions::select_unconfirmed(self.tx, until_ms, most)?;
        for (topic, id) in &over {
            self.delete_subscription(*topic, *id)?;
        }
        Ok(over.len())
    }

    /// Whether an app's endpoint is there.
    pub(crate) fn has_endpoint(&self, arn: &str) -> Result<bool, Failure> {
        let Some(key) = EndpointKey::of_arn(arn) else { return Ok(false) };
        let Some(application) = platform_applications::find(self.tx, &key.application)? else {
            return Ok(false);
        };
        Ok(platform_endpoints::find(self.tx, application.id, &key.uuid)?.is_some())
    }

    /// How many filter policies an account has in a topic's region.
    pub(crate) fn filter_policies(&self, topic: &Topic) -> usize {
        let key = &topic.row.key;
        let near = self.registry.by_id.values();
        let near =
            near.filter(|other| other.row.key.account == key.account && other.row.key.region == key.region);
        near.map(Topic::filter_policies).sum()
    }
}

impl Topic {
    /// Refuses an endpoint that does not take what the topic takes. That there are a hundred already does not matter
    /// here: a caller of the real service saw the number looked at when the size is set only (floci-io/floci#3953).
    pub(crate) fn check_protocol(&self, protocol: &str) -> Result<(), Error> {
        let fits = message_size::is_taken_by(protocol, self.settings.message_bytes_max);
        if fits { Ok(()) } else { Err(protocol_takes_no_large_messages(protocol)) }
    }

    /// Refuses to take messages of so many bytes from now on, when those who are subscribed do not.
    pub(crate) fn check_size(&self, bytes_max: usize, now_ms: i64) -> Result<(), Error> {
        let living = || self.subscriptions.values().filter(|subscription| !subscription.is_over(now_ms));
        let fits = bytes_max <= message_size::ORDINARY_BYTES_MAX
            || living().count() <= message_size::LARGE_SUBSCRIPTIONS_MAX
                && living().all(|other| message_size::is_taken_by(&other.row.protocol, bytes_max));
        if fits { Ok(()) } else { Err(subscriptions_take_no_large_messages()) }
    }

    /// How many of its subscriptions have a filter policy.
    pub(crate) fn filter_policies(&self) -> usize {
        self.subscriptions.values().filter(|subscription| subscription.settings.filter.is_some()).count()
    }
}

impl Sns {
    /// The token that confirms a subscription, if it is one that is confirmed by a token.
    pub fn subscription_token(&self, arn: &str) -> Option<String> {
        let registry = self.shared.lock();
        let (_, subscription) = registry.subscription(arn)?;
        let over = subscription.is_over(self.clock.now_ms());
        subscription.row.token.clone().filter(|_| !over)
    }
}

/// Who an account is when nobody knows more: its root.
pub(crate) fn principal(account: &AccountId) -> String {
    format!("arn:aws:iam::{account}:root")
}

/// What is said of a replay without an archive.
pub(crate) const NO_ARCHIVE: &str =
    "ReplayPolicy: Replay is supported for FIFO topics with an active ArchivePolicy only";

impl Ledger<'_> {
    /// Begins the replay a subscription asks for, in place of the one that may be going on; ends that one, if it asks
    /// for none. A subscription nobody confirmed hears nothing.
    pub(crate) fn begin_replay(&mut self, topic_id: i64, id: i64) -> Result<(), Failure> {
        let row = &self.subscription(topic_id, id)?.row;
        if row.pending {
            return Ok(());
        }
        let policy = row.attributes.get("ReplayPolicy").and_then(|policy| ReplayPolicy::parse(policy).ok());
        archive::replay(self, topic_id, id, policy.as_ref())
    }
}
