//! `sns-fanout`: one Publish, many queues. Every other queue has a filter policy that the message does not pass.

use std::io;

use bench::http::Connection;
use bench::report::{Target, median};
use bench::{failure, scan, wire};

use crate::lab::{Lab, Subject, fresh, push_ratio};
use crate::scenarios::{fan::Fan, pingpong};

const SCENARIO: &str = "sns-fanout";
const QUEUES: [usize; 3] = [1, 10, 100];

/// The promise, and what is shown of the time to arrival, are about this many.
const PROMISED: usize = 10;

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    for raw in [true, false] {
        for queues in QUEUES {
            throughput(lab, queues, raw).await?;
        }
        latency(lab, raw).await?;
    }
    Ok(())
}

fn what(queues: usize, raw: bool) -> String {
    let shape = if raw { "raw" } else { "in envelopes" };
    match queues {
        1 => format!("1 queue, {shape}"),
        _ => format!("{queues} queues, half filtered, {shape}"),
    }
}

async fn throughput(lab: &mut Lab, queues: usize, raw: bool) -> io::Result<()> {
    let connections = lab.settings.connections.unwrap_or(16);
    let (mut publishes, mut rates, mut ratios, mut cpu_ratios) = (vec![], vec![], vec![], vec![]);
    let (mut medians, mut tails, mut cpu) = (vec![], vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let bare = lab.bare_round(16).await?;
        let subject = lab.subject()?;
        let topic = create(&subject, queues, raw).await?;
        let ours = topic.repeat(&subject, connections, lab.settings.span).await?;
        publishes.push(ours.rate() / topic.served.len() as f64);
        rates.push(ours.rate());
        ratios.push(ours.rate() / bare.rate());
        push_ratio(&mut cpu_ratios, ours.cpu_micros(), bare.cpu_micros());
        cpu.extend(ours.cpu_micros());
        medians.push(ours.micros_at(0.5));
        tails.push(ours.micros_at(0.99));
    }
    let what = format!("Publish to {}, {connections} connections", what(queues, raw));
    let note = format!(
        "{:.0} deliveries/s, {:.0} publishes/s; p50 {:.0} µs, p99 {:.0} µs",
        median(&rates),
        median(&publishes),
        median(&medians),
        median(&tails)
    );
    let target = if queues == PROMISED { Target::AtLeast(0.40, None) } else { Target::Shown };
    lab.row(SCENARIO, what.clone(), "deliveries/s ÷ B", ratios, target, note);
    let note = format!("{:.1} µs of server CPU a delivery", median(&cpu));
    lab.row(SCENARIO, what, "server CPU a delivery ÷ bare's", cpu_ratios, Target::Shown, note);
    Ok(())
}

async fn latency(lab: &mut Lab, raw: bool) -> io::Result<()> {
    let (mut ratios, mut medians, mut tails) = (vec![], vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let bare = lab.bare_round(1).await?;
        let subject = lab.subject()?;
        let topic = create(&subject, PROMISED, raw).await?;
        let last = topic.served.last().ok_or_else(|| failure("no queue to wait at"))?;
        let latencies =
            pingpong::exchanges(&subject.endpoint, last, &topic.request, lab.settings.span).await?;
        let p50 = latencies.value_at_quantile(0.5) as f64 / 1e3;
        ratios.push(p50 / bare.micros_at(0.5));
        medians.push(p50);
        tails.push(latencies.value_at_quantile(0.99) as f64 / 1e3);
    }
    let what = format!("publish → parked long poll returns, {}", what(PROMISED, raw));
    let note = format!("p50 {:.0} µs, p99 {:.0} µs", median(&medians), median(&tails));
    lab.row(SCENARIO, what, "p50 ÷ bare's p50 at one connection", ratios, Target::Shown, note);
    Ok(())
}

async fn create(subject: &Subject, queues: usize, raw: bool) -> io::Result<Fan> {
    let endpoint = &subject.endpoint;
    let mut connection = Connection::open(endpoint).await?;
    let answer =
        connection.call(&wire::sns(endpoint, "CreateTopic", &[("Name", &fresh("topic"))])).await?.ok()?;
    let arn = scan::xml_texts(answer, "TopicArn").next();
    let arn = String::from_utf8_lossy(arn.ok_or_else(|| failure("CreateTopic answered without an ARN"))?);
    let arn = arn.into_owned();
    let (mut served, mut filtered) = (vec![], vec![]);
    for number in 0..queues {
        let url = subject.create_queue(r#""VisibilityTimeout":"600""#).await?;
        let queue_arn = subject.queue_attribute(&url, "QueueArn").await?;
        let mut parameters = vec![("TopicArn", arn.as_str()), ("Protocol", "sqs"), ("Endpoint", &queue_arn)];
        let raw = if raw { "true" } else { "false" };
        parameters
            .extend([("Attributes.entry.1.key", "RawMessageDelivery"), ("Attributes.entry.1.value", raw)]);
        if number % 2 == 1 {
            parameters.extend([
                ("Attributes.entry.2.key", "FilterPolicy"),
                ("Attributes.entry.2.value", r#"{"kind":["refund"]}"#),
            ]);
            filtered.push(url);
        } else {
            served.push(url);
        }
        connection.call(&wire::sns(endpoint, "Subscribe", &parameters)).await?.ok()?;
    }
    let text = wire::text(1024);
    let parameters = [
        ("TopicArn", arn.as_str()),
        ("Message", &text),
        ("MessageAttributes.entry.1.Name", "kind"),
        ("MessageAttributes.entry.1.Value.DataType", "String"),
        ("MessageAttributes.entry.1.Value.StringValue", "order"),
    ];
    Ok(Fan { request: wire::sns(endpoint, "Publish", &parameters), entries: 1, served, filtered })
}
