//! `crash-test`: kills the server with SIGKILL under load, again and again, and holds it to what it acknowledged.
//!
//! Knows: what SQS promises its clients, and what Fanlight adds (zero lost, zero duplicated, nothing half
//! done). Must not know: how Fanlight keeps its promises. Start at `ledger.rs`; `run.rs` is the order of events.
#![allow(clippy::disallowed_methods, reason = "a tool outside the server, on the machine's own clock")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool")]

mod bodies;
mod client;
mod consumer;
mod ledger;
mod producer;
mod queues;
mod run;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::run::Options;

#[derive(Debug, Parser)]
#[command(
    about = "Kills Fanlight under load and checks that nothing it acknowledged is lost, doubled or undone"
)]
struct Flags {
    /// Kills for each kind of queue
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
    /// Only FIFO queues
    #[arg(long, conflicts_with_all = ["standard", "both"])]
    fifo: bool,
    /// Only standard queues
    #[arg(long, conflicts_with = "both")]
    standard: bool,
    /// Standard queues, then FIFO queues (the default)
    #[arg(long)]
    both: bool,
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
    for fifo in [false, true] {
        if (fifo && flags.standard) || (!fifo && flags.fifo) {
            continue;
        }
        let (binary, durability) = (binary.clone(), flags.durability.clone());
        let options = Options { binary, durability, cycles: flags.cycles, seed, fifo };
        clean &= tokio::task::LocalSet::new().block_on(&runtime, run::run(&options))?;
    }
    if !clean {
        println!("to make the same choices again: --seed {seed}");
    }
    Ok(clean)
}
