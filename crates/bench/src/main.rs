//! `bench SCENARIO…`: what Fanlight costs, against a bare HTTP server on the same machine in the same run.
//!
//! Knows: the scenarios, their targets, how a report looks. Must not know: how Fanlight works inside.
//! Start at `Lab` in `lab.rs`: it holds the yardstick and starts a fresh server for every round, because a
//! machine is noisy and a database that already holds the last round is not the same subject.
#![allow(
    clippy::disallowed_methods,
    reason = "a yardstick reads the machine's clock; nothing here is steered"
)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool")]

mod lab;
mod scenarios;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use bench::http::Endpoint;
use clap::{Parser, ValueEnum};

use crate::lab::{Lab, Settings};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// SendMessage through JSON at 1, 16 and 64 connections, through query/XML, and with `power` durability
    SqsSend,
    /// SendMessageBatch of ten
    SqsSendBatch,
    /// ReceiveMessage(10) + DeleteMessageBatch until the queue is empty
    SqsReceiveDelete,
    /// 16 message groups, producers and consumers together
    SqsFifo,
    /// Send → a parked long poll returns; idle CPU with 1,000 parked long polls
    SqsPingpong,
    /// A receive at 1,000,000 waiting messages against one at 1,000; resident memory
    SqsBacklog,
    /// Publish to a topic with 1, 10 and 100 queues, half of them filtered; publish → a parked long poll returns
    SnsFanout,
    /// PutEvents of ten to a bus with 1, 100 and 10,000 rules, two of them matching; put → a parked long poll returns
    EventsPut,
    /// Matching events against rules, without a server
    Pattern,
    /// Start to first answered call, idle memory, size of the binary
    Startup,
    /// All of the above
    All,
    /// The yardstick alone: requests a second at 1, 16 and 64 connections
    Bare,
    /// Banks of rules asked about the lines of a file: --lines, --banks
    CityLots,
    /// The yardstick's server itself; the benchmark starts it
    BareServer,
}

impl Scenario {
    fn needs_no_server(&self) -> bool {
        matches!(self, Scenario::Bare | Scenario::Pattern | Scenario::CityLots)
    }
}

#[derive(Debug, Parser)]
#[command(
    about = "Measures Fanlight, or any SQS, SNS and EventBridge endpoint, against a bare hyper server in the same run"
)]
struct Flags {
    #[arg(required = true)]
    scenarios: Vec<Scenario>,
    /// Measure a server that is already running (no CPU and memory figures)
    #[arg(long, conflicts_with = "fanlight")]
    endpoint: Option<String>,
    /// The binary to start [default: the fanlight beside this one]
    #[arg(long)]
    fanlight: Option<PathBuf>,
    /// Only this many connections, instead of each scenario's own
    #[arg(long)]
    connections: Option<usize>,
    /// Length of one round (the yardstick's are half as long)
    #[arg(long, default_value_t = 1.5)]
    seconds: f64,
    /// Rounds; yardstick and server take turns, medians are reported
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Messages to fill in before receiving
    #[arg(long, default_value_t = 200_000)]
    messages: u64,
    /// Messages in the large backlog
    #[arg(long, default_value_t = 1_000_000)]
    backlog: u64,
    /// Durability of the servers started
    #[arg(long, default_value = "process")]
    durability: String,
    /// Events, one a line, for `city-lots`
    #[arg(long, requires = "banks")]
    lines: Option<PathBuf>,
    /// Rules by the name of their bank, for `city-lots`
    #[arg(long)]
    banks: Option<PathBuf>,
    /// Print JSON
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print the table of docs/performance.md
    #[arg(long)]
    markdown: bool,
    /// End with 1 when a target is missed
    #[arg(long)]
    strict: bool,
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    if flags.scenarios == [Scenario::BareServer] {
        return finish(bench::bare::serve().map(|()| 0));
    }
    finish(run(&flags))
}

fn finish(result: io::Result<usize>) -> ExitCode {
    match result {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(flags: &Flags) -> io::Result<usize> {
    let settings = Settings {
        binary: match (&flags.fanlight, &flags.endpoint) {
            (Some(path), _) => path.clone(),
            (None, Some(_)) => PathBuf::new(),
            (None, None) if flags.scenarios.iter().all(Scenario::needs_no_server) => PathBuf::new(),
            (None, None) => bench::process::sibling_fanlight()?,
        },
        endpoint: flags.endpoint.as_deref().map(Endpoint::parse).transpose()?,
        connections: flags.connections,
        span: Duration::try_from_secs_f64(flags.seconds.clamp(0.1, 600.0)).unwrap_or(Duration::from_secs(2)),
        rounds: flags.rounds.clamp(1, 100),
        messages: flags.messages.clamp(100, 100_000_000),
        backlog: flags.backlog.clamp(2_000, 100_000_000),
        durability: flags.durability.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = tokio::task::LocalSet::new().block_on(&runtime, async {
        let mut lab = Lab::new(settings)?;
        for scenario in chosen(&flags.scenarios) {
            eprintln!(
                "bench: {}",
                scenario.to_possible_value().map_or(String::new(), |v| v.get_name().to_owned())
            );
            measure(scenario, flags, &mut lab).await?;
        }
        Ok::<_, io::Error>(lab.finish())
    })?;
    let text = match (flags.json, flags.markdown) {
        (true, _) => report.json(),
        (_, true) => report.markdown(),
        _ => report.human(),
    };
    println!("{text}");
    Ok(if flags.strict { report.missed() } else { 0 })
}

fn chosen(named: &[Scenario]) -> Vec<Scenario> {
    if !named.contains(&Scenario::All) {
        return named.to_vec();
    }
    let single = |scenario: &Scenario| *scenario != Scenario::All;
    Scenario::value_variants().iter().copied().take_while(single).collect()
}

async fn measure(scenario: Scenario, flags: &Flags, lab: &mut Lab) -> io::Result<()> {
    match scenario {
        Scenario::SqsSend => scenarios::send::run(lab).await,
        Scenario::SqsSendBatch => scenarios::send_batch::run(lab).await,
        Scenario::SqsReceiveDelete => scenarios::receive_delete::run(lab).await,
        Scenario::SqsFifo => scenarios::fifo::run(lab).await,
        Scenario::SqsPingpong => scenarios::pingpong::run(lab).await,
        Scenario::SqsBacklog => scenarios::backlog::run(lab).await,
        Scenario::SnsFanout => scenarios::sns_fanout::run(lab).await,
        Scenario::EventsPut => scenarios::events_put::run(lab).await,
        Scenario::Pattern => scenarios::pattern::run(lab).await,
        Scenario::Startup => scenarios::startup::run(lab).await,
        Scenario::Bare => scenarios::bare::run(lab).await,
        Scenario::CityLots => match (&flags.lines, &flags.banks) {
            (Some(lines), Some(banks)) => scenarios::city_lots::run(lab, lines, banks),
            _ => Err(bench::failure("`city-lots` wants --lines and --banks")),
        },
        Scenario::All | Scenario::BareServer => Err(bench::failure("name the scenarios, or only `all`")),
    }
}
