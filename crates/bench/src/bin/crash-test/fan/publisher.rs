//! Publishes, one message or several a request, until the server is gone.

use std::io;
use std::time::Duration;

use bench::http::Endpoint;

use super::ledger::Key;
use super::{Source, Stage};
use crate::client::{Client, Failure};
use crate::ledger::Fault;

/// More than this owed to the endpoint, and the publishers let it catch up.
const BEHIND_MAX: u64 = 1_000;

const CATCH_UP_MS: u64 = 40;

pub(super) async fn run<S: Source>(endpoint: &Endpoint, stage: &Stage<S>) -> io::Result<()> {
    let mut client = Client::open(endpoint).await?;
    loop {
        let_endpoint_catch_up(stage).await;
        let entries = if stage.roll(3) == 0 { 2 + stage.roll(9) as usize } else { 1 };
        match publish(&mut client, stage, entries).await {
            Ok(_) => {}
            Err(Failure::InDoubt) => return Ok(()),
            Err(Failure::Refused(text)) => stage.fault(Fault::Refused, text),
        }
    }
}

/// Publishes so many new messages in one request and enters the answer.
pub(super) async fn publish<S: Source>(
    client: &mut Client,
    stage: &Stage<S>,
    entries: usize,
) -> Result<Vec<Key>, Failure> {
    let keys = stage.ledger.borrow_mut().publish_asked(entries);
    send(client, stage, &keys).await?;
    Ok(keys)
}

/// Sends publishes that were asked for, and enters the answer.
pub(super) async fn send<S: Source>(
    client: &mut Client,
    stage: &Stage<S>,
    keys: &[Key],
) -> Result<(), Failure> {
    let ids = stage.source.publish(client, keys).await?;
    for (&key, id) in keys.iter().zip(&ids) {
        stage.ledger.borrow_mut().publish_acknowledged(key, id);
    }
    Ok(())
}

async fn let_endpoint_catch_up<S>(stage: &Stage<S>) {
    const STEP_MS: u64 = 2;
    for _ in 0..CATCH_UP_MS / STEP_MS {
        if stage.ledger.borrow().behind() <= BEHIND_MAX {
            return;
        }
        tokio::time::sleep(Duration::from_millis(STEP_MS)).await;
    }
}
