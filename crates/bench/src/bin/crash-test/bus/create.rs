//! The bus with its rules, targets, API destination and archive, and what is to be seen of them afterwards.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bench::failure;
use serde_json::{Value, json};

use super::{API_KEY, ARCHIVE, ARCHIVE_PATTERN, BUS, Bus, DEAD_LETTERS, DESTINATION, RULES};
use crate::client::{Client, Failure};
use crate::fan::Source;

/// AWS calls 300 times a second unless told otherwise.
const CALLS_A_SECOND: u64 = 1_000_000;

/// A connection with an API key has nobody to ask.
const ACTIVE_WITHIN: Duration = Duration::from_secs(10);

pub(super) async fn create(client: &mut Client, hook: SocketAddr) -> io::Result<()> {
    let answer = events(client, "CreateEventBus", &json!({ "Name": BUS })).await?;
    let bus_arn = text(&answer, "EventBusArn")?;
    client.create_queue(DEAD_LETTERS).await?;
    let destination = create_destination(client, hook).await?;
    for (at, (queue, rule)) in Bus::PLAN.queues.iter().zip(&RULES).enumerate() {
        // The account in every ARN of a run is the one that the bus got.
        let queue_arn = |name: &str| {
            let head = bus_arn.replacen(":events:", ":sqs:", 1);
            head.replacen(&format!(":event-bus/{BUS}"), &format!(":{name}"), 1)
        };
        let input = json!({ "Name": queue.name, "EventBusName": BUS, "EventPattern": rule.pattern });
        events(client, "PutRule", &input).await?;
        let mut target = json!({ "Id": "queue", "Arn": queue_arn(queue.name) });
        if let Some(path) = rule.input_path {
            target["InputPath"] = path.into();
        }
        let mut targets = vec![target];
        if at == 0 {
            let dead_letters = json!({ "Arn": queue_arn(DEAD_LETTERS) });
            targets.push(json!({
                "Id": "destination", "Arn": destination, "DeadLetterConfig": dead_letters,
                "RoleArn": "arn:aws:iam::000000000000:role/fan",
            }));
        }
        let input = json!({ "Rule": queue.name, "EventBusName": BUS, "Targets": targets });
        let answer = events(client, "PutTargets", &input).await?;
        if answer["FailedEntryCount"] != 0 {
            return Err(failure(format!("PutTargets answered {answer}")));
        }
    }
    let input = json!({ "ArchiveName": ARCHIVE, "EventSourceArn": bus_arn, "EventPattern": ARCHIVE_PATTERN });
    events(client, "CreateArchive", &input).await.map(drop)
}

/// Answers the ARN of the API destination.
async fn create_destination(client: &mut Client, hook: SocketAddr) -> io::Result<String> {
    let (name, value) = API_KEY;
    let key = json!({ "ApiKeyName": name, "ApiKeyValue": value });
    let input = json!({
        "Name": DESTINATION, "AuthorizationType": "API_KEY", "AuthParameters": { "ApiKeyAuthParameters": key },
    });
    let answer = events(client, "CreateConnection", &input).await?;
    let input = json!({
        "Name": DESTINATION, "ConnectionArn": text(&answer, "ConnectionArn")?, "HttpMethod": "POST",
        "InvocationEndpoint": format!("http://{hook}/hook"), "InvocationRateLimitPerSecond": CALLS_A_SECOND,
    });
    let answer = events(client, "CreateApiDestination", &input).await?;
    let begun = Instant::now();
    loop {
        let described = events(client, "DescribeApiDestination", &json!({ "Name": DESTINATION })).await?;
        if described["ApiDestinationState"] == "ACTIVE" {
            return text(&answer, "ApiDestinationArn");
        }
        if begun.elapsed() > ACTIVE_WITHIN {
            return Err(failure(format!("the API destination is not active: {described}")));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Rules, targets, API destination, connection and archive, without what events change.
pub(super) async fn described(client: &mut Client) -> io::Result<Vec<String>> {
    let mut described = Vec::new();
    for (action, input) in [
        ("ListRules", json!({ "EventBusName": BUS })),
        ("DescribeApiDestination", json!({ "Name": DESTINATION })),
        ("DescribeConnection", json!({ "Name": DESTINATION })),
    ] {
        described.push(events(client, action, &input).await?.to_string());
    }
    for queue in Bus::PLAN.queues {
        let input = json!({ "EventBusName": BUS, "Rule": queue.name });
        described.push(events(client, "ListTargetsByRule", &input).await?.to_string());
    }
    let mut archive = archive(client).await?;
    for changing in ["EventCount", "SizeBytes"] {
        archive[changing] = Value::Null;
    }
    described.push(archive.to_string());
    Ok(described)
}

pub(super) async fn archive(client: &mut Client) -> io::Result<Value> {
    events(client, "DescribeArchive", &json!({ "ArchiveName": ARCHIVE })).await
}

/// How many messages wait in a queue.
pub(super) async fn waiting(client: &mut Client, queue: &str) -> io::Result<String> {
    const NAME: &str = "ApproximateNumberOfMessages";
    let input = json!({ "QueueUrl": client.queue_url(queue), "AttributeNames": [NAME] });
    let answer = done("GetQueueAttributes", client.call("GetQueueAttributes", &input).await)?;
    text(&answer["Attributes"], NAME)
}

async fn events(client: &mut Client, action: &str, input: &Value) -> io::Result<Value> {
    done(action, client.events(action, input).await)
}

fn done(action: &str, answer: Result<Value, Failure>) -> io::Result<Value> {
    answer.map_err(|error| failure(format!("{action}: {error:?}")))
}

fn text(answer: &Value, name: &str) -> io::Result<String> {
    answer[name].as_str().map(str::to_owned).ok_or_else(|| failure(format!("no {name} in {answer}")))
}
