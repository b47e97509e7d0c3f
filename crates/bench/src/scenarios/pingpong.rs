//! `sqs-pingpong`: how long after a send a parked long poll returns, and what parked long polls cost.

use std::io;
use std::time::{Duration, Instant};

use bench::http::{Connection, Endpoint};
use bench::load::{self, Latencies};
use bench::report::{Target, median};
use bench::{failure, scan, wire};

use crate::lab::{Lab, Subject};

const SCENARIO: &str = "sqs-pingpong";
const PARKED: usize = 1_000;

/// Exchanges before counting begins.
const WARM_UP: usize = 200;

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    let (mut ratios, mut medians, mut tails, mut bare_medians) = (vec![], vec![], vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let bare = lab.bare_round(1).await?;
        let subject = lab.subject()?;
        let url = subject.create_queue(r#""VisibilityTimeout":"600""#).await?;
        let send = wire::send(&subject.endpoint, &url, &wire::text(1024));
        let latencies = exchanges(&subject.endpoint, &url, &send, lab.settings.span).await?;
        let p50 = latencies.value_at_quantile(0.5) as f64 / 1e3;
        ratios.push(p50 / bare.micros_at(0.5));
        medians.push(p50);
        tails.push(latencies.value_at_quantile(0.99) as f64 / 1e3);
        bare_medians.push(bare.micros_at(0.5));
    }
    let note = format!(
        "p50 {:.0} µs, p99 {:.0} µs; bare p50 {:.0} µs",
        median(&medians),
        median(&tails),
        median(&bare_medians)
    );
    let what = "send → parked long poll returns, one pair";
    lab.row(SCENARIO, what, "p50 ÷ bare's p50 at one connection", ratios, Target::AtMost(3.5, None), note);
    if lab.owns_server() {
        let idle = idle_percent(&lab.subject()?, lab.settings.span.max(Duration::from_secs(5))).await?;
        let what = format!("idle, {PARKED} parked long polls");
        lab.row(SCENARIO, what, "% of a core", vec![idle], Target::AtMost(0.5, None), String::new());
    }
    Ok(())
}

/// One producer, one consumer; what `send` sends must arrive in the queue. The consumer asks first; while it is parked the producer's connection deletes
/// the last message, so that by the time of the send the poll has surely been read. Nothing sleeps.
pub(crate) async fn exchanges(
    endpoint: &Endpoint,
    url: &str,
    send: &[u8],
    span: Duration,
) -> io::Result<Latencies> {
    let (mut producer, mut consumer) = (Connection::open(endpoint).await?, Connection::open(endpoint).await?);
    let receive = wire::receive(endpoint, url, 1, 20);
    let (mut delete, mut scratch) = (Vec::new(), Vec::new());
    let mut latencies = load::latencies()?;
    let mut end = None;
    for number in 0.. {
        if end.is_some_and(|end| Instant::now() > end) {
            break;
        }
        consumer.send(&receive).await?;
        if !delete.is_empty() {
            producer.call(&delete).await?.ok()?;
        }
        let begun = Instant::now();
        producer.send(send).await?;
        let body = consumer.reply().await?.ok()?;
        let latency = begun.elapsed();
        let handles = scan::json_strings(body, "ReceiptHandle");
        if wire::delete_batch(&mut delete, &mut scratch, &endpoint.host, url, handles) != 1 {
            return Err(failure("the long poll came back without its message"));
        }
        producer.reply().await?.ok()?;
        if number == WARM_UP {
            end = Some(Instant::now() + span);
        }
        if number > WARM_UP {
            load::record(&mut latencies, latency);
        }
    }
    Ok(latencies)
}

/// CPU of a server on which nothing happens but waiting.
async fn idle_percent(subject: &Subject, span: Duration) -> io::Result<f64> {
    let url = subject.create_queue("").await?;
    let request = wire::receive(&subject.endpoint, &url, 10, 20);
    let mut parked = Vec::with_capacity(PARKED);
    for _ in 0..PARKED {
        let mut connection = Connection::open(&subject.endpoint).await?;
        connection.send(&request).await?;
        parked.push(connection);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = subject.cpu()?;
    let begun = Instant::now();
    // Well within the 20 seconds of a poll.
    tokio::time::sleep(span.min(Duration::from_secs(15))).await;
    let used = subject.cpu()?.zip(before).map(|(after, before)| after.saturating_sub(before));
    let used = used.ok_or_else(|| failure("the server's CPU time cannot be read"))?;
    let percent = 100.0 * used.as_secs_f64() / begun.elapsed().as_secs_f64();
    drop(parked);
    Ok(percent)
}
