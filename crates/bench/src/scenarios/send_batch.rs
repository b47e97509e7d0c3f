//! `sqs-send-batch`: ten messages, one request.

use std::io;

use bench::http::Connection;
use bench::load;
use bench::report::{Target, median};
use bench::{failure, scan, wire};

use crate::lab::{Lab, push_ratio};

const SCENARIO: &str = "sqs-send-batch";
const ENTRIES: usize = 10;

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    let connections = lab.settings.connections.unwrap_or(16);
    let (mut rates, mut ratios, mut cpu_ratios, mut tails, mut medians, mut worst) =
        (vec![], vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let bare = lab.bare_round(16).await?;
        let subject = lab.subject()?;
        let url = subject.create_queue("").await?;
        let request = wire::send_batch(&subject.endpoint, &url, &wire::text(1024), ENTRIES);
        // A batch can answer 200 and still have refused its entries: look once, before counting.
        let mut connection = Connection::open(&subject.endpoint).await?;
        if scan::count(connection.call(&request).await?.ok()?, "\"MessageId\"") != ENTRIES {
            return Err(failure("SendMessageBatch refused an entry"));
        }
        let (endpoint, span) = (&subject.endpoint, lab.settings.span);
        let ours = load::repeat(endpoint, subject.pid(), connections, span, request, ENTRIES as u64).await?;
        rates.push(ours.rate());
        ratios.push(ours.rate() / bare.rate());
        push_ratio(&mut cpu_ratios, ours.cpu_micros(), bare.cpu_micros());
        medians.push(ours.micros_at(0.5) / 1e3);
        tails.push(ours.micros_at(0.99) / 1e3);
        worst.push(ours.latencies.max() as f64 / 1e6);
    }
    let what = format!("SendMessageBatch of {ENTRIES}, {connections} connections");
    let note = format!("{:.0} messages/s", median(&rates));
    lab.row(SCENARIO, what.clone(), "messages/s ÷ B", ratios, Target::AtLeast(0.60, None), note);
    let note = format!("p50 {:.1} ms, max {:.1} ms", median(&medians), median(&worst));
    lab.row(SCENARIO, what.clone(), "p99 of a batch, ms", tails, Target::AtMost(20.0, None), note);
    lab.row(SCENARIO, what, "server CPU a message ÷ bare's", cpu_ratios, Target::Shown, String::new());
    Ok(())
}
