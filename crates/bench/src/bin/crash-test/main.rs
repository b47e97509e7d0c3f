//! `crash-test`: kills the server with SIGKILL under load, again and again, and holds it to what it acknowledged.
//!
//! Knows: what SQS, SNS and EventBridge promise their clients, and what Fanlight adds (zero lost, zero duplicated, nothing half
//! done). Must not know: how Fanlight keeps its promises. Start at `ledger.rs`; `run.rs` is the order of events;
//! `fan` is the same for what fans out: a `topic` and its subscribers, an event `bus` and the targets of its rules.
#![allow(clippy::disallowed_methods, reason = "a tool outside the server, on the machine's own clock")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool")]

mod bodies;
mod bus;
mod client;
mod consumer;
mod fan;
mod ledger;
mod producer;
mod queues;
mod run;
mod topic;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::bus::Bus;
use crate::run::Options;
use crate::topic::Topic;

#[derive(Debug, Parser)]
#[command(
    about = "Kills Fanlight under load and checks that nothing it acknowledged is lost, doubled or undone"
)]
struct Flags {
    /// Kills for each kind of run
    #[arg(long, default_value_t = 30)]
    cycles: u64,
    /// Repeat the choices of an earlier run [default: a new one, printed]
    #[arg(long)]
    seed: Option<u64>,
    /// The server [default: the fanlight beside this binary]
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Durability of the server: process or power
    #[arg(long, default_value = "process")]
    durability: String,
    /// FIFO queues; without any of these: all of them
    #[arg(long)]
    fifo: bool,
    /// Standard queues
    #[arg(long)]
    standard: bool,
    /// Standard queues and FIFO queues
    #[arg(long)]
    both: bool,
    /// A topic with five queues and an HTTP endpoint
    #[arg(long)]
    topic: bool,
    /// An event bus with rules for four queues and an API destination, and an archive
    #[arg(long)]
    events: bool,
    /// Plant faults into short runs of topic and event bus instead (or of the one named), and fail unless each is found
    #[arg(long, conflicts_with_all = ["standard", "fifo", "both"])]
    prove: bool,
}

impl Flags {
    fn runs(&self) -> Vec<Run> {
        let named = [
            (Run::Standard, self.standard || self.both),
            (Run::Fifo, self.fifo || self.both),
            (Run::Topic, self.topic),
            (Run::Events, self.events),
        ];
        let all = named.iter().all(|(_, named)| !named);
        let chosen = named.into_iter().filter(|(_, named)| all || *named).map(|(run, _)| run);
        // Those of the queues have their planted faults in the ledger's own tests.
        chosen.filter(|run| !self.prove || matches!(run, Run::Topic | Run::Events)).collect()
    }
}

/// What is killed again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    Standard,
    Fifo,
    Topic,
    Events,
}

fn main() -> ExitCode {
    match test(&Flags::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("crash-test: {error}");
            ExitCode::FAILURE
        }
    }
}

fn test(flags: &Flags) -> std::io::Result<bool> {
    let binary = match &flags.binary {
        Some(path) => path.clone(),
        None => bench::process::sibling_fanlight()?,
    };
    let seed = flags.seed.unwrap_or_else(|| fastrand::u64(0..1_000_000_000));
    println!("seed {seed}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut clean = true;
    for run in flags.runs() {
        let (binary, durability, cycles) = (binary.clone(), flags.durability.clone(), flags.cycles);
        let options = Options { binary, durability, cycles, seed, fifo: run == Run::Fifo };
        clean &= tokio::task::LocalSet::new().block_on(&runtime, async {
            match (run, flags.prove) {
                (Run::Standard | Run::Fifo, _) => run::run(&options).await,
                (Run::Topic, false) => fan::run::<Topic>(&options).await,
                (Run::Events, false) => fan::run::<Bus>(&options).await,
                (Run::Topic, true) => fan::prove::<Topic>(&Options { cycles: 2, ..options }).await,
                (Run::Events, true) => fan::prove::<Bus>(&Options { cycles: 2, ..options }).await,
            }
        })?;
    }
    if !clean {
        println!("to make the same choices again: --seed {seed}");
    }
    Ok(clean)
}
