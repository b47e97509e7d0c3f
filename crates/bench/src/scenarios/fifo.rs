//! `sqs-fifo`: 16 message groups, eight producers and eight consumers together on one FIFO queue.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bench::http::{Connection, Endpoint};
use bench::load;
use bench::report::{Target, median};
use bench::{failure, scan, wire};

use crate::lab::{Lab, Subject, push_ratio};

const SCENARIO: &str = "sqs-fifo";
const GROUPS: usize = 16;
const PRODUCERS: usize = 8;
const CONSUMERS: usize = 8;

/// A consumer that finds nothing waits this long at the server before it looks whether all is done.
const WAIT_SECS: u32 = 1;

/// What everybody on this thread counts together.
#[derive(Default)]
struct Tally {
    sent: Cell<u64>,
    deleted: Cell<u64>,
    producing: Cell<usize>,
    last_delete: Cell<Option<Instant>>,
}

impl Tally {
    fn finished(&self) -> bool {
        self.producing.get() == 0 && self.deleted.get() >= self.sent.get()
    }
}

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    let (mut rates, mut ratios, mut cpu_ratios) = (vec![], vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let bare = lab.bare_round(16).await?;
        let subject = lab.subject()?;
        let url = subject.create_queue(r#""FifoQueue":"true","VisibilityTimeout":"600""#).await?;
        let (messages, elapsed, cpu) = through(&subject, &url, lab.settings.span).await?;
        let rate = messages as f64 / elapsed.as_secs_f64();
        rates.push(rate);
        ratios.push(rate / bare.rate());
        let cpu = cpu.map(|cpu| cpu.as_secs_f64() * 1e6 / messages as f64);
        push_ratio(&mut cpu_ratios, cpu, bare.cpu_micros());
    }
    let what = format!("FIFO, {GROUPS} groups, {PRODUCERS} producers and {CONSUMERS} consumers together");
    let note = format!("{:.0} messages/s sent, received and deleted", median(&rates));
    lab.row(SCENARIO, what.clone(), "messages/s ÷ B", ratios, Target::AtLeast(0.08, Some(0.12)), note);
    lab.row(SCENARIO, what, "server CPU a message ÷ bare's", cpu_ratios, Target::Shown, String::new());
    Ok(())
}

/// Produces for `span`, consumes until all is gone: messages, time to the last delete, CPU.
async fn through(
    subject: &Subject,
    url: &str,
    span: Duration,
) -> io::Result<(u64, Duration, Option<Duration>)> {
    let tally = Rc::new(Tally::default());
    tally.producing.set(PRODUCERS);
    let cpu_before = subject.cpu()?;
    let begun = Instant::now();
    load::each_connection(PRODUCERS + CONSUMERS, |number| {
        let (endpoint, url, tally) = (subject.endpoint.clone(), url.to_owned(), Rc::clone(&tally));
        async move {
            if number < PRODUCERS {
                produce(&endpoint, &url, number, begun + span, &tally).await
            } else {
                consume(&endpoint, &url, &tally).await
            }
        }
    })
    .await?;
    let ended = tally.last_delete.get().ok_or_else(|| failure("nothing came through the FIFO queue"))?;
    let cpu = subject.cpu()?.zip(cpu_before).map(|(after, before)| after.saturating_sub(before));
    Ok((tally.deleted.get(), ended - begun, cpu))
}

async fn produce(
    endpoint: &Endpoint,
    url: &str,
    number: usize,
    end: Instant,
    tally: &Tally,
) -> io::Result<()> {
    let mut connection = Connection::open(endpoint).await?;
    // Two groups a producer. One request each, in which only the deduplication id is written anew.
    let mut templates =
        [Template::new(endpoint, url, number * 2)?, Template::new(endpoint, url, number * 2 + 1)?];
    let mut next: u64 = 0;
    while Instant::now() < end {
        let template = &mut templates[usize::from(next % 2 == 1)];
        template.number(((number as u64) << 48) | next);
        connection.call(&template.request).await?.ok()?;
        tally.sent.set(tally.sent.get() + 1);
        next += 1;
    }
    tally.producing.set(tally.producing.get() - 1);
    Ok(())
}

async fn consume(endpoint: &Endpoint, url: &str, tally: &Tally) -> io::Result<()> {
    let mut connection = Connection::open(endpoint).await?;
    let receive = wire::receive(endpoint, url, 10, WAIT_SECS);
    let (mut request, mut scratch) = (Vec::new(), Vec::new());
    while !tally.finished() {
        let body = connection.call(&receive).await?.ok()?;
        let handles = scan::json_strings(body, "ReceiptHandle");
        let entries = wire::delete_batch(&mut request, &mut scratch, &endpoint.host, url, handles);
        if entries == 0 {
            continue;
        }
        let body = connection.call(&request).await?.ok()?;
        if scan::count(body, "\"Code\"") != 0 {
            return Err(failure("DeleteMessageBatch refused an entry"));
        }
        tally.deleted.set(tally.deleted.get() + entries as u64);
        tally.last_delete.set(Some(Instant::now()));
    }
    Ok(())
}

/// A prepared request with a place for sixteen hexadecimal digits.
struct Template {
    request: Vec<u8>,
    at: usize,
}

impl Template {
    fn new(endpoint: &Endpoint, url: &str, group: usize) -> io::Result<Self> {
        const PLACE: &str = "XXXXXXXXXXXXXXXX";
        let text = wire::text(1024);
        let body = format!(
            r#"{{"QueueUrl":"{url}","MessageBody":"{text}","MessageGroupId":"g{group}","MessageDeduplicationId":"{PLACE}"}}"#
        );
        let request = wire::json(endpoint, "SendMessage", &body);
        let at = memchr::memmem::rfind(&request, PLACE.as_bytes())
            .ok_or_else(|| failure("no place for the id"))?;
        Ok(Self { request, at })
    }

    fn number(&mut self, number: u64) {
        self.request[self.at..self.at + 16].copy_from_slice(format!("{number:016x}").as_bytes());
    }
}
