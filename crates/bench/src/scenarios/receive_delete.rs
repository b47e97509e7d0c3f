//! `sqs-receive-delete`: ReceiveMessage(10) + DeleteMessageBatch until the queue is empty.

use std::io;
use std::time::Instant;

use bench::http::{Connection, Endpoint};
use bench::load::{self, Latencies, Round};
use bench::report::{Target, median};
use bench::{failure, scan, wire};

use crate::lab::{Lab, Subject, push_ratio};

const SCENARIO: &str = "sqs-receive-delete";

/// What one connection took out.
struct Share {
    messages: u64,
    receives: Latencies,
    deletes: Latencies,
}

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    let connections = lab.settings.connections.unwrap_or(16);
    let (mut rates, mut ratios, mut cpu_ratios) = (vec![], vec![], vec![]);
    let (mut receive_tails, mut delete_tails) = (vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let subject = lab.subject()?;
        let url = subject.create_queue(r#""VisibilityTimeout":"600""#).await?;
        subject.fill(&url, lab.settings.messages).await?;
        let bare = lab.bare_round(16).await?;
        let (ours, deletes) = drain(&subject, &url, connections).await?;
        if ours.messages != lab.settings.messages / 10 * 10 {
            return Err(failure(format!(
                "{} messages were put in, {} came out",
                lab.settings.messages / 10 * 10,
                ours.messages
            )));
        }
        rates.push(ours.rate());
        ratios.push(ours.rate() / bare.rate());
        push_ratio(&mut cpu_ratios, ours.cpu_micros(), bare.cpu_micros());
        receive_tails.push(ours.micros_at(0.99));
        delete_tails.push(deletes.value_at_quantile(0.99) as f64 / 1e3);
    }
    let what = format!("ReceiveMessage(10) + DeleteMessageBatch until empty, {connections} connections");
    let note = format!(
        "{:.0} messages/s; p99 of a receive {:.0} µs, of a delete {:.0} µs",
        median(&rates),
        median(&receive_tails),
        median(&delete_tails)
    );
    lab.row(SCENARIO, what.clone(), "messages/s ÷ B", ratios, Target::AtLeast(0.50, Some(0.65)), note);
    lab.row(SCENARIO, what, "server CPU a message ÷ bare's", cpu_ratios, Target::Shown, String::new());
    Ok(())
}

async fn drain(subject: &Subject, url: &str, connections: usize) -> io::Result<(Round, Latencies)> {
    let cpu_before = subject.cpu()?;
    let begun = Instant::now();
    let shares = load::each_connection(connections, |_| {
        let (endpoint, url) = (subject.endpoint.clone(), url.to_owned());
        async move { drain_one(&endpoint, &url).await }
    })
    .await?;
    let elapsed = begun.elapsed();
    let cpu = subject.cpu()?.zip(cpu_before).map(|(after, before)| after.saturating_sub(before));
    let (mut messages, mut receives, mut deletes) = (0, load::latencies()?, load::latencies()?);
    for share in &shares {
        messages += share.messages;
        receives.add(&share.receives).map_err(|error| failure(error.to_string()))?;
        deletes.add(&share.deletes).map_err(|error| failure(error.to_string()))?;
    }
    Ok((Round { messages, elapsed, cpu, latencies: receives }, deletes))
}

async fn drain_one(endpoint: &Endpoint, url: &str) -> io::Result<Share> {
    let mut connection = Connection::open(endpoint).await?;
    let receive = wire::receive(endpoint, url, 10, 0);
    let (mut request, mut scratch) = (Vec::new(), Vec::new());
    let mut share = Share { messages: 0, receives: load::latencies()?, deletes: load::latencies()? };
    loop {
        let sent = Instant::now();
        let body = connection.call(&receive).await?.ok()?;
        let received = Instant::now();
        let handles = scan::json_strings(body, "ReceiptHandle");
        let entries = wire::delete_batch(&mut request, &mut scratch, &endpoint.host, url, handles);
        if entries == 0 {
            return Ok(share);
        }
        load::record(&mut share.receives, received - sent);
        let sent = Instant::now();
        let body = connection.call(&request).await?.ok()?;
        load::record(&mut share.deletes, sent.elapsed());
        if scan::count(body, "\"Id\"") != entries || scan::count(body, "\"Code\"") != 0 {
            return Err(failure("DeleteMessageBatch refused an entry"));
        }
        share.messages += entries as u64;
    }
}
