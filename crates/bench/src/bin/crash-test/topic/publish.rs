//! One request to a topic.

use bench::scan;

use crate::client::{Client, Failure};
use crate::fan::ledger::Key;
use crate::fan::messages::{kind, text};

/// Publish for one, PublishBatch for several. Returns the message ids.
pub(super) async fn request(
    client: &mut Client,
    topic_arn: &str,
    keys: &[Key],
) -> Result<Vec<String>, Failure> {
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
