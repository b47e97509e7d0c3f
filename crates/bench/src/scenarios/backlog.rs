//! `sqs-backlog`: a receive must not get slower, nor the process larger, as the queue fills.

use std::io;
use std::time::{Duration, Instant};

use bench::http::Connection;
use bench::load::{self, Latencies};
use bench::report::{Target, median};
use bench::{failure, scan, wire};

use crate::lab::{self, Lab, Subject};

const SCENARIO: &str = "sqs-backlog";
const SMALL: u64 = 1_000;

/// Receives of one queue, then of the other: near enough in time for a noisy machine.
const TURN: usize = 50;

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    let subject = lab.subject()?;
    let small = subject.create_queue(r#""VisibilityTimeout":"3600""#).await?;
    let large = subject.create_queue(r#""VisibilityTimeout":"3600""#).await?;
    subject.fill(&small, SMALL).await?;
    let begun = Instant::now();
    subject.fill(&large, lab.settings.backlog).await?;
    let filled = begun.elapsed();
    let backlog = lab.settings.backlog;
    // The figure is what *keeping* costs, not what the last seconds of writing happened to hold.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let resident = subject.resident_mib()?;
    let note = format!("filled at {:.0} messages/s", backlog as f64 / filled.as_secs_f64());
    let what = format!("{backlog} × 1 KB kept");
    lab.row(
        SCENARIO,
        what,
        "resident MiB",
        resident.into_iter().collect(),
        Target::AtMost(100.0, None),
        note,
    );

    let (mut ratios, mut at_small, mut at_large) = (vec![], vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let (few, many) = compare(&subject, &small, &large, lab.settings.span).await?;
        let (few, many) = (few.value_at_quantile(0.5) as f64 / 1e3, many.value_at_quantile(0.5) as f64 / 1e3);
        ratios.push(many / few);
        at_small.push(few);
        at_large.push(many);
    }
    let note = format!("p50 {:.0} and {:.0} µs", median(&at_large), median(&at_small));
    let what = format!("receive at {backlog} waiting against {SMALL}");
    lab.row(SCENARIO, what, "p50 ÷ p50", ratios, Target::AtMost(1.2, None), note);
    if lab.owns_server() {
        restarted(lab, subject, backlog).await?;
    }
    Ok(())
}

/// Receives in turns from both queues; each message received is deleted and another one sent, so that the
/// backlogs stay what they are.
async fn compare(
    subject: &Subject,
    small: &str,
    large: &str,
    span: Duration,
) -> io::Result<(Latencies, Latencies)> {
    let mut connection = Connection::open(&subject.endpoint).await?;
    let (mut few, mut many) = (load::latencies()?, load::latencies()?);
    turn(subject, &mut connection, small, &mut load::latencies()?).await?;
    turn(subject, &mut connection, large, &mut load::latencies()?).await?;
    let end = Instant::now() + span;
    while Instant::now() < end {
        turn(subject, &mut connection, small, &mut few).await?;
        turn(subject, &mut connection, large, &mut many).await?;
    }
    Ok((few, many))
}

async fn turn(
    subject: &Subject,
    connection: &mut Connection,
    url: &str,
    latencies: &mut Latencies,
) -> io::Result<()> {
    let receive = wire::receive(&subject.endpoint, url, 1, 0);
    let send = wire::send(&subject.endpoint, url, &wire::text(1024));
    let (mut delete, mut scratch) = (Vec::new(), Vec::new());
    for _ in 0..TURN {
        let begun = Instant::now();
        let body = connection.call(&receive).await?.ok()?;
        load::record(latencies, begun.elapsed());
        let handles = scan::json_strings(body, "ReceiptHandle");
        if wire::delete_batch(&mut delete, &mut scratch, &subject.endpoint.host, url, handles) != 1 {
            return Err(failure("a queue with a backlog answered without a message"));
        }
        connection.call(&delete).await?.ok()?;
        connection.call(&send).await?.ok()?;
    }
    Ok(())
}

/// The same million after a restart: what a process needs that has only read its index.
async fn restarted(lab: &mut Lab, subject: Subject, backlog: u64) -> io::Result<()> {
    let scratch = subject.stop()?;
    let begun = Instant::now();
    let server = lab::start(&lab.settings.binary, Some(scratch.path()), &lab.settings.durability)?;
    let mut connection = Connection::open(&server.endpoint).await?;
    connection.call(&wire::json(&server.endpoint, "ListQueues", "{}")).await?.ok()?;
    let answered = begun.elapsed();
    let resident = bench::usage::resident_bytes(server.pid())? as f64 / 1_048_576.0;
    let what = format!("{backlog} × 1 KB kept, after a restart");
    let note = format!("first answer after {:.0} ms", answered.as_secs_f64() * 1e3);
    lab.row(SCENARIO, what, "resident MiB", vec![resident], Target::Shown, note);
    server.stop()
}
