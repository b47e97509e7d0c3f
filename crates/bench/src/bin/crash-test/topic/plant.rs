//! Faults planted into a real run, behind the ledger's back. A crash test that would pass without looking fails here.

use std::io;
use std::rc::Rc;

use bench::failure;
use bench::http::Endpoint;
use bench::process::Scratch;
use serde_json::{Value, json};

use super::ledger::Key;
use super::messages::{QUEUES, kind, text, wants};
use super::{Stage, publisher, run};
use crate::client::{Client, Failure};
use crate::ledger::Fault;
use crate::run::Options;

const ALL_RAW: usize = 0;
const ONLY_A: usize = 3;

/// What is done to a publish.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plant {
    /// One of its targets loses it.
    LostTarget,
    /// A queue gets it whose filter it does not pass.
    FilteredQueue,
    /// It was never answered, and only one target has it.
    PartialFanOut,
}

impl Plant {
    const ALL: [Self; 3] = [Self::LostTarget, Self::FilteredQueue, Self::PartialFanOut];

    fn fault(self) -> Fault {
        match self {
            Self::LostTarget => Fault::Lost,
            Self::FilteredQueue => Fault::Misrouted,
            Self::PartialFanOut => Fault::Torn,
        }
    }
}

/// One short run for each fault. `Ok(true)` when each was found and nothing else.
pub(crate) async fn prove(options: &Options) -> io::Result<bool> {
    let mut all_found = true;
    for planted in Plant::ALL {
        let stage = Rc::new(Stage::new(options.seed));
        let scratch = Scratch::new("crash-test")?;
        run::play(options, scratch.path(), &stage, Some(planted)).await?;
        let faults = &stage.ledger.borrow().faults;
        let found = !faults.is_empty() && faults.iter().all(|(fault, _)| *fault == planted.fault());
        println!("planted {planted:?}: {}", if found { "found" } else { "NOT FOUND, or more than that" });
        if !found {
            crate::run::list_faults(faults);
        }
        all_found &= found;
    }
    Ok(all_found)
}

pub(super) async fn plant(planted: Plant, endpoint: &Endpoint, stage: &Stage) -> io::Result<()> {
    let mut client = Client::open(endpoint).await?;
    let done = match planted {
        Plant::LostTarget => lose(&mut client, stage).await,
        Plant::FilteredQueue => misroute(&mut client, stage).await,
        Plant::PartialFanOut => tear(&mut client, stage).await,
    };
    done.map_err(|error| failure(format!("while planting {planted:?}: {error:?}")))
}

async fn lose(client: &mut Client, stage: &Stage) -> Result<(), Failure> {
    publisher::publish(client, stage, 1).await?;
    let input = json!({ "QueueUrl": client.queue_url(QUEUES[ALL_RAW].name) });
    client.call("PurgeQueue", &input).await.map(drop)
}

async fn misroute(client: &mut Client, stage: &Stage) -> Result<(), Failure> {
    // Of three in a row two are of other kinds.
    let keys = publisher::publish(client, stage, 3).await?;
    match keys.into_iter().find(|&key| !wants(ONLY_A, key)) {
        Some(key) => smuggle(client, ONLY_A, key).await,
        None => Err(Failure::Refused("every message passes the filter".to_owned())),
    }
}

async fn tear(client: &mut Client, stage: &Stage) -> Result<(), Failure> {
    let keys = stage.ledger.borrow_mut().publish_asked(1);
    stage.ledger.borrow_mut().killed();
    for key in keys {
        smuggle(client, ALL_RAW, key).await?;
    }
    Ok(())
}

/// Puts a message into a queue that looks as if the topic had.
async fn smuggle(client: &mut Client, queue: usize, key: Key) -> Result<(), Failure> {
    let attribute: Value = json!({ "DataType": "String", "StringValue": kind(key) });
    let input = json!({
        "QueueUrl": client.queue_url(QUEUES[queue].name), "MessageBody": text(key),
        "MessageAttributes": { "kind": attribute },
    });
    client.call("SendMessage", &input).await.map(drop)
}
