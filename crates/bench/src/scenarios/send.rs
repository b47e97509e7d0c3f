//! `sqs-send`: one message, one request.

use std::io;

use bench::load;
use bench::report::{Target, median};
use bench::wire;

use crate::lab::{Lab, Subject, push_ratio};

const SCENARIO: &str = "sqs-send";

/// Which way a message is sent, and what is promised for it.
struct Way {
    what: &'static str,
    connections: usize,
    query: bool,
    durability: Option<&'static str>,
    /// The yardstick runs with as many connections, or always with 16 (B).
    figure: &'static str,
    target: Target,
}

const AT_AS_MANY: &str = "messages/s ÷ bare's at as many";
const OF_B: &str = "messages/s ÷ B";

const WAYS: [Way; 5] = [
    way("SendMessage, JSON", 1, AT_AS_MANY, Target::AtLeast(0.70, Some(0.80))),
    way("SendMessage, JSON", 16, AT_AS_MANY, Target::AtLeast(0.35, Some(0.50))),
    way("SendMessage, JSON", 64, AT_AS_MANY, Target::AtLeast(0.45, Some(0.60))),
    Way { query: true, ..way("SendMessage, query/XML", 16, OF_B, Target::AtLeast(0.30, None)) },
    Way {
        durability: Some("power"),
        ..way("SendMessage, JSON, `power`", 16, OF_B, Target::AtLeast(0.15, None))
    },
];

const fn way(what: &'static str, connections: usize, figure: &'static str, target: Target) -> Way {
    Way { what, connections, query: false, durability: None, figure, target }
}

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    for way in &WAYS {
        if lab.settings.connections.is_some_and(|only| only != way.connections) {
            continue;
        }
        // The durability of a running endpoint is not ours to choose.
        if way.durability.is_some() && !lab.owns_server() {
            continue;
        }
        measure(lab, way).await?;
    }
    Ok(())
}

async fn measure(lab: &mut Lab, way: &Way) -> io::Result<()> {
    let (mut rates, mut ratios, mut cpu_ratios) = (vec![], vec![], vec![]);
    let (mut medians, mut tails, mut worst, mut cpu) = (vec![], vec![], vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let bare = lab.bare_round(way.connections).await?;
        let subject = lab.subject_with(way.durability.unwrap_or(&lab.settings.durability))?;
        let request = request(&subject, way.query).await?;
        let (endpoint, span) = (&subject.endpoint, lab.settings.span);
        let ours = load::repeat(endpoint, subject.pid(), way.connections, span, request, 1).await?;
        rates.push(ours.rate());
        ratios.push(ours.rate() / bare.rate());
        push_ratio(&mut cpu_ratios, ours.cpu_micros(), bare.cpu_micros());
        cpu.extend(ours.cpu_micros());
        medians.push(ours.micros_at(0.5));
        tails.push(ours.micros_at(0.99));
        worst.push(ours.latencies.max() as f64 / 1e3);
    }
    let what = format!(
        "{}, {} connection{}",
        way.what,
        way.connections,
        if way.connections == 1 { "" } else { "s" }
    );
    let note = format!(
        "{:.0}/s; p50 {:.0} µs, p99 {:.0} µs, max {:.1} ms",
        median(&rates),
        median(&medians),
        median(&tails),
        median(&worst) / 1e3
    );
    lab.row(SCENARIO, what.clone(), way.figure, ratios, way.target, note);
    // The promise about CPU is about the ordinary way at 16 connections; the others are for the picture.
    let promised = way.connections == 16 && !way.query && way.durability.is_none();
    let target = if promised { Target::AtMost(3.5, Some(2.7)) } else { Target::Shown };
    let note = format!("{:.1} µs of server CPU a message", median(&cpu));
    lab.row(SCENARIO, what, "server CPU ÷ bare's", cpu_ratios, target, note);
    Ok(())
}

async fn request(subject: &Subject, query: bool) -> io::Result<Vec<u8>> {
    let url = subject.create_queue("").await?;
    let body = wire::text(1024);
    if !query {
        return Ok(wire::send(&subject.endpoint, &url, &body));
    }
    let path = url.splitn(4, '/').nth(3).map_or("/".to_owned(), |path| format!("/{path}"));
    let form = format!("Action=SendMessage&Version=2012-11-05&MessageBody={body}");
    Ok(wire::query(&subject.endpoint, &path, &form))
}
