//! Subscribe.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws::Call;
use failure::Failure;
use service::{Error, throttled};

use crate::Sns;
use crate::api::inputs::SubscribeInput;
use crate::api::outputs::SubscribeOutput;
use crate::envelope::Kind;
use crate::errors::{
    endpoint_to_subscribe_does_not_exist, filter_policy_limit_exceeded, invalid_attribute, invalid_parameter,
    subscription_exists_with_different_attributes, subscription_limit_exceeded,
};
use crate::invitation::{About, Invitation};
use crate::ledger::Ledger;
use crate::rules::attribute::Refused;
use crate::rules::subscription_attributes::{self, Setter};
use crate::rules::topic_arn::{self, TopicKey};
use crate::rules::{subscription_endpoint, subscription_token, topic_name};
use crate::signing::Signer;
use crate::sns::Limits;
use crate::store::subscriptions::{SubscriptionRow, set_asked};

/// How often the question is written anew when others subscribe the same endpoint meanwhile.
const TRIES_MAX: usize = 8;

pub(crate) async fn subscribe(
    sns: &Sns,
    call: &Call,
    input: SubscribeInput,
) -> Result<SubscribeOutput, Error> {
    let topic = topic_arn::parse("TopicArn", &input.topic_arn, call)?;
    let draft = Arc::new(Draft::of(sns, call, topic, input)?);
    for _ in 0..TRIES_MAX {
        let invitation = draft.invitation(sns, call).await?;
        let job = Arc::clone(&draft);
        let admitted = sns.write(move |ledger| job.admit(ledger, invitation.as_ref())).await?;
        if let Some(subscription_arn) = admitted {
            return Ok(SubscribeOutput { subscription_arn: Some(subscription_arn) });
        }
    }
    Err(throttled())
}

/// A subscription as it is asked for, checked as far as it can be without looking at the topic.
struct Draft {
    topic: TopicKey,
    row: SubscriptionRow,
    /// The names of the attributes that are given.
    given: Vec<String>,
    /// Whether the ARN is wanted although nobody confirmed yet.
    tell_arn: bool,
    limits: Limits,
}

/// How the endpoint stands with the topic before anything is done.
enum Standing {
    New,
    Pending(String),
    Confirmed,
}

impl Draft {
    fn of(sns: &Sns, call: &Call, topic: TopicKey, input: SubscribeInput) -> Result<Self, Error> {
        let endpoint = input.endpoint.unwrap_or_default();
        subscription_endpoint::check(&topic, &input.protocol, &endpoint)?;
        let given = input.attributes.unwrap_or_default();
        let mut attributes = BTreeMap::new();
        let fifo_topic = topic_name::is_fifo(&topic.name);
        let mut setter = Setter {
            protocol: &input.protocol,
            endpoint: &endpoint,
            fifo_topic,
            attributes: &mut attributes,
        };
        setter.set_all(given.iter().collect::<Vec<_>>().into_iter()).map_err(|refused| match refused {
            Refused::Unknown => invalid_parameter("AttributeName"),
            Refused::Because(reason) => invalid_attribute(reason),
        })?;
        let pending = subscription_endpoint::must_confirm(&input.protocol, &endpoint, &call.account);
        let row = SubscriptionRow {
            id: 0,
            topic_id: 0,
            uuid: sns.clock.uuid_v4().to_string(),
            owner: call.account.clone(),
            protocol: input.protocol,
            endpoint,
            pending,
            // Who subscribes a resource of its own has confirmed it.
            authenticated: !pending,
            locked: false,
            token: None,
            created_at_ms: 0,
            attributes,
        };
        let given = given.keys().map(str::to_owned).collect();
        let tell_arn = input.return_subscription_arn.unwrap_or_default();
        Ok(Self { topic, row, given, tell_arn, limits: sns.options.limits })
    }

    /// What the endpoint is asked, unless it need not be.
    async fn invitation(&self, sns: &Sns, call: &Call) -> Result<Option<Invitation>, Error> {
        let (standing, signature_version) = self.standing(sns);
        let token = match standing {
            Standing::New if self.row.pending => subscription_token::fresh(&sns.clock),
            Standing::Pending(token) => token,
            Standing::New | Standing::Confirmed => {
                // What a FIFO topic sends is not signed, nor is what goes without an envelope.
                let raw = self.row.attributes.contains_key("RawMessageDelivery");
                if !raw && !self.topic.name.ends_with(".fifo") {
                    Signer::prepare(&sns.signer);
                }
                return Ok(None);
            }
        };
        let about = About { topic: &self.topic, subscription_arn: "", signature_version };
        Invitation::write(sns, call, Kind::SubscriptionConfirmation, token, about).await.map(Some)
    }

    /// A look ahead; what holds is what the job finds.
    fn standing(&self, sns: &Sns) -> (Standing, u8) {
        let registry = sns.shared.lock();
        let topic = registry.by_key.get(&self.topic).and_then(|id| registry.by_id.get(id));
        let found = topic.and_then(|topic| topic.subscription_of(&self.row.protocol, &self.row.endpoint));
        let standing = match found.filter(|found| !found.is_over(sns.clock.now_ms())) {
            None => Standing::New,
            Some(found) if !found.row.pending => Standing::Confirmed,
            Some(found) => Standing::Pending(found.row.token.clone().unwrap_or_default()),
        };
        (standing, topic.map_or(1, |topic| topic.settings.signature_version))
    }

    /// Answers the ARN; nothing, if the endpoint no longer stands as it did when the question was written.
    fn admit(
        &self,
        ledger: &mut Ledger<'_>,
        invitation: Option<&Invitation>,
    ) -> Result<Option<String>, Failure> {
        let topic_id = ledger.find(&self.topic)?;
        let now_ms = ledger.now_ms();
        let topic = ledger.topic(topic_id)?;
        let found = topic.subscription_of(&self.row.protocol, &self.row.endpoint);
        let found = found.map(|found| (found.row.id, found.is_over(now_ms)));
        match found {
            Some((id, false)) => self.again(ledger, topic_id, id, invitation),
            Some((id, true)) => {
                // Nobody confirmed it in time.
                let admitted = self.admit_new(ledger, topic_id, invitation)?;
                if admitted.is_some() {
                    ledger.delete_subscription(topic_id, id)?;
                }
                Ok(admitted)
            }
            None => self.admit_new(ledger, topic_id, invitation),
        }
    }

    /// The endpoint is subscribed already. One that has not confirmed is asked again.
    fn again(
        &self,
        ledger: &mut Ledger<'_>,
        topic_id: i64,
        id: i64,
        invitation: Option<&Invitation>,
    ) -> Result<Option<String>, Failure> {
        let subscription = ledger.subscription(topic_id, id)?;
        let given = self.given.iter().map(String::as_str);
        if !subscription_attributes::agree(given, &self.row.attributes, &subscription.row.attributes) {
            return Err(subscription_exists_with_different_attributes().into());
        }
        if !subscription.row.pending {
            return Ok(Some(subscription.arn.clone()));
        }
        let Some(invitation) = invitation else { return Ok(None) };
        if subscription.row.token.as_deref() != Some(&invitation.token) {
            return Ok(None);
        }
        let now_ms = ledger.now_ms();
        let subscription = ledger.subscription_mut(topic_id, id)?;
        subscription.row.created_at_ms = now_ms;
        set_asked(ledger.tx, &ledger.subscription(topic_id, id)?.row)?;
        self.ask(ledger, topic_id, id, invitation).map(Some)
    }

    fn admit_new(
        &self,
        ledger: &mut Ledger<'_>,
        topic_id: i64,
        invitation: Option<&Invitation>,
    ) -> Result<Option<String>, Failure> {
        if self.row.pending != invitation.is_some() {
            return Ok(None);
        }
        self.check_room(ledger, topic_id)?;
        if self.row.protocol == "application" && !ledger.has_endpoint(&self.row.endpoint)? {
            return Err(endpoint_to_subscribe_does_not_exist(&self.row.endpoint).into());
        }
        let row = SubscriptionRow {
            topic_id,
            token: invitation.map(|invitation| invitation.token.clone()),
            created_at_ms: ledger.now_ms(),
            ..self.row.clone()
        };
        let id = ledger.add_subscription(row)?;
        match invitation {
            Some(invitation) => self.ask(ledger, topic_id, id, invitation).map(Some),
            None => {
                ledger.begin_replay(topic_id, id)?;
                Ok(Some(ledger.subscription(topic_id, id)?.arn.clone()))
            }
        }
    }

    fn check_room(&self, ledger: &Ledger<'_>, topic_id: i64) -> Result<(), Failure> {
        let topic = ledger.topic(topic_id)?;
        topic.check_protocol(&self.row.protocol)?;
        let most = self.limits.subscriptions_of(topic.settings.fifo);
        if topic.subscriptions.len() >= most {
            return Err(subscription_limit_exceeded().into());
        }
        if self.row.attributes.contains_key("FilterPolicy") {
            ledger.check_room_for_filter(topic, &self.limits)?;
        }
        if self.row.attributes.contains_key("ReplayPolicy") && topic.settings.archive_days.is_none() {
            return Err(invalid_attribute(crate::subscriptions::NO_ARCHIVE).into());
        }
        Ok(())
    }

    fn ask(
        &self,
        ledger: &Ledger<'_>,
        topic_id: i64,
        id: i64,
        invitation: &Invitation,
    ) -> Result<String, Failure> {
        let (topic, subscription) = (ledger.topic(topic_id)?, ledger.subscription(topic_id, id)?);
        invitation.send(ledger, topic, subscription)?;
        Ok(if self.tell_arn { subscription.arn.clone() } else { "pending confirmation".to_owned() })
    }
}

impl Ledger<'_> {
    /// Refuses one filter policy more than there may be.
    pub(crate) fn check_room_for_filter(
        &self,
        topic: &crate::registry::Topic,
        limits: &Limits,
    ) -> Result<(), Failure> {
        let full = topic.filter_policies() >= limits.filter_policies_a_topic
            || self.filter_policies(topic) >= limits.filter_policies;
        if full { Err(filter_policy_limit_exceeded().into()) } else { Ok(()) }
    }
}
