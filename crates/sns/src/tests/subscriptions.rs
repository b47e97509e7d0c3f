//! Subscribing and confirming; and how the other tests of subscriptions do it.

use aws::Call;
use delivery::LetterKind;
use serde_json::Value;
use service::Error;

use super::world::{World, map};
use crate::api::inputs::*;
use crate::api::types::Subscription;
use crate::archive::step;
use crate::ops;

pub(super) const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:q";
pub(super) const HOUR: i64 = 60 * 60;

impl World {
    /// Answers what Subscribe says: with `told`, the ARN in any case.
    pub(super) fn subscribe_as(
        &self,
        call: &Call,
        (topic, protocol, endpoint): (&str, &str, &str),
        attributes: &[(&str, &str)],
        told: bool,
    ) -> Result<String, Error> {
        let input = SubscribeInput {
            topic_arn: topic.into(),
            protocol: protocol.into(),
            endpoint: Some(endpoint.into()),
            attributes: map(attributes).non_empty(),
            return_subscription_arn: told.then_some(true),
        };
        let output = self.run(ops::subscribe(&self.sns, call, input))?;
        Ok(output.subscription_arn.unwrap())
    }

    pub(super) fn subscribed(
        &self,
        to: (&str, &str, &str),
        attributes: &[(&str, &str)],
    ) -> Result<String, Error> {
        self.subscribe_as(&self.call, to, attributes, true)
    }

    pub(super) fn confirm_as(
        &self,
        call: &Call,
        topic: &str,
        token: &str,
        lock: Option<&str>,
    ) -> Result<String, Error> {
        let input = ConfirmSubscriptionInput {
            topic_arn: topic.into(),
            token: token.into(),
            authenticate_on_unsubscribe: lock.map(str::to_owned),
        };
        let output = self.run(ops::confirm_subscription(&self.sns, call, input))?;
        Ok(output.subscription_arn.unwrap())
    }

    pub(super) fn unsubscribe_as(&self, call: &Call, arn: &str) -> Result<(), Error> {
        let input = UnsubscribeInput { subscription_arn: arn.into() };
        self.run(ops::unsubscribe(&self.sns, call, input)).map(drop)
    }

    pub(super) fn shown(&self, arn: &str, name: &str) -> Result<Option<String>, Error> {
        let input = GetSubscriptionAttributesInput { subscription_arn: arn.into() };
        let output = self.run(ops::get_subscription_attributes(&self.sns, &self.call, input))?;
        Ok(output.attributes.unwrap().get(name).cloned())
    }

    pub(super) fn set_shown(&self, arn: &str, name: &str, value: &str) -> Result<(), Error> {
        let input = SetSubscriptionAttributesInput {
            subscription_arn: arn.into(),
            attribute_name: name.into(),
            attribute_value: Some(value.into()),
        };
        self.run(ops::set_subscription_attributes(&self.sns, &self.call, input)).map(drop)
    }

    pub(super) fn listed(&self, token: Option<String>) -> (Vec<Subscription>, Option<String>) {
        let input = ListSubscriptionsInput { next_token: token };
        let output = self.run(ops::list_subscriptions(&self.sns, &self.call, input)).unwrap();
        (output.subscriptions.unwrap(), output.next_token)
    }

    pub(super) fn subscribers(&self, topic: &str) -> Vec<String> {
        let input = ListSubscriptionsByTopicInput { topic_arn: topic.into(), next_token: None };
        let output = self.run(ops::list_subscriptions_by_topic(&self.sns, &self.call, input)).unwrap();
        output.subscriptions.unwrap().into_iter().map(|one| one.subscription_arn.unwrap()).collect()
    }

    /// Who opens a link: nobody knows.
    pub(super) fn passer_by(&self) -> Call {
        Call { access_key: None, ..self.call.clone() }
    }

    pub(super) fn topic_t(&self) -> String {
        self.topic("t", &[]).unwrap()
    }

    /// A subscription that waits to be confirmed, and its token.
    pub(super) fn asked(&self, topic: &str, protocol: &str, endpoint: &str) -> (String, String) {
        let arn = self.subscribed((topic, protocol, endpoint), &[]).unwrap();
        let token = self.sns.subscription_token(&arn).unwrap();
        (arn, token)
    }

    /// The documents posted to HTTP endpoints, the oldest first.
    pub(super) fn posted(&self) -> Vec<Value> {
        let outbox = self.outbox();
        outbox.iter().rev().map(|delivery| serde_json::from_slice(&delivery.body).unwrap()).collect()
    }
}

pub(super) fn message(result: Result<impl std::fmt::Debug, Error>) -> String {
    result.unwrap_err().message.to_string()
}

#[test]
fn a_queue_of_the_caller_is_confirmed_at_once() {
    let world = World::new();
    let topic = world.topic_t();
    let arn = world.subscribe_as(&world.call, (&topic, "sqs", QUEUE), &[], false).unwrap();
    assert!(arn.starts_with(&format!("{topic}:")));
    assert_eq!(world.shown(&arn, "PendingConfirmation").unwrap().as_deref(), Some("false"));
    assert_eq!(world.shown(&arn, "ConfirmationWasAuthenticated").unwrap().as_deref(), Some("true"));
    let (listed, next) = world.listed(None);
    assert_eq!((listed.len(), next), (1, None));
    assert_eq!(listed[0].subscription_arn.as_deref(), Some(&*arn));
    assert_eq!(listed[0].owner.as_deref(), Some("000000000000"));
    assert_eq!(world.sns.subscription_token(&arn), None);
}

#[test]
fn an_address_is_asked_by_mail_and_may_answer_twice() {
    let world = World::new();
    let topic = world.topic_t();
    let to = (&*topic, "email", "a@example.com");
    assert_eq!(world.subscribe_as(&world.call, to, &[], false).unwrap(), "pending confirmation");
    assert_eq!(world.subscribers(&topic), ["PendingConfirmation"]);
    let letters = world.letters();
    let letter = &letters[0].letter;
    assert_eq!((letter.kind, letter.to.as_str()), (LetterKind::Email, "a@example.com"));
    let token = letter.message.rsplit("Token=").next().unwrap();
    let link = format!("http://localhost:4566/?Action=ConfirmSubscription&TopicArn={topic}&Token={token}");
    assert!(letter.message.ends_with(&link), "{}", letter.message);
    let arn = world.confirm_as(&world.passer_by(), &topic, token, None).unwrap();
    assert_eq!(world.shown(&arn, "ConfirmationWasAuthenticated").unwrap().as_deref(), Some("false"));
    assert_eq!(world.confirm_as(&world.passer_by(), &topic, token, None).unwrap(), arn);
    assert_eq!(world.subscribers(&topic), [arn]);
}

#[test]
fn mail_in_json_holds_the_document() {
    let world = World::new();
    let topic = world.topic_t();
    let (_, token) = world.asked(&topic, "email-json", "a@example.com");
    let document: Value = serde_json::from_str(&world.letters()[0].letter.message).unwrap();
    assert_eq!(document["Type"], "SubscriptionConfirmation");
    assert_eq!(document["Token"], token);
}

#[test]
fn an_http_endpoint_is_asked_and_asked_again() {
    let world = World::new();
    let topic = world.topic_t();
    let to = (&*topic, "http", "http://127.0.0.1:9/x");
    let (arn, token) = world.asked(to.0, to.1, to.2);
    assert_eq!(world.subscribed(to, &[]).unwrap(), arn);
    let posted = world.posted();
    assert_eq!(posted.len(), 2);
    assert!(posted.iter().all(|document| document["Token"] == token));
    assert_ne!(posted[0]["MessageId"], posted[1]["MessageId"]);
    world.confirm_as(&world.call, &topic, &token, None).unwrap();
    assert_eq!(world.subscribed(to, &[]).unwrap(), arn);
    assert_eq!(world.posted().len(), 2);
}

#[test]
fn a_queue_of_another_account_is_asked_by_a_message() {
    let world = World::new();
    let topic = world.topic_t();
    let queue = "arn:aws:sqs:us-east-1:111111111111:theirs";
    let (arn, token) = world.asked(&topic, "sqs", queue);
    let parcels = world.queues.take();
    let (name, parcel) = &parcels[0];
    let document: Value = serde_json::from_str(&parcel.body).unwrap();
    assert_eq!((name.as_str(), &document["Token"]), ("theirs", &Value::from(&*token)));
    assert_eq!(world.confirm_as(&world.call, &topic, &token, None).unwrap(), arn);
    // Its owner need not be asked.
    let theirs = world.caller("111111111111", "us-east-1");
    let queue = "arn:aws:sqs:us-east-1:111111111111:other";
    let own = world.subscribe_as(&theirs, (&topic, "sqs", queue), &[], false).unwrap();
    assert!(own.starts_with(&topic));
    assert!(world.queues.take().is_empty());
}

#[test]
fn a_question_to_a_queue_that_is_not_there_is_recorded() {
    let world = World::new();
    let topic = world.topic_t();
    world.asked(&topic, "sqs", "arn:aws:sqs:us-east-1:111111111111:missing");
    assert_eq!(world.outbox().len(), 1);
}

#[test]
fn wrong_tokens_are_refused() {
    let world = World::new();
    let (topic, other) = (world.topic_t(), world.topic("other", &[]).unwrap());
    let (_, token) = world.asked(&topic, "email", "a@example.com");
    let last = if token.ends_with('0') { "1" } else { "0" };
    let unknown = format!("{}{last}", &token[..token.len() - 1]);
    for (topic, token) in [(&topic, &unknown), (&other, &token)] {
        let refused = world.confirm_as(&world.call, topic, token, None);
        assert_eq!(message(refused), "Invalid parameter: Token");
    }
    assert_eq!(message(world.confirm_as(&world.call, &topic, "no-token", None)), "Invalid token");
    let refused = world.confirm_as(&world.call, &topic, &token, Some("perhaps"));
    assert_eq!(message(refused), "Invalid parameter: AuthenticateOnUnsubscribe");
}

#[test]
fn what_nobody_confirms_is_gone_after_two_days() {
    let world = World::new();
    let topic = world.topic_t();
    let (arn, token) = world.asked(&topic, "email", "a@example.com");
    world.pass_secs(48 * HOUR - 1);
    assert_eq!(world.subscribers(&topic).len(), 1);
    world.pass_secs(1);
    assert!(world.subscribers(&topic).is_empty() && world.listed(None).0.is_empty());
    assert_eq!(message(world.shown(&arn, "Owner")), "Subscription does not exist");
    assert_eq!(message(world.set_shown(&arn, "FilterPolicy", "{}")), "Subscription does not exist");
    assert_eq!(message(world.confirm_as(&world.call, &topic, &token, None)), "Invalid parameter: Token");
    assert_eq!(world.sns.subscription_token(&arn), None);
    // Subscribed again, it is another one.
    let (again, fresh) = world.asked(&topic, "email", "a@example.com");
    assert!(again != arn && fresh != token);
    world.confirm_as(&world.call, &topic, &fresh, None).unwrap();
    assert_eq!(world.subscribers(&topic), [again]);
}

#[test]
fn what_nobody_confirmed_or_took_back_is_forgotten_in_the_background() {
    let mut world = World::new();
    let topic = world.topic_t();
    let (ended, token) = world.asked(&topic, "http", "http://127.0.0.1:9/");
    world.confirm_as(&world.call, &topic, &token, None).unwrap();
    world.unsubscribe_as(&world.call, &ended).unwrap();
    world.asked(&topic, "email", "a@example.com");
    world.pass_secs(HOUR);
    let (young, _) = world.asked(&topic, "email", "b@example.com");
    let kept = |world: &World| {
        let rows = world.run(world.sns.store.read(|read| {
            let subscriptions = crate::store::subscriptions::select_all(read)?.len();
            Ok::<_, storage::Error>((subscriptions, crate::store::farewells::are_old(read, i64::MAX)?))
        }));
        (world.sns.counts().1, rows.unwrap())
    };
    assert_eq!(kept(&world), (2, (2, true)));
    world.pass_secs(47 * HOUR);
    world.run(step(&world.sns, 0)).unwrap();
    assert_eq!(kept(&world), (1, (1, false)));
    world.restart();
    assert_eq!(kept(&world), (1, (1, false)));
    assert!(world.sns.subscription_token(&young).is_some());
}

#[test]
fn asking_again_gives_two_more_days() {
    let world = World::new();
    let topic = world.topic_t();
    let (arn, token) = world.asked(&topic, "email", "a@example.com");
    world.pass_secs(47 * HOUR);
    assert_eq!(world.asked(&topic, "email", "a@example.com"), (arn.clone(), token.clone()));
    world.pass_secs(47 * HOUR);
    assert_eq!(world.confirm_as(&world.call, &topic, &token, None).unwrap(), arn);
}

#[test]
fn the_same_again_is_the_same_and_other_attributes_are_refused() {
    let world = World::new();
    let topic = world.topic_t();
    let to = (&*topic, "sqs", QUEUE);
    let arn = world.subscribed(to, &[("RawMessageDelivery", "true")]).unwrap();
    assert_eq!(world.subscribed(to, &[("RawMessageDelivery", "True")]).unwrap(), arn);
    assert_eq!(world.subscribed(to, &[]).unwrap(), arn);
    for attributes in [("RawMessageDelivery", "false"), ("FilterPolicy", r#"{"a": ["b"]}"#)] {
        assert_eq!(
            message(world.subscribed(to, &[attributes])),
            "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"
        );
    }
}

#[test]
fn topics_elsewhere_are_refused_and_unknown_ones_are_not_found() {
    let world = World::new();
    let topic = world.topic_t();
    let elsewhere = world.caller("000000000000", "eu-west-1");
    let refused = world.subscribe_as(&elsewhere, (&topic, "sqs", QUEUE), &[], true);
    assert_eq!(message(refused), "Invalid parameter: TopicArn");
    let unknown = format!("{topic}-not");
    assert_eq!(message(world.subscribed((&unknown, "sqs", QUEUE), &[])), "Topic does not exist");
    let input = ListSubscriptionsByTopicInput { topic_arn: unknown, next_token: None };
    let refused = world.run(ops::list_subscriptions_by_topic(&world.sns, &world.call, input));
    assert_eq!(message(refused), "Topic does not exist");
}

#[test]
fn an_app_is_subscribed_while_it_is_there() {
    let world = World::new();
    let topic = world.topic_t();
    let gone = "arn:aws:sns:us-east-1:000000000000:endpoint/GCM/app/5b0f3b0e-0000-4000-8000-000000000000";
    assert_eq!(
        message(world.subscribed((&topic, "application", gone), &[])),
        format!("Invalid parameter: Endpoint Reason: Endpoint does not exist for endpoint {gone}")
    );
    assert!(world.subscribers(&topic).is_empty());
}

#[test]
fn who_subscribe_an_endpoint_at_once_share_a_subscription_and_its_token() {
    let world = World::new();
    let topic = world.topic_t();
    let subscribe = || {
        let input = SubscribeInput {
            topic_arn: topic.clone(),
            protocol: "http".into(),
            endpoint: Some("http://127.0.0.1:9/".into()),
            return_subscription_arn: Some(true),
            ..Default::default()
        };
        ops::subscribe(&world.sns, &world.call, input)
    };
    let answers = world.run(async { tokio::join!(subscribe(), subscribe(), subscribe()) });
    let arn = answers.0.unwrap().subscription_arn.unwrap();
    for other in [answers.1, answers.2] {
        assert_eq!(other.unwrap().subscription_arn.as_ref(), Some(&arn));
    }
    let token = world.sns.subscription_token(&arn).unwrap();
    let posted = world.posted();
    assert_eq!(posted.len(), 3);
    assert!(posted.iter().all(|document| document["Token"] == token));
    assert_eq!(world.sns.counts(), (1, 1));
}
