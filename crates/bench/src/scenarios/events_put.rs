//! `events-put`: PutEvents of ten, few rules out of many match, queues as targets.

use std::io;
use std::rc::Rc;

use bench::http::{Connection, Endpoint};
use bench::load;
use bench::report::{Target, median};
use bench::{failure, wire};

use crate::lab::{Lab, Subject, fresh, push_ratio};
use crate::scenarios::{fan::Fan, pingpong};

const SCENARIO: &str = "events-put";
const RULES: [usize; 3] = [1, 100, 10_000];
const TARGETS: [usize; 2] = [1, 5];
const ENTRIES: u64 = 10;

/// The promise is about this many rules.
const PROMISED: usize = 100;

/// AWS's quota is 300 rules a bus.
const CONFIG: &str = "[limits.events]\nrules = 20000\n";

/// About what an entry measures as AWS counts: source, detail-type and detail.
const ENTRY_BYTES: usize = 1024;

/// The rules that match; there are as many of the others as it takes.
const MATCHING: [&str; 2] = [
    r#"{"source":["shop.orders"],"detail-type":["Order Placed"]}"#,
    r#"{"source":["shop.orders"],"detail":{"region":["eu"],"total":[{"numeric":[">",100]}]}}"#,
];

fn other(number: usize) -> String {
    format!(
        r#"{{"source":["shop.orders"],"detail-type":["Order Placed"],"detail":{{"customer":["c-{number}"]}}}}"#
    )
}

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    for rules in RULES {
        // A server that was named may have no more than AWS's quota.
        if rules > PROMISED && !lab.owns_server() {
            continue;
        }
        for targets in TARGETS {
            throughput(lab, rules, targets).await?;
        }
    }
    latency(lab).await
}

fn what(rules: usize, targets: usize) -> String {
    let rules = match rules {
        1 => "1 rule, which matches".to_owned(),
        _ => format!("{rules} rules, 2 match"),
    };
    let targets = if targets == 1 { "1 queue".to_owned() } else { format!("{targets} queues") };
    format!("{rules}, {targets} each")
}

async fn throughput(lab: &mut Lab, rules: usize, targets: usize) -> io::Result<()> {
    let connections = lab.settings.connections.unwrap_or(16);
    let (mut rates, mut events, mut ratios, mut cpu_ratios) = (vec![], vec![], vec![], vec![]);
    let (mut medians, mut tails, mut cpu) = (vec![], vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let bare = lab.bare_round(16).await?;
        let subject = lab.subject_configured(CONFIG)?;
        let bus = create(&subject, rules, targets, ENTRIES).await?;
        let ours = bus.repeat(&subject, connections, lab.settings.span).await?;
        rates.push(ours.rate());
        events.push(ours.rate() / bus.served.len() as f64);
        ratios.push(ours.rate() / bare.rate());
        push_ratio(&mut cpu_ratios, ours.cpu_micros(), bare.cpu_micros());
        cpu.extend(ours.cpu_micros());
        medians.push(ours.micros_at(0.5));
        tails.push(ours.micros_at(0.99));
    }
    let what = format!("PutEvents of {ENTRIES}, {}, {connections} connections", what(rules, targets));
    let note = format!(
        "{:.0} deliveries/s, {:.0} events/s; p50 {:.0} µs, p99 {:.0} µs",
        median(&rates),
        median(&events),
        median(&medians),
        median(&tails)
    );
    let target = if rules == PROMISED { Target::AtLeast(0.30, None) } else { Target::Shown };
    lab.row(SCENARIO, what.clone(), "deliveries/s ÷ B", ratios, target, note);
    let note = format!("{:.1} µs of server CPU a delivery", median(&cpu));
    lab.row(SCENARIO, what, "server CPU a delivery ÷ bare's", cpu_ratios, Target::Shown, note);
    Ok(())
}

async fn latency(lab: &mut Lab) -> io::Result<()> {
    let (mut ratios, mut medians, mut tails) = (vec![], vec![], vec![]);
    for _ in 0..lab.settings.rounds {
        let bare = lab.bare_round(1).await?;
        let subject = lab.subject_configured(CONFIG)?;
        let bus = create(&subject, PROMISED, 1, 1).await?;
        let last = bus.served.last().ok_or_else(|| failure("no queue to wait at"))?;
        let latencies = pingpong::exchanges(&subject.endpoint, last, &bus.request, lab.settings.span).await?;
        let p50 = latencies.value_at_quantile(0.5) as f64 / 1e3;
        ratios.push(p50 / bare.micros_at(0.5));
        medians.push(p50);
        tails.push(latencies.value_at_quantile(0.99) as f64 / 1e3);
    }
    let what = format!("PutEvents of 1 → parked long poll returns, {}", what(PROMISED, 1));
    let note = format!("p50 {:.0} µs, p99 {:.0} µs", median(&medians), median(&tails));
    lab.row(SCENARIO, what, "p50 ÷ bare's p50 at one connection", ratios, Target::Shown, note);
    Ok(())
}

/// A bus with its rules. Those that match have queues of their own, the others one for them all.
async fn create(subject: &Subject, rules: usize, targets: usize, entries: u64) -> io::Result<Fan> {
    let bus: Rc<str> = fresh("bus").into();
    let mut connection = Connection::open(&subject.endpoint).await?;
    let body = format!(r#"{{"Name":"{bus}"}}"#);
    connection.call(&wire::events(&subject.endpoint, "CreateEventBus", &body)).await?.ok()?;
    let (mut served, mut arns) = (vec![], vec![]);
    for _ in 0..rules.min(MATCHING.len()) * targets {
        let (url, arn) = create_queue(subject).await?;
        served.push(url);
        arns.push(arn);
    }
    let (quiet, quiet_arn) = create_queue(subject).await?;
    let rule = move |number: usize| match MATCHING.get(number) {
        Some(pattern) => ((*pattern).to_owned(), arns[number * targets..][..targets].to_vec()),
        None => (other(number), vec![quiet_arn.clone()]),
    };
    let rule = Rc::new(rule);
    load::each_connection(16, |first| {
        let (endpoint, bus, rule) = (subject.endpoint.clone(), Rc::clone(&bus), Rc::clone(&rule));
        async move {
            let mut connection = Connection::open(&endpoint).await?;
            for number in (first..rules).step_by(16) {
                let (pattern, targets) = rule(number);
                put_rule(&mut connection, &endpoint, (&bus, number), &pattern, &targets).await?;
            }
            Ok(())
        }
    })
    .await?;
    let request = put_events(&subject.endpoint, &bus, entries);
    Ok(Fan { request, entries, served, filtered: vec![quiet] })
}

async fn create_queue(subject: &Subject) -> io::Result<(String, String)> {
    let url = subject.create_queue(r#""VisibilityTimeout":"600""#).await?;
    let arn = subject.queue_attribute(&url, "QueueArn").await?;
    Ok((url, arn))
}

async fn put_rule(
    connection: &mut Connection,
    endpoint: &Endpoint,
    (bus, number): (&str, usize),
    pattern: &str,
    targets: &[String],
) -> io::Result<()> {
    let pattern = pattern.replace('"', "\\\"");
    let body = format!(r#"{{"EventBusName":"{bus}","Name":"rule-{number}","EventPattern":"{pattern}"}}"#);
    connection.call(&wire::events(endpoint, "PutRule", &body)).await?.ok()?;
    let target = |(id, arn): (usize, &String)| format!(r#"{{"Id":"{id}","Arn":"{arn}"}}"#);
    let targets: Vec<String> = targets.iter().enumerate().map(target).collect();
    let body =
        format!(r#"{{"EventBusName":"{bus}","Rule":"rule-{number}","Targets":[{}]}}"#, targets.join(","));
    connection.call(&wire::events(endpoint, "PutTargets", &body)).await?.ok().map(drop)
}

fn put_events(endpoint: &Endpoint, bus: &str, entries: u64) -> Vec<u8> {
    let entries: Vec<String> = (0..entries).map(|number| entry(bus, number)).collect();
    wire::events(endpoint, "PutEvents", &format!(r#"{{"Entries":[{}]}}"#, entries.join(",")))
}

fn entry(bus: &str, number: u64) -> String {
    let head = format!(r#"{{"order":{number},"customer":"c-none","region":"eu","total":120.5,"note":""#);
    let filling = ENTRY_BYTES - "shop.ordersOrder Placed".len() - head.len() - r#""}"#.len();
    let detail = format!(r#"{head}{}"}}"#, wire::text(filling)).replace('"', "\\\"");
    format!(
        r#"{{"EventBusName":"{bus}","Source":"shop.orders","DetailType":"Order Placed","Detail":"{detail}"}}"#
    )
}
