//! One run: create, publish, kill, start again, look; in the end drain, wait for the endpoint, and settle.

use std::io;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bench::failure;
use bench::http::Endpoint;
use bench::process::{Scratch, Server};
use serde_json::json;
use tokio::task::JoinSet;

use super::reader::{self, VISIBILITY_SECS};
use super::{Plant, Source, Stage, hook, plant, publisher};
use crate::client::{Client, Failure};
use crate::ledger::Fault;
use crate::run::{Options, list_faults, start};

const PUBLISHERS: usize = 16;
const KILL_AFTER_MS: std::ops::Range<u64> = 20..250;

/// Clients whose server was killed notice at once.
const NOTICE_WITHIN: Duration = Duration::from_secs(10);

/// What is owed to the endpoint comes within its retries, for which the clock is moved on.
const HOOKED_WITHIN: Duration = Duration::from_secs(60);
const RETRY_STEP: Duration = Duration::from_secs(1);
const RETRY_STEP_MS: i64 = 120_000;

/// What a planted fault keeps from the endpoint never comes.
const HOOKED_WITHIN_IF_PLANTED: Duration = Duration::from_secs(4);

/// Runs all cycles. `Ok(true)` when nothing was wrong.
pub(crate) async fn run<S: Source>(options: &Options) -> io::Result<bool> {
    let begun = Instant::now();
    let stage = Rc::new(Stage::<S>::new(options.seed));
    let mut scratch = Scratch::new("crash-test")?;
    let played = play(options, scratch.path(), &stage, None).await;
    report(options, &stage, begun);
    let clean = played.is_ok() && stage.ledger.borrow().faults.is_empty();
    if !clean {
        scratch.keep();
        println!("the data directory is left in {}", scratch.path().display());
    }
    played.map(|()| clean)
}

/// The whole story; a fault that is planted comes before the end.
pub(super) async fn play<S: Source>(
    options: &Options,
    data: &Path,
    stage: &Rc<Stage<S>>,
    planted: Option<Plant>,
) -> io::Result<()> {
    let (hook, serving) = hook::start(stage).await?;
    let server = start(options, data)?;
    let mut client = Client::open(&server.endpoint).await?;
    for queue in S::PLAN.queues {
        client.create_queue(queue.name).await?;
    }
    stage.source.create(&mut client, hook).await?;
    let described = stage.source.described(&mut client).await?;
    let mut running = Some(server);
    for _ in 0..options.cycles {
        let server = match running.take() {
            Some(server) => server,
            None => start(options, data)?,
        };
        load_and_kill(server, stage).await?;
    }
    let server = match running {
        Some(server) => server,
        None => start(options, data)?,
    };
    let mut client = Client::open(&server.endpoint).await?;
    let now = stage.source.described(&mut client).await?;
    if now != described {
        stage.fault(Fault::Metadata, format!("created was {described:?}, there is {now:?}"));
    }
    if let Some(planted) = planted {
        plant::plant(planted, &server.endpoint, stage).await?;
    }
    let patience = if planted.is_some() { HOOKED_WITHIN_IF_PLANTED } else { HOOKED_WITHIN };
    finish(&server.endpoint, stage, patience).await?;
    server.stop()?;
    serving.abort();
    Ok(())
}

/// Lets everybody loose, kills the server at a random moment, and waits until everybody has noticed.
async fn load_and_kill<S: Source>(server: Server, stage: &Rc<Stage<S>>) -> io::Result<()> {
    let mut tasks: JoinSet<io::Result<()>> = JoinSet::new();
    for _ in 0..PUBLISHERS {
        let (endpoint, stage) = (server.endpoint.clone(), Rc::clone(stage));
        tasks.spawn_local(async move { publisher::run(&endpoint, &stage).await });
    }
    for queue in 0..S::PLAN.queues.len() {
        let (endpoint, stage) = (server.endpoint.clone(), Rc::clone(stage));
        tasks.spawn_local(async move { reader::run(&endpoint, &stage, queue).await });
    }
    let after = KILL_AFTER_MS.start + stage.roll(KILL_AFTER_MS.end - KILL_AFTER_MS.start);
    tokio::time::sleep(Duration::from_millis(after)).await;
    server.kill()?;
    let everybody = async {
        while let Some(task) = tasks.join_next().await {
            task.map_err(|error| failure(error.to_string()))??;
        }
        Ok::<_, io::Error>(())
    };
    tokio::time::timeout(NOTICE_WITHIN, everybody)
        .await
        .map_err(|_| failure("a client did not notice that the server was killed"))??;
    stage.ledger.borrow_mut().killed();
    Ok(())
}

/// Everything out of the queues, then whatever the endpoint is still owed.
async fn finish<S: Source>(endpoint: &Endpoint, stage: &Stage<S>, patience: Duration) -> io::Result<()> {
    let begun = Instant::now();
    let mut drained = 0;
    for queue in 0..S::PLAN.queues.len() {
        drained += reader::drain(endpoint, stage, queue).await?;
    }
    // What was received and not deleted comes back.
    Client::open(endpoint).await?.advance((VISIBILITY_SECS + 1) * 1000).await?;
    for (number, queue) in S::PLAN.queues.iter().enumerate() {
        drained += reader::drain(endpoint, stage, number).await?;
        empty(endpoint, stage, queue.name).await?;
    }
    let owed = stage.ledger.borrow().owed_by_http();
    wait_for_endpoint(endpoint, stage, patience).await?;
    println!(
        "{drained} messages drained and {owed} HTTP deliveries waited for at the end, in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    let happened = stage.ledger.borrow().happened();
    let mut client = Client::open(endpoint).await?;
    let found = stage.source.settle(&mut client, happened).await?;
    let mut ledger = stage.ledger.borrow_mut();
    ledger.settle();
    ledger.faults.extend(found);
    Ok(())
}

async fn wait_for_endpoint<S: Source>(
    endpoint: &Endpoint,
    stage: &Stage<S>,
    patience: Duration,
) -> io::Result<()> {
    let (waiting, mut moved) = (Instant::now(), Instant::now());
    while stage.ledger.borrow().owed_by_http() > 0 && waiting.elapsed() < patience {
        tokio::time::sleep(Duration::from_millis(20)).await;
        // What was turned away several times is not due for minutes.
        if moved.elapsed() > RETRY_STEP {
            moved = Instant::now();
            Client::open(endpoint).await?.advance(RETRY_STEP_MS).await?;
        }
    }
    Ok(())
}

async fn empty<S: Source>(endpoint: &Endpoint, stage: &Stage<S>, queue: &str) -> io::Result<()> {
    let mut client = Client::open(endpoint).await?;
    let input = json!({ "QueueUrl": client.queue_url(queue), "AttributeNames": ["All"] });
    let answer = match client.call("GetQueueAttributes", &input).await {
        Ok(answer) => answer,
        Err(Failure::InDoubt) => return Err(failure("the server went away while it was left in peace")),
        Err(Failure::Refused(text)) => return Err(failure(text)),
    };
    for name in ["", "NotVisible", "Delayed"] {
        let name = format!("ApproximateNumberOfMessages{name}");
        if answer["Attributes"][&name] != "0" {
            let text = format!("{queue} is empty, but {name} is {}", answer["Attributes"][&name]);
            stage.fault(Fault::Count, text);
        }
    }
    Ok(())
}

fn report<S: Source>(options: &Options, stage: &Stage<S>, begun: Instant) {
    let ledger = stage.ledger.borrow();
    let count = |fault: Fault| ledger.faults.iter().filter(|(found, _)| *found == fault).count();
    let totals = ledger.totals();
    println!(
        "{}: {} cycles in {:.1} s, {} publishes acknowledged, {} in doubt; {} deliveries in queues, {} by HTTP \
         ({} of them again, {} turned away)",
        S::NAME,
        options.cycles,
        begun.elapsed().as_secs_f64(),
        totals.acknowledged,
        totals.in_doubt,
        totals.in_queues,
        totals.by_http + totals.repeated,
        totals.repeated,
        stage.turned_away.get()
    );
    println!(
        "  lost {}  unexpected {}  duplicated {}  recovered {}",
        count(Fault::Lost),
        count(Fault::Unexpected),
        count(Fault::Duplicated),
        totals.recovered
    );
    println!(
        "  misrouted {}  torn {}  resurrected {}  wrong counts {}  wrong settings {}  refused {}",
        count(Fault::Misrouted),
        count(Fault::Torn),
        count(Fault::Resurrected),
        count(Fault::Count),
        count(Fault::Metadata),
        count(Fault::Refused)
    );
    list_faults(&ledger.faults);
}
