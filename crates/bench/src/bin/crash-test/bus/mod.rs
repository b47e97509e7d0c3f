//! One event bus: rules for four queues and an API destination with a dead-letter queue, and an archive:
//! [`fan`](crate::fan) for EventBridge. The archive must hold exactly what happened, the dead-letter queue nothing.

mod create;
mod deliveries;

use std::io;
use std::net::SocketAddr;

use hyper::HeaderMap;
use serde_json::{Value, json};

use crate::client::{Client, Failure};
use crate::fan::ledger::Key;
use crate::fan::messages::{Opened, Plan, Queue, kind, text};
use crate::fan::{Plant, Source};
use crate::ledger::Fault;

/// Everything on it has a name that is fixed, so there is nothing to remember.
#[derive(Default)]
pub(crate) struct Bus;

const BUS: &str = "fan";
const SOURCE: &str = "crash";
const ARCHIVE: &str = "all";
const DESTINATION: &str = "hook";
const DEAD_LETTERS: &str = "dead";

/// What the connection adds to each call.
const API_KEY: (&str, &str) = ("x-fan-key", "a key of this run");

/// A rule on the way to one queue.
struct Rule {
    pattern: &'static str,
    /// What of the event the queue gets, if not all of it.
    input_path: Option<&'static str>,
}

/// In the order of the plan's queues; the first one calls the API destination, too.
const RULES: [Rule; 4] = [
    Rule { pattern: r#"{"source":["crash"],"detail-type":[{"prefix":"kind "}]}"#, input_path: None },
    Rule { pattern: r#"{"detail":{"kind":["a"]}}"#, input_path: None },
    Rule { pattern: r#"{"source":["crash"],"detail":{"kind":[{"anything-but":"a"}]}}"#, input_path: None },
    Rule {
        pattern: r#"{"detail-type":["kind b"],"detail":{"number":[{"numeric":[">=",0]}]}}"#,
        input_path: Some("$.detail"),
    },
];

const ARCHIVE_PATTERN: &str = r#"{"source":["crash"]}"#;

impl Source for Bus {
    const NAME: &'static str = "events";
    const PLAN: Plan = Plan {
        queues: &[
            Queue::new("everything", "abc"),
            Queue::new("only-a", "a"),
            Queue::new("not-a", "bc"),
            Queue::new("detail-of-b", "b"),
        ],
    };
    const PLANTS: &'static [Plant] = &[
        Plant::LostTarget,
        Plant::LostCall,
        Plant::FilteredQueue,
        Plant::PartialFanOut,
        Plant::Stray,
        Plant::GivenUp,
    ];

    async fn create(&self, client: &mut Client, hook: SocketAddr) -> io::Result<()> {
        create::create(client, hook).await
    }

    async fn described(&self, client: &mut Client) -> io::Result<Vec<String>> {
        create::described(client).await
    }

    async fn publish(&self, client: &mut Client, keys: &[Key]) -> Result<Vec<String>, Failure> {
        let entries: Vec<Value> = keys.iter().map(|&key| entry(kind(key), &text(key))).collect();
        let answer = client.events("PutEvents", &json!({ "Entries": entries })).await?;
        let id = |result: &Value| result["EventId"].as_str().map(str::to_owned);
        let ids: Option<Vec<String>> = answer["Entries"].as_array().into_iter().flatten().map(id).collect();
        match ids {
            Some(ids) if ids.len() == keys.len() && answer["FailedEntryCount"] == 0 => Ok(ids),
            _ => Err(Failure::Refused(format!("{} events were put, answered: {answer}", keys.len()))),
        }
    }

    fn open(queue: usize, message: &Value) -> Opened {
        let body = message["Body"].as_str().unwrap_or_default();
        match RULES[queue].input_path {
            None => deliveries::open_event(body),
            Some(_) => deliveries::open_detail(body),
        }
    }

    fn open_call(&self, head: &HeaderMap, body: &str) -> Option<Opened> {
        let (name, value) = API_KEY;
        let known = head.get(name).is_some_and(|given| given.as_bytes() == value.as_bytes());
        Some(if known { deliveries::open_event(body) } else { Opened::foreign("without its key", body) })
    }

    async fn smuggle(client: &mut Client, queue: usize, key: Key) -> Result<(), Failure> {
        let body = match RULES[queue].input_path {
            None => deliveries::event(kind(key), &text(key)),
            Some(_) => text(key),
        };
        let url = client.queue_url(Self::PLAN.queues[queue].name);
        client.call("SendMessage", &json!({ "QueueUrl": url, "MessageBody": body })).await.map(drop)
    }

    async fn plant(&self, planted: Plant, client: &mut Client) -> Result<(), Failure> {
        if matches!(planted, Plant::GivenUp) {
            let input = json!({ "QueueUrl": client.queue_url(DEAD_LETTERS), "MessageBody": "an event" });
            return client.call("SendMessage", &input).await.map(drop);
        }
        // No rule wants it, but the archive does.
        let entry = json!({ "EventBusName": BUS, "Source": SOURCE, "DetailType": "stray", "Detail": "{}" });
        client.events("PutEvents", &json!({ "Entries": [entry] })).await.map(drop)
    }

    async fn settle(&self, client: &mut Client, happened: u64) -> io::Result<Vec<(Fault, String)>> {
        let mut found = Vec::new();
        let archive = create::archive(client).await?;
        if archive["EventCount"] != happened {
            let text = format!("{happened} events happened, the archive has {}", archive["EventCount"]);
            found.push((Fault::Count, text));
        }
        let dead = create::waiting(client, DEAD_LETTERS).await?;
        if dead != "0" {
            let text =
                format!("{dead} events were given up, though the destination takes them all in the end");
            found.push((Fault::Misrouted, text));
        }
        Ok(found)
    }
}

fn entry(kind: &str, detail: &str) -> Value {
    json!({ "EventBusName": BUS, "Source": SOURCE, "DetailType": format!("kind {kind}"), "Detail": detail })
}
