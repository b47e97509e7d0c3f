//! `startup`: from the start of the process to the first answered call; idle memory; size of the binary.

use std::io;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bench::http::Connection;
use bench::process::{Scratch, Server};
use bench::report::Target;
use bench::{failure, usage, wire};

use crate::lab::{self, Lab};

const SCENARIO: &str = "startup";
const KEPT: u64 = 100_000;
const STARTS: usize = 10;

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    if !lab.owns_server() {
        return Err(failure("`startup` starts the server itself: leave --endpoint away"));
    }
    let (mut ephemeral, mut empty) = (vec![], vec![]);
    let mut idle = vec![];
    for _ in 0..STARTS {
        ephemeral.push(start_once(lab, None).await?.0);
        let scratch = Scratch::new("bench")?;
        let (millis, server) = start_once(lab, Some(scratch.path())).await?;
        empty.push(millis);
        if idle.len() < 3 {
            tokio::time::sleep(Duration::from_millis(300)).await;
            idle.push(usage::resident_bytes(server.pid())? as f64 / 1_048_576.0);
        }
        server.stop()?;
    }
    const FIGURE: &str = "ms";
    lab.row(
        SCENARIO,
        "start to first answered call, empty",
        FIGURE,
        empty,
        Target::AtMost(20.0, None),
        String::new(),
    );
    lab.row(SCENARIO, "the same, ephemeral", FIGURE, ephemeral, Target::AtMost(20.0, None), String::new());
    kept(lab).await?;
    lab.row(SCENARIO, "idle", "resident MiB", idle, Target::AtMost(12.0, None), String::new());
    let (megabytes, note) = stripped_megabytes(&lab.settings.binary)?;
    lab.row(SCENARIO, "stripped binary", "MB", vec![megabytes], Target::AtMost(15.0, None), note);
    Ok(())
}

/// Starts that find messages: after a clean stop, and after `kill -9`.
async fn kept(lab: &mut Lab) -> io::Result<()> {
    let subject = lab.subject()?;
    let url = subject.create_queue("").await?;
    subject.fill(&url, KEPT).await?;
    let scratch = subject.stop()?;
    let (mut clean, mut killed) = (vec![], vec![]);
    for _ in 0..STARTS {
        let (millis, server) = start_once(lab, Some(scratch.path())).await?;
        clean.push(millis);
        // Something in the write-ahead log to find again.
        let mut connection = Connection::open(&server.endpoint).await?;
        // Whatever host a queue's URL names, it is the queue of this account.
        connection.call(&wire::send(&server.endpoint, &url, &wire::text(1024))).await?.ok()?;
        server.kill()?;
        let (millis, server) = start_once(lab, Some(scratch.path())).await?;
        killed.push(millis);
        server.stop()?;
    }
    let what = format!("start to first answered call, {KEPT} messages kept");
    lab.row(SCENARIO, what, "ms", clean, Target::AtMost(100.0, None), String::new());
    lab.row(SCENARIO, "the same, after kill -9", "ms", killed, Target::AtMost(100.0, None), String::new());
    Ok(())
}

async fn start_once(lab: &Lab, data: Option<&Path>) -> io::Result<(f64, Server)> {
    let begun = Instant::now();
    let server = lab::start(&lab.settings.binary, data, &lab.settings.durability)?;
    let mut connection = Connection::open(&server.endpoint).await?;
    connection.call(&wire::json(&server.endpoint, "ListQueues", "{}")).await?.ok()?;
    Ok((begun.elapsed().as_secs_f64() * 1e3, server))
}

fn stripped_megabytes(binary: &Path) -> io::Result<(f64, String)> {
    let scratch = Scratch::new("strip")?;
    let copy = scratch.path().join("fanlight");
    std::fs::copy(binary, &copy)?;
    let stripped = Command::new("strip").arg(&copy).status().is_ok_and(|status| status.success());
    let note = if stripped { String::new() } else { "no `strip` here: with its symbols".to_owned() };
    Ok((std::fs::metadata(&copy)?.len() as f64 / 1e6, note))
}
