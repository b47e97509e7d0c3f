//! Faults planted into a real run, behind the ledger's back. A crash test that would pass without looking fails here.

use std::io;
use std::rc::Rc;

use bench::failure;
use bench::http::Endpoint;
use bench::process::Scratch;
use serde_json::json;

use super::{Source, Stage, publisher, reader, run};
use crate::client::{Client, Failure};
use crate::ledger::Fault;
use crate::run::Options;

/// The first queue of every plan gets everything.
const ALL: usize = 0;

/// What is done to a publish.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plant {
    /// One of its queues loses it.
    LostTarget,
    /// The endpoint never hears of it.
    LostCall,
    /// A queue gets it whose filter it does not pass.
    FilteredQueue,
    /// It was never answered, and only one target has it.
    PartialFanOut,
    /// It came to no target, but into the archive.
    Stray,
    /// A target gave it up and sent it to the dead-letter queue.
    GivenUp,
}

impl Plant {
    fn fault(self) -> Fault {
        match self {
            Self::LostTarget | Self::LostCall => Fault::Lost,
            Self::FilteredQueue | Self::GivenUp => Fault::Misrouted,
            Self::PartialFanOut => Fault::Torn,
            Self::Stray => Fault::Count,
        }
    }

    /// What nobody published, an archive does not count, though one of the targets has it.
    fn explains(self, fault: Fault) -> bool {
        fault == self.fault() || matches!((self, fault), (Self::PartialFanOut, Fault::Count))
    }
}

/// One short run for each fault. `Ok(true)` when each was found and nothing else.
pub(crate) async fn prove<S: Source>(options: &Options) -> io::Result<bool> {
    let mut all_found = true;
    for &planted in S::PLANTS {
        let stage = Rc::new(Stage::<S>::new(options.seed));
        let scratch = Scratch::new("crash-test")?;
        run::play(options, scratch.path(), &stage, Some(planted)).await?;
        let faults = &stage.ledger.borrow().faults;
        let found = faults.iter().any(|(fault, _)| *fault == planted.fault())
            && faults.iter().all(|(fault, _)| planted.explains(*fault));
        let verdict = if found { "found" } else { "NOT FOUND, or more than that" };
        println!("{}, planted {planted:?}: {verdict}", S::NAME);
        if !found {
            crate::run::list_faults(faults);
        }
        all_found &= found;
    }
    Ok(all_found)
}

pub(super) async fn plant<S: Source>(
    planted: Plant,
    endpoint: &Endpoint,
    stage: &Stage<S>,
) -> io::Result<()> {
    let mut client = Client::open(endpoint).await?;
    let done = match planted {
        Plant::LostTarget => lose(&mut client, endpoint, stage).await,
        Plant::LostCall => {
            let keys = stage.ledger.borrow_mut().publish_asked(1);
            stage.forgotten.set(keys.first().copied());
            publisher::send(&mut client, stage, &keys).await
        }
        Plant::FilteredQueue => misroute(&mut client, stage).await,
        Plant::PartialFanOut => tear(&mut client, stage).await,
        Plant::Stray | Plant::GivenUp => stage.source.plant(planted, &mut client).await,
    };
    done.map_err(|error| failure(format!("while planting {planted:?}: {error:?}")))
}

/// Takes a message out of its queue without a word to the ledger.
async fn lose<S: Source>(client: &mut Client, endpoint: &Endpoint, stage: &Stage<S>) -> Result<(), Failure> {
    let drained = reader::drain(endpoint, stage, ALL).await;
    drained.map_err(|error| Failure::Refused(error.to_string()))?;
    publisher::publish(client, stage, 1).await?;
    let queue = S::PLAN.queues[ALL].name;
    // What the readers left lying is hidden, so this is the only one.
    let received = client.call("ReceiveMessage", &json!({ "QueueUrl": client.queue_url(queue) })).await?;
    let handle = received["Messages"][0]["ReceiptHandle"].as_str().unwrap_or_default();
    let refused = client.delete(queue, &[handle]).await?;
    if refused.is_empty() { Ok(()) } else { Err(Failure::Refused(format!("{refused:?}"))) }
}

async fn misroute<S: Source>(client: &mut Client, stage: &Stage<S>) -> Result<(), Failure> {
    // Three in a row are of three kinds.
    let keys = publisher::publish(client, stage, 3).await?;
    let places = keys.iter().flat_map(|&key| (0..S::PLAN.hook()).map(move |queue| (queue, key)));
    match places.into_iter().find(|&(queue, key)| !S::PLAN.wants(queue, key)) {
        Some((queue, key)) => S::smuggle(client, queue, key).await,
        None => Err(Failure::Refused("every message passes every filter".to_owned())),
    }
}

async fn tear<S: Source>(client: &mut Client, stage: &Stage<S>) -> Result<(), Failure> {
    let keys = stage.ledger.borrow_mut().publish_asked(1);
    stage.ledger.borrow_mut().killed();
    for key in keys {
        S::smuggle(client, ALL, key).await?;
    }
    Ok(())
}
