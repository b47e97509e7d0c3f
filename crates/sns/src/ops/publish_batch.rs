//! PublishBatch: up to ten messages to one topic, in one transaction.
//!
//! A badly formed entry refuses the whole call, as AWS does; nothing else can go wrong with one entry alone.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::PublishBatchInput;
use crate::api::outputs::PublishBatchOutput;
use crate::api::types::{PublishBatchRequestEntry, PublishBatchResultEntry};
use crate::rules::draft::{Draft, Publishing};
use crate::rules::{batch, message_size, topic_arn};

pub(crate) async fn publish_batch(
    sns: &Sns,
    call: &Call,
    input: PublishBatchInput,
) -> Result<PublishBatchOutput, Error> {
    let key = topic_arn::parse("TopicArn", &input.topic_arn, call)?;
    let entries = input.publish_batch_request_entries;
    batch::check_ids(entries.iter().map(|entry| entry.id.as_str()))?;
    let mut ids = Vec::with_capacity(entries.len());
    let mut drafts = Vec::with_capacity(entries.len());
    for entry in entries {
        let (id, publishing) = publishing(entry);
        ids.push(id);
        drafts.push(Draft::check(&sns.clock, call, publishing)?);
    }
    let bytes_max = sns.message_bytes_max(&key);
    message_size::check_batch(drafts.iter().map(|draft| draft.bytes).sum(), bytes_max)?;
    let receipts = sns.publish_to_topic(key, &call.base_url, drafts).await?;
    let successful = ids.into_iter().zip(receipts).map(|(id, receipt)| PublishBatchResultEntry {
        id: Some(id),
        message_id: Some(receipt.message_id),
        sequence_number: receipt.sequence_number,
    });
    Ok(PublishBatchOutput { successful: Some(successful.collect()), failed: Some(Vec::new()) })
}

fn publishing(entry: PublishBatchRequestEntry) -> (String, Publishing) {
    let publishing = Publishing {
        message: entry.message,
        structure: entry.message_structure,
        platform: None,
        subject: entry.subject,
        attributes: entry.message_attributes,
        group_id: entry.message_group_id,
        deduplication_id: entry.message_deduplication_id,
    };
    (entry.id, publishing)
}
