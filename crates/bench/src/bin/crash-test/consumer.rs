//! Receives, deletes, changes visibility, and keeps some messages over the next crash.

use std::io;

use bench::http::Endpoint;
use serde_json::json;

use crate::client::{Client, Failure};
use crate::ledger::{Fault, Key};
use crate::world::{MAIN, World};

/// A handle is not used this close to its deadline: by then the message may be somebody else's.
const DEADLINE_MARGIN_MS: i64 = 500;

/// A consumer keeps at most this many messages from one start of the server to the next.
const KEPT_MAX: usize = 6;

/// The longest visibility timeout used, and so how far the drain has to move the clock.
pub(crate) const VISIBILITY_SECS_MAX: i64 = 600;

#[derive(Debug)]
struct Held {
    key: Key,
    handle: String,
    deadline_ms: i64,
}

/// One consumer, over all restarts.
#[derive(Default)]
pub(crate) struct Consumer {
    kept: Vec<Held>,
}

/// The server is gone.
struct Gone;

impl Consumer {
    /// Consumes until the server is gone.
    pub(crate) async fn run(&mut self, endpoint: &Endpoint, world: &World) -> io::Result<()> {
        let mut client = Client::open(endpoint).await?;
        // Handles from before the crash are still good.
        let kept = std::mem::take(&mut self.kept);
        if self.use_handles(&mut client, world, kept).await.is_err() {
            return Ok(());
        }
        while self.step(&mut client, world).await.is_ok() {}
        Ok(())
    }

    async fn step(&mut self, client: &mut Client, world: &World) -> Result<(), Gone> {
        let visibility_secs = visibility_secs(world);
        let messages_max = if world.roll(4) == 0 { 1 + world.roll(10) } else { 10 };
        // Counted from before the request: the server cannot have begun earlier.
        let deadline_ms = world.now_ms() + visibility_secs * 1000;
        let held = receive(client, world, MAIN, messages_max, visibility_secs).await?;
        let held = held.into_iter().map(|(key, handle)| Held { key, handle, deadline_ms }).collect();
        self.use_handles(client, world, held).await
    }

    /// Deletes most of them; leaves, keeps or changes the rest.
    async fn use_handles(&mut self, client: &mut Client, world: &World, held: Vec<Held>) -> Result<(), Gone> {
        let mut delete = Vec::new();
        for held in held {
            if world.now_ms() > held.deadline_ms - DEADLINE_MARGIN_MS {
                continue;
            }
            match world.roll(100) {
                0..=3 if self.kept.len() < KEPT_MAX => self.kept.push(held),
                // Left alone: it comes back by itself.
                4..=6 => {}
                7..=11 => change(client, world, &held, 0).await?,
                12..=15 => change(client, world, &held, visibility_secs(world)).await?,
                _ => delete.push(held),
            }
        }
        let single = world.roll(4) == 0;
        for held in delete.chunks(if single { 1 } else { 10 }) {
            delete_now(client, world, held).await?;
        }
        Ok(())
    }
}

/// Short and long timeouts. On a FIFO queue mostly short ones: what a kill leaves in doubt locks its group until
/// then, and consumers with nothing to receive test nothing.
fn visibility_secs(world: &World) -> i64 {
    let short_of_ten = if world.fifo { 8 } else { 2 };
    match world.roll(10) {
        roll if roll < short_of_ten => 1 + world.roll(2) as i64,
        _ => 20 + world.roll(VISIBILITY_SECS_MAX as u64 - 20) as i64,
    }
}

/// Receives and has the ledger check every delivery.
async fn receive(
    client: &mut Client,
    world: &World,
    queue: usize,
    messages_max: u64,
    visibility_secs: i64,
) -> Result<Vec<(Key, String)>, Gone> {
    let asked = world.ledger.borrow_mut().receive_asked(queue, world.now_ms());
    match client.receive(world.queue_name(queue), messages_max, visibility_secs).await {
        Ok(deliveries) => {
            let now_ms = world.now_ms();
            Ok(world.ledger.borrow_mut().received(queue, asked, now_ms, visibility_secs, deliveries))
        }
        Err(Failure::InDoubt) => Err(Gone),
        Err(Failure::Refused(text)) => {
            world.refused(text);
            Ok(Vec::new())
        }
    }
}

async fn change(client: &mut Client, world: &World, held: &Held, secs: i64) -> Result<(), Gone> {
    let asked = world.ledger.borrow_mut().change_asked(held.key, world.now_ms(), secs);
    let input = json!({
        "QueueUrl": client.queue_url(world.queue_name(MAIN)),
        "ReceiptHandle": held.handle, "VisibilityTimeout": secs,
    });
    let answer = client.call("ChangeMessageVisibility", &input).await;
    let done = match answer {
        Ok(_) => true,
        Err(Failure::InDoubt) => return Err(Gone),
        Err(Failure::Refused(text)) => {
            refused(world, held, text);
            false
        }
    };
    world.ledger.borrow_mut().change_answered(held.key, asked, done);
    Ok(())
}

async fn delete_now(client: &mut Client, world: &World, held: &[Held]) -> Result<(), Gone> {
    let keys: Vec<Key> = held.iter().map(|held| held.key).collect();
    let handles: Vec<&str> = held.iter().map(|held| held.handle.as_str()).collect();
    world.ledger.borrow_mut().delete_asked(&keys);
    match client.delete(world.queue_name(MAIN), &handles).await {
        Ok(failed) => {
            for (at, held) in held.iter().enumerate() {
                match failed.iter().find(|(failed, _)| *failed == at) {
                    None => world.ledger.borrow_mut().delete_acknowledged(held.key, world.now_ms()),
                    Some((_, text)) => {
                        world.ledger.borrow_mut().delete_refused(held.key);
                        refused(world, held, text.clone());
                    }
                }
            }
            Ok(())
        }
        Err(Failure::InDoubt) => Err(Gone),
        Err(Failure::Refused(text)) => {
            world.refused(text);
            Ok(())
        }
    }
}

/// A handle whose time was up meanwhile (a very slow machine) may be refused; any other may not.
fn refused(world: &World, held: &Held, text: String) {
    if world.now_ms() < held.deadline_ms - DEADLINE_MARGIN_MS / 2 {
        world.refused(text);
    }
}

/// Takes out and deletes everything that is visible. Returns how many messages that were.
pub(crate) async fn drain(endpoint: &Endpoint, world: &World, queue: usize) -> io::Result<usize> {
    let gone = || bench::failure("the server went away while it was left in peace");
    let mut client = Client::open(endpoint).await?;
    let mut drained = 0;
    loop {
        let held =
            receive(&mut client, world, queue, 10, VISIBILITY_SECS_MAX).await.map_err(|Gone| gone())?;
        if held.is_empty() {
            return Ok(drained);
        }
        drained += held.len();
        let keys: Vec<Key> = held.iter().map(|(key, _)| *key).collect();
        let handles: Vec<&str> = held.iter().map(|(_, handle)| handle.as_str()).collect();
        world.ledger.borrow_mut().delete_asked(&keys);
        let failed = match client.delete(world.queue_name(queue), &handles).await {
            Ok(failed) => failed,
            Err(Failure::InDoubt) => return Err(gone()),
            Err(Failure::Refused(text)) => return Err(bench::failure(text)),
        };
        for (at, key) in keys.into_iter().enumerate() {
            let mut ledger = world.ledger.borrow_mut();
            match failed.iter().find(|(failed, _)| *failed == at) {
                None => ledger.delete_acknowledged(key, world.now_ms()),
                Some((_, text)) => ledger.fault(Fault::Refused, text.clone()),
            }
        }
    }
}

/// Sends to, receives from and purges the second queue, alone, until the server is gone.
pub(crate) async fn purge_again_and_again(endpoint: &Endpoint, world: &World) -> io::Result<()> {
    use crate::world::{GROUPS, PURGED};
    let mut client = Client::open(endpoint).await?;
    let queue = world.queue_name(PURGED);
    loop {
        if world.roll(6) == 0 {
            let keys = world.ledger.borrow_mut().purge_asked(PURGED);
            match client.call("PurgeQueue", &json!({ "QueueUrl": client.queue_url(queue) })).await {
                Ok(_) => {
                    for key in keys {
                        world.ledger.borrow_mut().delete_acknowledged(key, world.now_ms());
                    }
                }
                Err(Failure::InDoubt) => return Ok(()),
                Err(Failure::Refused(text)) => world.refused(text),
            }
        }
        let entries = 1 + world.roll(10) as usize;
        let keys = world.ledger.borrow_mut().send_asked(PURGED, &vec![GROUPS; entries]);
        let messages: Vec<_> = keys.iter().map(|&key| (key, world.fifo.then_some(GROUPS))).collect();
        match client.send(queue, &messages).await {
            Ok(accepted) => {
                for (key, (id, sequence)) in keys.into_iter().zip(accepted) {
                    world.ledger.borrow_mut().send_acknowledged(key, &id, sequence);
                }
            }
            Err(Failure::InDoubt) => return Ok(()),
            Err(Failure::Refused(text)) => world.refused(text),
        }
        if world.roll(3) == 0 && receive(&mut client, world, PURGED, 3, 30).await.is_err() {
            return Ok(());
        }
    }
}
