//! One run: subscribe, publish, kill, start again, look; in the end drain, wait for the endpoint, and settle.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bench::http::{Connection, Endpoint};
use bench::process::{Scratch, Server};
use bench::{failure, scan};
use serde_json::json;
use tokio::task::JoinSet;

use super::messages::{QUEUES, Queue, TARGETS};
use super::reader::{self, VISIBILITY_SECS};
use super::{Plant, Stage, hook, plant, publisher};
use crate::client::{Client, Failure};
use crate::ledger::Fault;
use crate::run::{Options, list_faults, start};

const PUBLISHERS: usize = 16;
const KILL_AFTER_MS: std::ops::Range<u64> = 20..250;

/// Clients whose server was killed notice at once.
const NOTICE_WITHIN: Duration = Duration::from_secs(10);

/// A confirmation comes at once, and what is owed to the endpoint within its retries.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(10);
const HOOKED_WITHIN: Duration = Duration::from_secs(60);

/// What a planted fault keeps from the endpoint never comes.
const HOOKED_WITHIN_IF_PLANTED: Duration = Duration::from_secs(3);

/// As short as AWS lets delays be, and more retries than an unlucky delivery needs.
const DELIVERY_POLICY: &str = r#"{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":100,"numNoDelayRetries":20}}"#;

/// Runs all cycles. `Ok(true)` when nothing was wrong.
pub(crate) async fn run(options: &Options) -> io::Result<bool> {
    let begun = Instant::now();
    let stage = Rc::new(Stage::new(options.seed));
    let mut scratch = Scratch::new("crash-test")?;
    let played = play(options, scratch.path(), &stage, None).await;
    report(options, &stage, begun);
    let clean = played.is_ok() && stage.ledger.borrow().faults.is_empty();
    if !clean {
        scratch.keep();
        println!("the data directory is left in {}", scratch.path().display());
    }
    played.map(|()| clean)
}

/// The whole story; a fault that is planted comes before the end.
pub(super) async fn play(
    options: &Options,
    data: &Path,
    stage: &Rc<Stage>,
    planted: Option<Plant>,
) -> io::Result<()> {
    let (hook, serving) = hook::start(stage).await?;
    let server = start(options, data)?;
    create(&server.endpoint, stage, hook).await?;
    let subscriptions = subscriptions(&server.endpoint, stage).await?;
    let mut running = Some(server);
    for _ in 0..options.cycles {
        let server = match running.take() {
            Some(server) => server,
            None => start(options, data)?,
        };
        load_and_kill(server, stage).await?;
    }
    let server = match running {
        Some(server) => server,
        None => start(options, data)?,
    };
    if self::subscriptions(&server.endpoint, stage).await? != subscriptions {
        stage.fault(Fault::Metadata, format!("the subscriptions are not {subscriptions:?} any more"));
    }
    if let Some(planted) = planted {
        plant::plant(planted, &server.endpoint, stage).await?;
    }
    let patience = if planted.is_some() { HOOKED_WITHIN_IF_PLANTED } else { HOOKED_WITHIN };
    finish(&server.endpoint, stage, patience).await?;
    server.stop()?;
    serving.abort();
    Ok(())
}

async fn create(endpoint: &Endpoint, stage: &Stage, hook: SocketAddr) -> io::Result<()> {
    let mut client = Client::open(endpoint).await?;
    let answer = sns(&mut client, "CreateTopic", &[("Name", "fan")]).await?;
    let arn = scan::xml_texts(answer.as_bytes(), "TopicArn").next().unwrap_or_default();
    let arn = stage.topic_arn.get_or_init(|| String::from_utf8_lossy(arn).into_owned());
    for queue in &QUEUES {
        let input = json!({ "QueueName": queue.name });
        let answer = client.call("CreateQueue", &input).await;
        answer.map_err(|failure| bench::failure(format!("CreateQueue: {failure:?}")))?;
        subscribe(&mut client, arn, queue).await?;
    }
    let parameters = [
        ("TopicArn", arn.as_str()),
        ("Protocol", "http"),
        ("Endpoint", &format!("http://{hook}/hook")),
        ("Attributes.entry.1.key", "DeliveryPolicy"),
        ("Attributes.entry.1.value", DELIVERY_POLICY),
    ];
    sns(&mut client, "Subscribe", &parameters).await?;
    confirm(stage).await
}

async fn subscribe(client: &mut Client, topic_arn: &str, queue: &Queue) -> io::Result<()> {
    // The account in every ARN of a run is the one that the topic got.
    let queue_arn = topic_arn.replacen(":sns:", ":sqs:", 1).replacen(":fan", &format!(":{}", queue.name), 1);
    let mut attributes = vec![("RawMessageDelivery", if queue.raw { "true" } else { "false" })];
    if let Some((policy, scope)) = queue.filter {
        attributes.extend([("FilterPolicy", policy), ("FilterPolicyScope", scope)]);
    }
    let mut parameters = vec![
        ("TopicArn".to_owned(), topic_arn.to_owned()),
        ("Protocol".to_owned(), "sqs".to_owned()),
        ("Endpoint".to_owned(), queue_arn),
    ];
    for (at, (name, value)) in (1..).zip(attributes) {
        parameters.push((format!("Attributes.entry.{at}.key"), name.to_owned()));
        parameters.push((format!("Attributes.entry.{at}.value"), value.to_owned()));
    }
    let answer = client.sns("Subscribe", &parameters).await;
    answer.map(drop).map_err(|failure| bench::failure(format!("Subscribe: {failure:?}")))
}

/// Opens the link that the endpoint was sent.
async fn confirm(stage: &Stage) -> io::Result<()> {
    let begun = Instant::now();
    let url = loop {
        if let Some(url) = stage.subscribe_url.borrow_mut().take() {
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

async fn sns(client: &mut Client, action: &str, parameters: &[(&str, &str)]) -> io::Result<String> {
    let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
    let parameters: Vec<_> = parameters.iter().map(owned).collect();
    let answer = client.sns(action, &parameters).await;
    answer.map_err(|failure| bench::failure(format!("{action}: {failure:?}")))
}

/// The ARNs of all subscriptions, in order.
async fn subscriptions(endpoint: &Endpoint, stage: &Stage) -> io::Result<Vec<String>> {
    let mut client = Client::open(endpoint).await?;
    let answer = sns(&mut client, "ListSubscriptionsByTopic", &[("TopicArn", stage.topic_arn())]).await?;
    let texts = scan::xml_texts(answer.as_bytes(), "SubscriptionArn");
    let mut arns: Vec<String> = texts.map(|arn| String::from_utf8_lossy(arn).into_owned()).collect();
    arns.sort_unstable();
    if arns.len() != TARGETS || !arns.iter().all(|arn| arn.starts_with("arn:")) {
        return Err(failure(format!("not all subscriptions are there and confirmed: {answer}")));
    }
    Ok(arns)
}

/// Lets everybody loose, kills the server at a random moment, and waits until everybody has noticed.
async fn load_and_kill(server: Server, stage: &Rc<Stage>) -> io::Result<()> {
    let mut tasks: JoinSet<io::Result<()>> = JoinSet::new();
    for _ in 0..PUBLISHERS {
        let (endpoint, stage) = (server.endpoint.clone(), Rc::clone(stage));
        tasks.spawn_local(async move { publisher::run(&endpoint, &stage).await });
    }
    for queue in 0..QUEUES.len() {
        let (endpoint, stage) = (server.endpoint.clone(), Rc::clone(stage));
        tasks.spawn_local(async move { reader::run(&endpoint, &stage, queue).await });
    }
    let after = KILL_AFTER_MS.start + stage.roll(KILL_AFTER_MS.end - KILL_AFTER_MS.start);
    tokio::time::sleep(Duration::from_millis(after)).await;
    server.kill()?;
    let everybody = async {
        while let Some(task) = tasks.join_next().await {
            task.map_err(|error| failure(error.to_string()))??;
        }
        Ok::<_, io::Error>(())
    };
    tokio::time::timeout(NOTICE_WITHIN, everybody)
        .await
        .map_err(|_| failure("a client did not notice that the server was killed"))??;
    stage.ledger.borrow_mut().killed();
    Ok(())
}

/// Everything out of the queues, then whatever the endpoint is still owed.
async fn finish(endpoint: &Endpoint, stage: &Stage, patience: Duration) -> io::Result<()> {
    let begun = Instant::now();
    let mut drained = 0;
    for queue in 0..QUEUES.len() {
        drained += reader::drain(endpoint, stage, queue).await?;
    }
    // What was received and not deleted comes back.
    Client::open(endpoint).await?.advance((VISIBILITY_SECS + 1) * 1000).await?;
    for (number, queue) in QUEUES.iter().enumerate() {
        drained += reader::drain(endpoint, stage, number).await?;
        empty(endpoint, stage, queue).await?;
    }
    let owed = stage.ledger.borrow().owed_by_http();
    let waiting = Instant::now();
    while stage.ledger.borrow().owed_by_http() > 0 && waiting.elapsed() < patience {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!(
        "{drained} messages drained and {owed} HTTP deliveries waited for at the end, in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    stage.ledger.borrow_mut().settle();
    Ok(())
}

async fn empty(endpoint: &Endpoint, stage: &Stage, queue: &Queue) -> io::Result<()> {
    let mut client = Client::open(endpoint).await?;
    let input = json!({ "QueueUrl": client.queue_url(queue.name), "AttributeNames": ["All"] });
    let answer = match client.call("GetQueueAttributes", &input).await {
        Ok(answer) => answer,
        Err(Failure::InDoubt) => return Err(failure("the server went away while it was left in peace")),
        Err(Failure::Refused(text)) => return Err(failure(text)),
    };
    for name in ["", "NotVisible", "Delayed"] {
        let name = format!("ApproximateNumberOfMessages{name}");
        if answer["Attributes"][&name] != "0" {
            let text = format!("{} is empty, but {name} is {}", queue.name, answer["Attributes"][&name]);
            stage.fault(Fault::Metadata, text);
        }
    }
    Ok(())
}

fn report(options: &Options, stage: &Stage, begun: Instant) {
    let ledger = stage.ledger.borrow();
    let count = |fault: Fault| ledger.faults.iter().filter(|(found, _)| *found == fault).count();
    let totals = ledger.totals();
    println!(
        "topic: {} cycles in {:.1} s, {} publishes acknowledged, {} in doubt; {} deliveries in queues, {} by HTTP \
         ({} of them again, {} turned away)",
        options.cycles,
        begun.elapsed().as_secs_f64(),
        totals.acknowledged,
        totals.in_doubt,
        totals.in_queues,
        totals.by_http + totals.repeated,
        totals.repeated,
        stage.turned_away.get()
    );
    println!(
        "  lost {}  unexpected {}  duplicated {}  recovered {}",
        count(Fault::Lost),
        count(Fault::Unexpected),
        count(Fault::Duplicated),
        totals.recovered
    );
    println!(
        "  misrouted {}  torn {}  resurrected {}  wrong counts and subscriptions {}  refused {}",
        count(Fault::Misrouted),
        count(Fault::Torn),
        count(Fault::Resurrected),
        count(Fault::Metadata),
        count(Fault::Refused)
    );
    list_faults(&ledger.faults);
}
