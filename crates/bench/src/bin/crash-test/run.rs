//! One run: start, load, kill, start again, look; in the end drain and settle.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bench::http::Endpoint;
use bench::process::{Scratch, Server};
use serde_json::json;
use tokio::task::JoinSet;

use crate::client::{Client, Failure};
use crate::consumer::{self, Consumer, VISIBILITY_SECS_MAX};
use crate::ledger::Fault;
use crate::producer::Producer;
use crate::queues::Queues;
use crate::world::{MAIN, PURGED, World};

const PRODUCERS: usize = 8;
const CONSUMERS: usize = 8;
const KILL_AFTER_MS: std::ops::Range<u64> = 20..250;

/// Clients whose server was killed notice at once.
const NOTICE_WITHIN: Duration = Duration::from_secs(10);

pub(crate) struct Options {
    pub(crate) binary: PathBuf,
    pub(crate) durability: String,
    pub(crate) cycles: u64,
    pub(crate) seed: u64,
    pub(crate) fifo: bool,
}

/// Everybody who talks to the server, over all restarts.
struct Clients {
    producers: Vec<Producer>,
    consumers: Vec<Consumer>,
    queues: Queues,
}

/// Runs all cycles. `Ok(true)` when nothing was wrong.
pub(crate) async fn run(options: &Options) -> io::Result<bool> {
    let begun = Instant::now();
    let mut scratch = Scratch::new("crash-test")?;
    let world = std::rc::Rc::new(World::new(options.fifo, options.seed));
    let mut clients = Clients {
        producers: (0..PRODUCERS).map(|number| Producer::new(number, PRODUCERS)).collect(),
        consumers: (0..CONSUMERS).map(|_| Consumer::default()).collect(),
        queues: Queues::default(),
    };
    let outcome = cycles(options, scratch.path(), &world, &mut clients).await;
    if let Err(error) = outcome {
        scratch.keep();
        println!("the data directory is left in {}", scratch.path().display());
        report(options, &world, begun);
        return Err(error);
    }
    let clean = report(options, &world, begun);
    if !clean {
        scratch.keep();
        println!("the data directory is left in {}", scratch.path().display());
    }
    Ok(clean)
}

async fn cycles(
    options: &Options,
    data: &Path,
    world: &std::rc::Rc<World>,
    clients: &mut Clients,
) -> io::Result<()> {
    let server = start(options, data)?;
    create(&server.endpoint, world).await?;
    let mut running = Some(server);
    for _ in 0..options.cycles {
        let server = match running.take() {
            Some(server) => server,
            None => start(options, data)?,
        };
        clients.queues.verify(&server.endpoint, world, false).await?;
        let spare = Clients { producers: vec![], consumers: vec![], queues: Queues::default() };
        *clients = load_and_kill(server, world, std::mem::replace(clients, spare)).await?;
    }
    let server = start(options, data)?;
    finish(&server.endpoint, world, clients).await?;
    server.stop()
}

pub(crate) fn start(options: &Options, data: &Path) -> io::Result<Server> {
    let data = data.to_string_lossy();
    let durability = options.durability.as_str();
    let arguments =
        ["serve", "--listen", "127.0.0.1:0", "--log", "error", "--data", &*data, "--durability", durability];
    Server::start(&options.binary, &arguments)
}

async fn create(endpoint: &Endpoint, world: &World) -> io::Result<()> {
    let mut client = Client::open(endpoint).await?;
    for queue in [MAIN, PURGED] {
        let attributes = if world.fifo { json!({ "FifoQueue": "true" }) } else { json!({}) };
        let input = json!({ "QueueName": world.queue_name(queue), "Attributes": attributes });
        if let Err(Failure::Refused(text)) = client.call("CreateQueue", &input).await {
            return Err(bench::failure(text));
        }
    }
    Ok(())
}

/// Lets everybody loose, kills the server at a random moment, and collects everybody again.
async fn load_and_kill(server: Server, world: &std::rc::Rc<World>, clients: Clients) -> io::Result<Clients> {
    enum Back {
        Producer(Producer),
        Consumer(Consumer),
        Queues(Queues),
        Purger,
    }
    let mut tasks: JoinSet<io::Result<Back>> = JoinSet::new();
    let endpoint = server.endpoint.clone();
    let with = || (endpoint.clone(), std::rc::Rc::clone(world));
    for mut producer in clients.producers {
        let (endpoint, world) = with();
        tasks.spawn_local(
            async move { producer.run(&endpoint, &world).await.map(|()| Back::Producer(producer)) },
        );
    }
    for mut consumer in clients.consumers {
        let (endpoint, world) = with();
        tasks.spawn_local(
            async move { consumer.run(&endpoint, &world).await.map(|()| Back::Consumer(consumer)) },
        );
    }
    let (mut queues, (endpoint_of_queues, world_of_queues)) = (clients.queues, with());
    tasks.spawn_local(async move {
        queues.run(&endpoint_of_queues, &world_of_queues).await.map(|()| Back::Queues(queues))
    });
    let (endpoint_of_purger, world_of_purger) = with();
    tasks.spawn_local(async move {
        consumer::purge_again_and_again(&endpoint_of_purger, &world_of_purger).await.map(|()| Back::Purger)
    });

    let after = KILL_AFTER_MS.start + world.roll(KILL_AFTER_MS.end - KILL_AFTER_MS.start);
    tokio::time::sleep(Duration::from_millis(after)).await;
    server.kill()?;
    let mut back = Clients { producers: vec![], consumers: vec![], queues: Queues::default() };
    let everybody = async {
        while let Some(task) = tasks.join_next().await {
            match task.map_err(|error| bench::failure(error.to_string()))?? {
                Back::Producer(producer) => back.producers.push(producer),
                Back::Consumer(consumer) => back.consumers.push(consumer),
                Back::Queues(queues) => back.queues = queues,
                Back::Purger => {}
            }
        }
        Ok::<_, io::Error>(())
    };
    tokio::time::timeout(NOTICE_WITHIN, everybody)
        .await
        .map_err(|_| bench::failure("a client did not notice that the server was killed"))??;
    world.ledger.borrow_mut().killed();
    Ok(back)
}

/// Everything out: first what is visible now, then, with the clock moved on, what was in flight.
async fn finish(endpoint: &Endpoint, world: &World, clients: &mut Clients) -> io::Result<()> {
    clients.queues.verify(endpoint, world, true).await?;
    for producer in &mut clients.producers {
        producer.finish(endpoint, world).await?;
    }
    let begun = Instant::now();
    let mut drained = 0;
    for queue in [MAIN, PURGED] {
        drained += consumer::drain(endpoint, world, queue).await?;
    }
    let shift_ms = (VISIBILITY_SECS_MAX + 1) * 1000;
    let mut client = Client::open(endpoint).await?;
    client.advance(shift_ms).await?;
    world.shift_ms.set(shift_ms);
    for queue in [MAIN, PURGED] {
        drained += consumer::drain(endpoint, world, queue).await?;
        empty(endpoint, world, queue).await?;
    }
    println!("{drained} messages drained at the end, in {:.1} s", begun.elapsed().as_secs_f64());
    world.ledger.borrow_mut().settle();
    Ok(())
}

/// The counts of a drained queue are all zero.
async fn empty(endpoint: &Endpoint, world: &World, queue: usize) -> io::Result<()> {
    // A connection of its own: one that waited for the drain may have been closed for its silence.
    let mut client = Client::open(endpoint).await?;
    let url = client.queue_url(world.queue_name(queue));
    let input = json!({ "QueueUrl": url, "AttributeNames": ["All"] });
    let answer = client
        .call("GetQueueAttributes", &input)
        .await
        .map_err(|failure| bench::failure(format!("GetQueueAttributes after the drain: {failure:?}")))?;
    for name in ["", "NotVisible", "Delayed"] {
        let name = format!("ApproximateNumberOfMessages{name}");
        if answer["Attributes"][&name] != "0" {
            let text = format!(
                "{} is empty, but {name} is {}",
                world.queue_name(queue),
                answer["Attributes"][&name]
            );
            world.ledger.borrow_mut().fault(Fault::Metadata, text);
        }
    }
    Ok(())
}

/// The first faults, one a line.
pub(crate) fn list_faults(faults: &[(Fault, String)]) {
    const SHOWN: usize = 20;
    for (fault, text) in faults.iter().take(SHOWN) {
        println!("  {fault:?}: {text}");
    }
    if faults.len() > SHOWN {
        println!("  … and {} more", faults.len() - SHOWN);
    }
}

fn report(options: &Options, world: &World, begun: Instant) -> bool {
    let ledger = world.ledger.borrow();
    let count = |fault: Fault| ledger.faults.iter().filter(|(found, _)| *found == fault).count();
    let (sent, deleted, in_doubt, recovered) = ledger.totals();
    println!(
        "{}: {} cycles in {:.1} s, {sent} sends and {deleted} deletes acknowledged, {in_doubt} sends in doubt",
        if options.fifo { "fifo" } else { "standard" },
        options.cycles,
        begun.elapsed().as_secs_f64(),
    );
    println!(
        "  lost {}  unexpected {}  duplicated {}  recovered {recovered}",
        count(Fault::Lost),
        count(Fault::Unexpected),
        count(Fault::Duplicated)
    );
    println!(
        "  resurrected {}  early {}  reordered {}  torn {}  wrong counts {}  wrong queues {}  refused {}",
        count(Fault::Resurrected),
        count(Fault::Early),
        count(Fault::Reordered),
        count(Fault::Torn),
        count(Fault::Count),
        count(Fault::Metadata),
        count(Fault::Refused)
    );
    list_faults(&ledger.faults);
    ledger.faults.is_empty()
}
