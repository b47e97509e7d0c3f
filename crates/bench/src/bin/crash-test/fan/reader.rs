//! Takes out of one queue what was put in. One reader a queue: what comes after a delete was asked later.

use std::io;

use bench::http::Endpoint;
use serde_json::json;

use super::ledger::Key;
use super::{Source, Stage};
use crate::client::{Client, Failure};
use crate::ledger::Fault;

/// How long what was received and not deleted stays hidden; so far the drain has to move the clock.
pub(super) const VISIBILITY_SECS: i64 = 600;

/// Polls, mostly parked, and deletes most of what comes, until the server is gone.
pub(super) async fn run<S: Source>(endpoint: &Endpoint, stage: &Stage<S>, queue: usize) -> io::Result<()> {
    let mut client = Client::open(endpoint).await?;
    loop {
        let received = match receive(&mut client, stage, queue, 1).await {
            Ok(received) => received,
            Err(Failure::InDoubt) => return Ok(()),
            Err(Failure::Refused(text)) => {
                stage.fault(Fault::Refused, text);
                continue;
            }
        };
        let delete: Vec<_> = received.into_iter().filter(|_| stage.roll(8) != 0).collect();
        match delete_all(&mut client, stage, queue, delete).await {
            Ok(()) => {}
            Err(Failure::InDoubt) => return Ok(()),
            Err(Failure::Refused(text)) => stage.fault(Fault::Refused, text),
        }
    }
}

/// Takes out everything that is visible. Returns how many messages that were.
pub(super) async fn drain<S: Source>(
    endpoint: &Endpoint,
    stage: &Stage<S>,
    queue: usize,
) -> io::Result<usize> {
    let failed =
        |failure| bench::failure(format!("while draining {}: {failure:?}", S::PLAN.queues[queue].name));
    let mut client = Client::open(endpoint).await?;
    let mut drained = 0;
    loop {
        let received = receive(&mut client, stage, queue, 0).await.map_err(failed)?;
        if received.is_empty() {
            return Ok(drained);
        }
        drained += received.len();
        delete_all(&mut client, stage, queue, received).await.map_err(failed)?;
    }
}

/// A message that was received: which publish it is, if any, and its handle.
type Received = (Option<Key>, String);

async fn receive<S: Source>(
    client: &mut Client,
    stage: &Stage<S>,
    queue: usize,
    wait_secs: u32,
) -> Result<Vec<Received>, Failure> {
    let input = json!({
        "QueueUrl": client.queue_url(S::PLAN.queues[queue].name), "MaxNumberOfMessages": 10,
        "WaitTimeSeconds": wait_secs, "VisibilityTimeout": VISIBILITY_SECS,
        "MessageAttributeNames": ["All"],
    });
    let answer = client.call("ReceiveMessage", &input).await?;
    let mut received = Vec::new();
    for message in answer["Messages"].as_array().into_iter().flatten() {
        let opened = S::open(queue, message);
        let key = stage.ledger.borrow_mut().arrived(queue, message["MessageId"].as_str(), &opened);
        received.push((key, message["ReceiptHandle"].as_str().unwrap_or_default().to_owned()));
    }
    Ok(received)
}

async fn delete_all<S: Source>(
    client: &mut Client,
    stage: &Stage<S>,
    queue: usize,
    received: Vec<Received>,
) -> Result<(), Failure> {
    if received.is_empty() {
        return Ok(());
    }
    let handles: Vec<&str> = received.iter().map(|(_, handle)| handle.as_str()).collect();
    let failed = client.delete(S::PLAN.queues[queue].name, &handles).await?;
    for (_, text) in &failed {
        stage.fault(Fault::Refused, text.clone());
    }
    let kept = |at: usize| failed.iter().any(|(failed, _)| *failed == at);
    for (_, (key, _)) in received.iter().enumerate().filter(|(at, _)| !kept(*at)) {
        if let Some(key) = *key {
            stage.ledger.borrow_mut().deleted(queue, key);
        }
    }
    Ok(())
}
