//! One topic with five queues, two of them filtered, and an HTTP endpoint: [`fan`](crate::fan) for SNS.

mod create;
mod deliveries;
mod publish;

use std::cell::{OnceCell, RefCell};
use std::io;
use std::net::SocketAddr;

use hyper::HeaderMap;
use serde_json::{Value, json};

use crate::client::{Client, Failure};
use crate::fan::ledger::Key;
use crate::fan::messages::{Opened, Plan, Queue, kind, text};
use crate::fan::{Plant, Source};
use crate::ledger::Fault;

/// Topic and subscriptions, as the clients know them.
#[derive(Default)]
pub(crate) struct Topic {
    arn: OnceCell<String>,
    /// The link that the endpoint was sent to confirm its subscription.
    subscribe_url: RefCell<Option<String>>,
}

/// How a queue is subscribed.
struct Shape {
    raw: bool,
    /// Filter policy and its scope.
    filter: Option<(&'static str, &'static str)>,
}

/// In the order of the plan's queues.
const SHAPES: [Shape; 5] = [
    Shape { raw: true, filter: None },
    Shape { raw: false, filter: None },
    Shape { raw: true, filter: None },
    Shape { raw: true, filter: Some((r#"{"kind":["a"]}"#, "MessageAttributes")) },
    Shape { raw: false, filter: Some((r#"{"kind":["b"]}"#, "MessageBody")) },
];

impl Source for Topic {
    const NAME: &'static str = "topic";
    const PLAN: Plan = Plan {
        queues: &[
            Queue::new("all-raw", "abc"),
            Queue::new("all-enveloped", "abc"),
            Queue::new("all-too", "abc"),
            Queue::new("only-a", "a"),
            Queue::new("only-b", "b"),
        ],
    };
    const PLANTS: &'static [Plant] =
        &[Plant::LostTarget, Plant::LostCall, Plant::FilteredQueue, Plant::PartialFanOut];

    async fn create(&self, client: &mut Client, hook: SocketAddr) -> io::Result<()> {
        create::create(self, client, hook).await
    }

    async fn described(&self, client: &mut Client) -> io::Result<Vec<String>> {
        create::subscriptions(client, self.arn()).await
    }

    async fn publish(&self, client: &mut Client, keys: &[Key]) -> Result<Vec<String>, Failure> {
        publish::request(client, self.arn(), keys).await
    }

    fn open(queue: usize, message: &Value) -> Opened {
        deliveries::open(SHAPES[queue].raw, message)
    }

    fn open_call(&self, head: &HeaderMap, body: &str) -> Option<Opened> {
        let kind = head.get("x-amz-sns-message-type").map(|kind| kind.as_bytes());
        if kind == Some(b"SubscriptionConfirmation") {
            let confirmation: Value = serde_json::from_str(body).unwrap_or_default();
            *self.subscribe_url.borrow_mut() = confirmation["SubscribeURL"].as_str().map(str::to_owned);
            return None;
        }
        Some(deliveries::open_envelope(body))
    }

    async fn smuggle(client: &mut Client, queue: usize, key: Key) -> Result<(), Failure> {
        let url = client.queue_url(Self::PLAN.queues[queue].name);
        let input = if SHAPES[queue].raw {
            let attribute = json!({ "DataType": "String", "StringValue": kind(key) });
            json!({ "QueueUrl": url, "MessageBody": text(key), "MessageAttributes": { "kind": attribute } })
        } else {
            let attributes = json!({ "kind": { "Type": "String", "Value": kind(key) } });
            let envelope =
                json!({ "Type": "Notification", "Message": text(key), "MessageAttributes": attributes });
            json!({ "QueueUrl": url, "MessageBody": envelope.to_string() })
        };
        client.call("SendMessage", &input).await.map(drop)
    }

    async fn plant(&self, planted: Plant, _client: &mut Client) -> Result<(), Failure> {
        Err(Failure::Refused(format!("{planted:?} is none of a topic's faults")))
    }

    async fn settle(&self, _client: &mut Client, _happened: u64) -> io::Result<Vec<(Fault, String)>> {
        Ok(Vec::new())
    }
}

impl Topic {
    fn arn(&self) -> &str {
        self.arn.get().map_or("", String::as_str)
    }
}
