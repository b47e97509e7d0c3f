//! Publishes, one message or several a request, until the server is gone.

use std::io;
use std::time::Duration;

use bench::http::Endpoint;
use bench::scan;

use super::Stage;
use super::ledger::Key;
use super::messages::{kind, text};
use crate::client::{Client, Failure};
use crate::ledger::Fault;

/// More than this owed to the endpoint, and the publishers let it catch up.
const BEHIND_MAX: u64 = 1_000;

const CATCH_UP_MS: u64 = 40;

pub(super) async fn run(endpoint: &Endpoint, stage: &Stage) -> io::Result<()> {
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
pub(super) async fn publish(client: &mut Client, stage: &Stage, entries: usize) -> Result<Vec<Key>, Failure> {
    let keys = stage.ledger.borrow_mut().publish_asked(entries);
    let ids = request(client, stage.topic_arn(), &keys).await?;
    for (&key, id) in keys.iter().zip(&ids) {
        stage.ledger.borrow_mut().publish_acknowledged(key, id);
    }
    Ok(keys)
}

/// Publish for one, PublishBatch for several. Returns the message ids.
async fn request(client: &mut Client, topic_arn: &str, keys: &[Key]) -> Result<Vec<String>, Failure> {
    let mut parameters = vec![("TopicArn".to_owned(), topic_arn.to_owned())];
    if let [key] = keys {
        entry(&mut parameters, "", *key);
        let answer = client.sns("Publish", &parameters).await?;
        return ids(&answer, 1);
    }
    for (at, &key) in keys.iter().enumerate() {
        let prefix = format!("PublishBatchRequestEntries.member.{}.", at + 1);
        parameters.push((format!("{prefix}Id"), at.to_string()));
        entry(&mut parameters, &prefix, key);
    }
    let answer = client.sns("PublishBatch", &parameters).await?;
    // Entries are answered in any order.
    let mut numbered: Vec<(usize, String)> = scan::xml_texts(answer.as_bytes(), "Id")
        .map(|id| String::from_utf8_lossy(id).parse().unwrap_or(usize::MAX))
        .zip(ids(&answer, keys.len())?)
        .collect();
    numbered.sort_unstable();
    if numbered.iter().enumerate().any(|(at, (number, _))| at != *number) || numbered.len() != keys.len() {
        return Err(Failure::Refused(format!("PublishBatch answered other entries: {answer}")));
    }
    Ok(numbered.into_iter().map(|(_, id)| id).collect())
}

fn entry(parameters: &mut Vec<(String, String)>, prefix: &str, key: Key) {
    let attribute = format!("{prefix}MessageAttributes.entry.1.");
    parameters.push((format!("{prefix}Message"), text(key)));
    parameters.push((format!("{attribute}Name"), "kind".to_owned()));
    parameters.push((format!("{attribute}Value.DataType"), "String".to_owned()));
    parameters.push((format!("{attribute}Value.StringValue"), kind(key).to_owned()));
}

fn ids(answer: &str, expected: usize) -> Result<Vec<String>, Failure> {
    let ids: Vec<String> = scan::xml_texts(answer.as_bytes(), "MessageId")
        .map(|id| String::from_utf8_lossy(id).into_owned())
        .collect();
    if ids.len() != expected {
        return Err(Failure::Refused(format!("{expected} entries were published, answered: {answer}")));
    }
    Ok(ids)
}

async fn let_endpoint_catch_up(stage: &Stage) {
    const STEP_MS: u64 = 2;
    for _ in 0..CATCH_UP_MS / STEP_MS {
        if stage.ledger.borrow().behind() <= BEHIND_MAX {
            return;
        }
        tokio::time::sleep(Duration::from_millis(STEP_MS)).await;
    }
}
