//! The topic and its subscriptions.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bench::http::{Connection, Endpoint};
use bench::{failure, scan};

use super::{SHAPES, Shape, Topic};
use crate::client::Client;
use crate::fan::Source;

/// A confirmation comes at once.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(10);

/// As short as AWS lets delays be, and more retries than an unlucky delivery needs.
const DELIVERY_POLICY: &str = r#"{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":100,"numNoDelayRetries":20}}"#;

pub(super) async fn create(topic: &Topic, client: &mut Client, hook: SocketAddr) -> io::Result<()> {
    let answer = sns(client, "CreateTopic", &[("Name", "fan")]).await?;
    let arn = scan::xml_texts(answer.as_bytes(), "TopicArn").next().unwrap_or_default();
    let arn = topic.arn.get_or_init(|| String::from_utf8_lossy(arn).into_owned());
    for (queue, shape) in Topic::PLAN.queues.iter().zip(&SHAPES) {
        subscribe(client, arn, queue.name, shape).await?;
    }
    let parameters = [
        ("TopicArn", arn.as_str()),
        ("Protocol", "http"),
        ("Endpoint", &format!("http://{hook}/hook")),
        ("Attributes.entry.1.key", "DeliveryPolicy"),
        ("Attributes.entry.1.value", DELIVERY_POLICY),
    ];
    sns(client, "Subscribe", &parameters).await?;
    confirm(topic).await
}

async fn subscribe(client: &mut Client, topic_arn: &str, queue: &str, shape: &Shape) -> io::Result<()> {
    // The account in every ARN of a run is the one that the topic got.
    let queue_arn = topic_arn.replacen(":sns:", ":sqs:", 1).replacen(":fan", &format!(":{queue}"), 1);
    let raw = if shape.raw { "true" } else { "false" };
    let mut parameters = vec![
        ("TopicArn", topic_arn),
        ("Protocol", "sqs"),
        ("Endpoint", &queue_arn),
        ("Attributes.entry.1.key", "RawMessageDelivery"),
        ("Attributes.entry.1.value", raw),
    ];
    if let Some((policy, scope)) = shape.filter {
        parameters.extend([
            ("Attributes.entry.2.key", "FilterPolicy"),
            ("Attributes.entry.2.value", policy),
            ("Attributes.entry.3.key", "FilterPolicyScope"),
            ("Attributes.entry.3.value", scope),
        ]);
    }
    sns(client, "Subscribe", &parameters).await.map(drop)
}

/// Opens the link that the endpoint was sent.
async fn confirm(topic: &Topic) -> io::Result<()> {
    let begun = Instant::now();
    let url = loop {
        if let Some(url) = topic.subscribe_url.borrow_mut().take() {
            break url;
        }
        if begun.elapsed() > CONFIRMED_WITHIN {
            return Err(failure("the endpoint got no SubscriptionConfirmation"));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    let endpoint = Endpoint::parse(&url)?;
    let path = url.find("/?").map_or("/", |at| &url[at..]);
    let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", endpoint.host);
    let mut connection = Connection::open(&endpoint).await?;
    connection.call(request.as_bytes()).await?.ok().map(drop)
}

/// The ARNs of all subscriptions, in order.
pub(super) async fn subscriptions(client: &mut Client, topic_arn: &str) -> io::Result<Vec<String>> {
    let answer = sns(client, "ListSubscriptionsByTopic", &[("TopicArn", topic_arn)]).await?;
    let texts = scan::xml_texts(answer.as_bytes(), "SubscriptionArn");
    let mut arns: Vec<String> = texts.map(|arn| String::from_utf8_lossy(arn).into_owned()).collect();
    arns.sort_unstable();
    if arns.len() != Topic::PLAN.targets() || !arns.iter().all(|arn| arn.starts_with("arn:")) {
        return Err(failure(format!("not all subscriptions are there and confirmed: {answer}")));
    }
    Ok(arns)
}

async fn sns(client: &mut Client, action: &str, parameters: &[(&str, &str)]) -> io::Result<String> {
    let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
    let parameters: Vec<_> = parameters.iter().map(owned).collect();
    let answer = client.sns(action, &parameters).await;
    answer.map_err(|failure| bench::failure(format!("{action}: {failure:?}")))
}
