//! A service that may call the outside, and somebody to be called.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws::{AccountId, Call, Region, Wire};
use clock::Clock;
use delivery::{Authorizer, Deliveries, Delivery, DeliveryFilter};
use service::Error;
use storage::{Durability, Location, Store};
use tempfile::TempDir;

use super::receiver::Receiver;
use crate::api::inputs::*;
use crate::api::outputs::DescribeConnectionOutput;
use crate::api::types::*;
use crate::{EventBridge, ops};

pub(super) const BEGINNING_MS: i64 = 1_750_000_000_000;

pub(super) struct World {
    directory: TempDir,
    pub(super) clock: Clock,
    pub(super) events: Arc<EventBridge>,
    pub(super) call: Call,
    pub(super) deliveries: Arc<Deliveries>,
    pub(super) receiver: Receiver,
    store: Store,
    settled: u64,
}

impl World {
    pub(super) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::steered_with_seed(BEGINNING_MS, 7);
        let receiver = Receiver::start().await;
        let (store, deliveries, events) = open(&directory, &clock, &receiver).await;
        let call = Call {
            account: AccountId::default(),
            region: Region::default(),
            base_url: "http://localhost:4566".into(),
            request_id: "test".into(),
            access_key: Some("test".into()),
            trace_header: None,
            wire: Wire::Json,
        };
        Self { directory, clock, events, call, deliveries, receiver, store, settled: 0 }
    }

    /// Ends the process' part of the world and starts it again on the same file.
    pub(super) async fn restart(&mut self) {
        self.events.shutdown();
        self.deliveries.shutdown();
        self.deliveries.stopped().await;
        self.store.close().await;
        (self.store, self.deliveries, self.events) = open(&self.directory, &self.clock, &self.receiver).await;
        self.settled = 0;
    }

    pub(super) async fn create(
        &self,
        name: &str,
        kind: &str,
        parameters: CreateConnectionAuthRequestParameters,
    ) -> Result<String, Error> {
        let input = CreateConnectionInput {
            name: name.into(),
            authorization_type: kind.into(),
            auth_parameters: parameters,
            ..Default::default()
        };
        let output = ops::create_connection(&self.events, &self.call, input).await?;
        Ok(output.connection_arn.unwrap())
    }

    pub(super) async fn describe(&self, name: &str) -> Result<DescribeConnectionOutput, Error> {
        let input = DescribeConnectionInput { name: name.into() };
        ops::describe_connection(&self.events, &self.call, input).await
    }

    /// Waits until a connection stands there.
    pub(super) async fn stands(&self, name: &str, state: &str) -> DescribeConnectionOutput {
        let looked = tokio::time::timeout(Duration::from_secs(10), async {
            loop {
                let found = self.describe(name).await.unwrap();
                if found.connection_state.as_deref() == Some(state) {
                    break found;
                }
                tokio::task::yield_now().await;
            }
        });
        looked.await.unwrap_or_else(|_| panic!("{name} is not {state}"))
    }

    /// An API destination at a path of the receiver; answers its ARN.
    pub(super) async fn destination(&self, name: &str, connection_arn: &str, path: &str) -> String {
        let input = CreateApiDestinationInput {
            name: name.into(),
            connection_arn: connection_arn.into(),
            http_method: "POST".into(),
            invocation_endpoint: self.receiver.url(path),
            ..Default::default()
        };
        let output = ops::create_api_destination(&self.events, &self.call, input).await.unwrap();
        output.api_destination_arn.unwrap()
    }

    /// Has a target get every event.
    pub(super) async fn aim(&self, rule: &str, target: Target) {
        let input = PutRuleInput {
            name: rule.into(),
            event_pattern: Some(r#"{"source":["shop"]}"#.into()),
            ..Default::default()
        };
        ops::put_rule(&self.events, &self.call, input).await.unwrap();
        // A log group takes none.
        let role_arn = (!target.arn.starts_with("arn:aws:logs:")).then(|| "arn:aws:iam::1:role/r".to_owned());
        let target = Target { id: "1".into(), role_arn, ..target };
        let input = PutTargetsInput { rule: rule.into(), targets: vec![target], ..Default::default() };
        ops::put_targets(&self.events, &self.call, input).await.unwrap();
    }

    pub(super) async fn put(&self, detail: &str) {
        let entry = PutEventsRequestEntry {
            source: Some("shop".into()),
            detail_type: Some("t".into()),
            detail: Some(detail.into()),
            ..Default::default()
        };
        let input = PutEventsInput { entries: vec![entry], ..Default::default() };
        let output = ops::put_events(&self.events, &self.call, input).await.unwrap();
        assert_eq!(output.failed_entry_count, Some(0), "{output:?}");
    }

    /// Waits until as many more attempts are settled.
    pub(super) async fn settle(&mut self, attempts: u64) {
        self.settled += attempts;
        let (mut settled, count) = (self.deliveries.settled(), self.settled);
        let waited = tokio::time::timeout(Duration::from_secs(10), settled.wait_for(|now| *now >= count));
        waited.await.expect("nothing was settled").unwrap();
    }

    /// What is in the outbox, the newest first.
    pub(super) async fn outbox(&self) -> Vec<Delivery> {
        self.deliveries.deliveries(DeliveryFilter::default()).await.unwrap()
    }
}

async fn open(
    directory: &TempDir,
    clock: &Clock,
    receiver: &Receiver,
) -> (Store, Arc<Deliveries>, Arc<EventBridge>) {
    let location = Location::Directory(directory.path().to_owned());
    let store = storage::Options::new(location, Durability::None, clock.clone());
    let store = Store::open(store, &[delivery::MIGRATIONS, crate::MIGRATIONS]).unwrap();
    let endpoints = BTreeMap::from([("logs".to_owned(), receiver.url(""))]);
    let outgoing = delivery::Options { endpoints, ..Default::default() };
    let deliveries = Deliveries::open(store.clone(), clock.clone(), outgoing).await.unwrap();
    let events =
        EventBridge::open(store.clone(), clock.clone(), Arc::clone(&deliveries), Default::default()).await;
    let events = events.unwrap();
    deliveries.introduce_authorizer("events", &(Arc::clone(&events) as Arc<dyn Authorizer>));
    deliveries.start();
    (store, deliveries, events)
}

pub(super) fn api_key() -> CreateConnectionAuthRequestParameters {
    CreateConnectionAuthRequestParameters {
        api_key_auth_parameters: Some(CreateConnectionApiKeyAuthRequestParameters {
            api_key_name: "X-Api-Key".into(),
            api_key_value: "canary-key".into(),
        }),
        ..Default::default()
    }
}

pub(super) fn basic() -> CreateConnectionAuthRequestParameters {
    CreateConnectionAuthRequestParameters {
        basic_auth_parameters: Some(CreateConnectionBasicAuthRequestParameters {
            username: "Aladdin".into(),
            password: "open sesame".into(),
        }),
        ..Default::default()
    }
}

pub(super) fn o_auth(url: String, method: &str) -> CreateConnectionAuthRequestParameters {
    CreateConnectionAuthRequestParameters {
        o_auth_parameters: Some(CreateConnectionOAuthRequestParameters {
            authorization_endpoint: url,
            client_parameters: CreateConnectionOAuthClientRequestParameters {
                client_id: "me".into(),
                client_secret: "canary client".into(),
            },
            http_method: method.into(),
            o_auth_http_parameters: None,
        }),
        ..Default::default()
    }
}

/// An answer with a token.
pub(super) fn token(text: &str, secs: i64) -> String {
    format!("{{\"access_token\":\"{text}\",\"token_type\":\"Bearer\",\"expires_in\":{secs}}}")
}
