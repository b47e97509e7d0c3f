//! What a topic does with a message: check, know it again, number it, keep it, hand it out.

use std::sync::Arc;

use failure::Failure;
use service::Error;

use crate::Sns;
use crate::archive;
use crate::fanout::{self, Accepted, Publisher, Signatures};
use crate::ledger::Ledger;
use crate::rules::draft::Draft;
use crate::rules::topic_arn::TopicKey;
use crate::rules::{fifo, message_size};
use crate::signing::Place;
use crate::store::fifo::{self as fifo_store, DeduplicationKey};

/// What a publisher is answered about one message.
#[derive(Clone, Debug)]
pub(crate) struct Receipt {
    pub(crate) message_id: String,
    pub(crate) sequence_number: Option<String>,
}

impl Sns {
    /// Publishes messages to a topic, all of them or none.
    pub(crate) async fn publish_to_topic(
        &self,
        key: TopicKey,
        base_url: &str,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Receipt>, Error> {
        let publisher = Publisher { signer: Arc::clone(&self.signer), base_url: base_url.to_owned() };
        let mut signed = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let signatures = self.sign(&key, &publisher, &draft).await?;
            signed.push((draft, signatures));
        }
        self.write(move |ledger| {
            let topic = ledger.find(&key)?;
            accept(ledger, &publisher, topic, signed)
        })
        .await
    }

    /// How large a message a topic takes; what is not there is refused later.
    pub(crate) fn message_bytes_max(&self, key: &TopicKey) -> usize {
        let registry = self.shared.lock();
        let topic = registry.by_key.get(key).and_then(|id| registry.by_id.get(id));
        topic.map_or(message_size::ORDINARY_BYTES_MAX, |topic| topic.settings.message_bytes_max)
    }

    /// Signs what somebody will get signed, as things stand, so that it need not be done by the one writer.
    async fn sign(&self, key: &TopicKey, publisher: &Publisher, draft: &Draft) -> Result<Signatures, Error> {
        let (arn, version, texts) = {
            let registry = self.shared.lock();
            let topic = registry.by_key.get(key).and_then(|id| registry.by_id.get(id));
            // A topic that is not there is refused by the writer.
            let Some(topic) = topic else { return Ok(Vec::new()) };
            let texts = fanout::texts_to_sign(topic, draft);
            if texts.is_empty() {
                return Ok(Vec::new());
            }
            (topic.arn.clone(), topic.settings.signature_version, texts)
        };
        let place = Place { region: &key.region, base_url: &publisher.base_url };
        let mut signatures = Vec::with_capacity(texts.len());
        for text in texts {
            let canonical = fanout::notification(&arn, draft, &text, None, false).canonical();
            let signature = self.signer.sign(&canonical, version, place).await?;
            signatures.push((text, signature));
        }
        Ok(signatures)
    }
}

/// Accepts messages inside a transaction. All refusals come before the first write.
pub(crate) fn accept(
    ledger: &mut Ledger<'_>,
    publisher: &Publisher,
    topic: i64,
    drafts: Vec<(Draft, Signatures)>,
) -> Result<Vec<Receipt>, Failure> {
    let settings = &ledger.topic(topic)?.settings;
    for (draft, _) in &drafts {
        message_size::check(draft.bytes, settings.message_bytes_max)?;
        fifo::check_type(settings, draft.group_id.as_deref(), draft.deduplication_id.as_deref())?;
    }
    let is_fifo = settings.fifo;
    let mut receipts = Vec::with_capacity(drafts.len());
    let mut accepted = Vec::with_capacity(drafts.len());
    for (mut draft, signatures) in drafts {
        let receipt = if is_fifo {
            match number(ledger, topic, &mut draft)? {
                Numbered::New(sequence_number) => {
                    Receipt { message_id: draft.message_id.clone(), sequence_number: Some(sequence_number) }
                }
                Numbered::Known(original) => {
                    receipts.push(original);
                    continue;
                }
            }
        } else {
            Receipt { message_id: draft.message_id.clone(), sequence_number: None }
        };
        let sequence_number = receipt.sequence_number.clone();
        receipts.push(receipt);
        let message = Accepted { draft, sequence_number, replayed: false, signatures };
        archive::keep(ledger, topic, &message)?;
        accepted.push(message);
    }
    fanout::fan_out(ledger, publisher, topic, &accepted)?;
    Ok(receipts)
}

/// What a FIFO topic makes of a message.
enum Numbered {
    /// It has this sequence number now.
    New(String),
    /// It was there before, and this was answered.
    Known(Receipt),
}

/// Looks whether a FIFO topic knows a message; gives a new one its deduplication id and its place.
fn number(ledger: &Ledger<'_>, topic: i64, draft: &mut Draft) -> Result<Numbered, Failure> {
    let settings = &ledger.topic(topic)?.settings;
    let deduplication_id = match draft.deduplication_id.take() {
        Some(given) => given,
        None => fifo::content_deduplication_id(&draft.texts.published).into(),
    };
    let group = draft.group_id.as_deref().filter(|_| settings.deduplicate_by_group);
    let key = DeduplicationKey {
        topic_id: topic,
        scope: group.unwrap_or_default(),
        deduplication_id: &deduplication_id,
    };
    let now_ms = ledger.now_ms();
    if let Some((message_id, place)) = fifo_store::select_original(ledger.tx, &key, now_ms)? {
        let sequence_number = Some(fifo::sequence_number(place));
        return Ok(Numbered::Known(Receipt { message_id, sequence_number }));
    }
    let place = fifo_store::next_sequence(ledger.tx, topic)?;
    let forgotten_at_ms = now_ms + fifo::DEDUPLICATION_WINDOW_MS;
    fifo_store::remember(ledger.tx, &key, &draft.message_id, place, forgotten_at_ms)?;
    draft.deduplication_id = Some(deduplication_id);
    Ok(Numbered::New(fifo::sequence_number(place)))
}
