//! `pattern`: what it costs to ask a set of rules about one event of 555 bytes, read from its text. No server runs.
//!
//! Each of 256 events matches another rule, so that a large set is not measured on one warm spot.

use std::io;
use std::time::{Duration, Instant};

use bench::report::Target;
use bench::{failure, usage};
use pattern::{Event, Pattern, RuleSet};

use crate::lab::Lab;

const SCENARIO: &str = "pattern";
const FIGURE: &str = "µs of CPU an event";
const EVENT_BYTES: usize = 555;
const EVENTS: u32 = 256;

/// A kind of rule: how the rule of a number reads.
struct Kind {
    name: &'static str,
    rule: fn(u32) -> String,
    /// What a thousand of these may cost.
    thousand: f64,
    hundred_thousand: bool,
}

const KINDS: [Kind; 8] = [
    Kind { name: "exact", rule: exact, thousand: 1.0, hundred_thousand: true },
    Kind {
        name: "typical (source + detail-type + id)",
        rule: typical,
        thousand: 1.0,
        hundred_thousand: true,
    },
    Kind { name: "numeric ranges", rule: numeric, thousand: 1.0, hundred_thousand: true },
    Kind { name: "cidr", rule: cidr, thousand: 1.0, hundred_thousand: true },
    Kind { name: "leading wildcard", rule: leading, thousand: 1.0, hundred_thousand: true },
    Kind { name: "wildcards at both ends", rule: inner, thousand: 1.0, hundred_thousand: true },
    Kind { name: "prefix", rule: prefix, thousand: 1.0, hundred_thousand: true },
    Kind { name: "anything-but on one field", rule: anything_but, thousand: 20.0, hundred_thousand: false },
];

fn exact(number: u32) -> String {
    format!(r#"{{"detail":{{"order":{{"id":["order-{number:06}"]}}}}}}"#)
}

fn typical(number: u32) -> String {
    let (source, kind) = (number % 10, number % 20);
    format!(
        r#"{{"source":["app.orders-{source}"],"detail-type":["Order Placed {kind:02}"],"detail":{{"order":{{"id":["order-{number:06}"]}}}}}}"#
    )
}

fn numeric(number: u32) -> String {
    let bottom = number * 10;
    format!(r#"{{"detail":{{"count":[{{"numeric":[">=",{bottom},"<",{}]}}]}}}}"#, bottom + 10)
}

fn network(number: u32) -> String {
    format!("{}.{}.{}", 10 + (number >> 16), number >> 8 & 255, number & 255)
}

fn cidr(number: u32) -> String {
    format!(r#"{{"detail":{{"sourceIPAddress":[{{"cidr":"{}.0/24"}}]}}}}"#, network(number))
}

fn leading(number: u32) -> String {
    format!(r#"{{"detail":{{"path":[{{"wildcard":"*/file-{number:06}.txt"}}]}}}}"#)
}

fn inner(number: u32) -> String {
    format!(r#"{{"detail":{{"path":[{{"wildcard":"*file-{number:06}*"}}]}}}}"#)
}

fn prefix(number: u32) -> String {
    format!(r#"{{"detail":{{"order":{{"id":[{{"prefix":"order-{number:06}"}}]}}}}}}"#)
}

fn anything_but(number: u32) -> String {
    format!(r#"{{"detail":{{"state":[{{"anything-but":"state-{number}"}}]}}}}"#)
}

/// The event that matches the rule of a number.
fn event(number: u32) -> String {
    let (source, kind, network, count) = (number % 10, number % 20, network(number), number * 10 + 5);
    let head = format!(
        r#"{{"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718","detail-type":"Order Placed {kind:02}","source":"app.orders-{source}","account":"111122223333","time":"2026-11-21T18:43:48Z","region":"eu-central-1","resources":["arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0"],"detail":{{"state":"running","sourceIPAddress":"{network}.77","path":"/data/in/file-{number:06}.txt","count":{count},"order":{{"id":"order-{number:06}","items":[{{"sku":"A-1","quantity":2}},{{"sku":"B-7","quantity":1}}],"total":41.5}},"note":""#
    );
    let tail = r#""}}"#;
    let padding = EVENT_BYTES.saturating_sub(head.len() + tail.len());
    format!("{head}{}{tail}", "x".repeat(padding))
}

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    // Kept until the end, so that no set is built in the room that another one left.
    let mut kept = Vec::new();
    for kind in &KINDS {
        kept.push(sets(lab, kind, 1, Target::AtMost(0.6, None))?);
        kept.push(sets(lab, kind, 1_000, Target::AtMost(kind.thousand, None))?);
        if kind.hundred_thousand {
            kept.push(sets(lab, kind, 100_000, Target::AtMost(2.0, None))?);
        }
    }
    once(lab, "typical", typical)?;
    once(lab, "numeric range", numeric)
}

/// A set of rules, asked; of the largest also what it takes in memory.
fn sets(lab: &mut Lab, kind: &Kind, rules: u32, target: Target) -> io::Result<RuleSet<u32>> {
    let before = usage::resident_bytes(std::process::id())?;
    let begun = Instant::now();
    let mut set = RuleSet::new();
    for number in 0..rules {
        set.insert(number, &compile(&(kind.rule)(number))?);
    }
    let micros = begun.elapsed().as_secs_f64() * 1e6 / f64::from(rules);
    let bytes = usage::resident_bytes(std::process::id())?.saturating_sub(before) / u64::from(rules);
    let events: Vec<String> = (0..EVENTS).map(|at| event(at * 7919 % rules)).collect();
    let mut matched = 0;
    for json in &events {
        matched += set.matches_json(json).map_err(|error| failure(error.to_string()))?.len();
    }
    if matched < EVENTS as usize || events.iter().any(|json| json.len() != EVENT_BYTES) {
        return Err(failure(format!("{}: {matched} matches, not one an event", kind.name)));
    }
    let rounds = rounds(lab, |at| set.matches_json(&events[at % events.len()]).map_or(0, |keys| keys.len()))?;
    let many = if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") };
    let note = format!("{micros:.1} µs to compile and insert a rule");
    lab.row(SCENARIO, format!("{}, {many}", kind.name), FIGURE, rounds, target, note);
    if rules == 100_000 {
        let what = format!("{}, {many}", kind.name);
        lab.row(
            SCENARIO,
            what,
            "bytes a rule",
            vec![bytes as f64],
            Target::AtMost(1024.0, None),
            String::new(),
        );
    }
    Ok(set)
}

/// What `TestEventPattern` does: compile a pattern, read an event, match once.
fn once(lab: &mut Lab, name: &str, rule: fn(u32) -> String) -> io::Result<()> {
    let (pattern, json) = (rule(7), event(7));
    let rounds = rounds(lab, |_| {
        let event = Event::parse(&json);
        let pattern = Pattern::compile(&pattern);
        usize::from(pattern.is_ok_and(|pattern| event.is_ok_and(|event| pattern.matches(&event))))
    })?;
    let what = format!("compile and match one rule, {name}");
    lab.row(SCENARIO, what, FIGURE, rounds, Target::AtMost(3.0, None), String::new());
    Ok(())
}

fn compile(text: &str) -> io::Result<Pattern> {
    Pattern::compile(text).map_err(|error| failure(error.to_string()))
}

/// CPU time of one piece of work, in microseconds, round by round.
fn rounds(lab: &Lab, work: impl Fn(usize) -> usize) -> io::Result<Vec<f64>> {
    let span = (lab.settings.span / 5).max(Duration::from_millis(50));
    (0..lab.settings.rounds)
        .map(|_| {
            let (cpu, begun) = (usage::cpu(std::process::id())?, Instant::now());
            let (mut done, mut matched) = (0, 0);
            while begun.elapsed() < span {
                for _ in 0..EVENTS {
                    matched += work(done);
                    done += 1;
                }
            }
            if matched == 0 {
                return Err(failure("nothing matched"));
            }
            Ok((usage::cpu(std::process::id())? - cpu).as_secs_f64() * 1e6 / done as f64)
        })
        .collect()
}
