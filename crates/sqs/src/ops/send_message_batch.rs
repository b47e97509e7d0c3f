//! SendMessageBatch: each entry is a SendMessage of its own, all in one transaction.

use std::borrow::Cow;

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sqs;
use crate::api::inputs::SendMessageBatchInput;
use crate::api::outputs::SendMessageBatchOutput;
use crate::api::types::{SendMessageBatchRequestEntry, SendMessageBatchResultEntry};
use crate::errors::batch_request_too_long;
use crate::ledger::Ledger;
use crate::messages::message_id_text;
use crate::rules::batch::{Results, check_ids};
use crate::rules::digest::{self, Body, Md5Digest, hex};
use crate::rules::draft::{Draft, Sending};
use crate::rules::fifo::sequence_number;
use crate::store::messages::Then;

/// An entry that passed the checks that need no queue, with the id its message will have.
type Ready = (Draft<'static>, [u8; 16]);

pub(crate) async fn send_message_batch(
    sqs: &Sqs,
    call: &Call,
    input: SendMessageBatchInput,
) -> Result<SendMessageBatchOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    check_ids("SendMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_str()))?;
    let bodies: Vec<&str> = input.entries.iter().map(|entry| entry.message_body.as_str()).collect();
    let digests = digest::of_bodies(&bodies);
    let entries = input.entries.into_iter().zip(digests);
    let entries: Vec<(String, Result<Ready, Error>)> =
        entries.map(|(entry, digest)| check_entry(sqs, call, entry, digest)).collect();
    let ready = entries.iter().filter_map(|(_, draft)| draft.as_ref().ok());
    let bytes: usize = ready.map(|(draft, _)| draft.bytes).sum();
    let limit = sqs.options.limits.batch_bytes;
    if bytes > limit {
        return Err(batch_request_too_long(limit, bytes));
    }
    let wire = call.wire;
    let results = sqs
        .write(move |ledger| {
            let queue = ledger.find(&key, wire)?;
            let mut results = Vec::with_capacity(entries.len());
            for (id, ready) in entries {
                let result = match ready {
                    Ok(ready) => accept_entry(ledger, queue, &id, ready)?,
                    Err(error) => Err(error),
                };
                results.push((id, result));
            }
            let results = Results::collect(results.into_iter());
            ledger.wake(queue, results.successful.len());
            Ok(results)
        })
        .await?;
    let (successful, failed) = results.into_lists();
    Ok(SendMessageBatchOutput { successful, failed })
}

fn check_entry(
    sqs: &Sqs,
    call: &Call,
    entry: SendMessageBatchRequestEntry,
    body_md5: Md5Digest,
) -> (String, Result<Ready, Error>) {
    let draft = Draft::check(
        call,
        Sending {
            operation: "SendMessageBatch",
            body: Body::Digested(Cow::Owned(entry.message_body), body_md5),
            delay_secs: entry.delay_seconds,
            attributes: entry.message_attributes,
            system_attributes: entry.message_system_attributes,
            group_id: entry.message_group_id,
            deduplication_id: entry.message_deduplication_id,
        },
    );
    (entry.id, draft.map(|draft| (draft, sqs.clock.uuid_v4().into_bytes())))
}

fn accept_entry(
    ledger: &mut Ledger<'_>,
    queue: i64,
    id: &str,
    (draft, message_id): Ready,
) -> Result<Result<SendMessageBatchResultEntry, Error>, Failure> {
    let fifo = ledger.queue(queue)?.settings.fifo;
    let mut entry = SendMessageBatchResultEntry {
        id: id.to_owned(),
        md5_of_message_body: hex(&draft.body.md5()),
        md5_of_message_attributes: draft.attributes_md5.map(|digest| hex(&digest)),
        md5_of_message_system_attributes: draft.system_attributes_md5.map(|digest| hex(&digest)),
        ..Default::default()
    };
    let accepted = Failure::apart(ledger.accept(queue, draft, message_id, Then::More))?;
    Ok(accepted.map(|accepted| {
        entry.message_id = message_id_text(accepted.message_id);
        entry.sequence_number = fifo.then(|| sequence_number(accepted.seq));
        entry
    }))
}
