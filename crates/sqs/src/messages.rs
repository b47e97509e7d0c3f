//! What operations do to messages, on a ledger: accept, offer, deliver, move, remove.

use std::borrow::Cow;

use failure::Failure;
use storage::Tx;

use crate::index::Offer;
use crate::ledger::Ledger;
use crate::rules::draft::Draft;
use crate::rules::fifo::DEDUPLICATION_WINDOW_MS;
use crate::rules::queue_url::QueueKey;
use crate::store::deduplications::{self, DeduplicationKey};
use crate::store::messages::{self, Claimed, MessageRow, StateRow, Then};

/// Messages a receive expires or dead-letters on its way, so that no one receive holds up all others.
const PASSED_OVER_MAX: usize = 100;

/// A message that was accepted, now or (a duplicate) before.
pub(crate) struct Accepted {
    pub(crate) message_id: [u8; 16],
    pub(crate) seq: u64,
}

/// A message that was claimed by a receive.
pub(crate) struct Delivered {
    pub(crate) seq: u64,
    pub(crate) sent_at_ms: i64,
    pub(crate) message: MessageRow<'static>,
    pub(crate) claimed: Claimed,
}

impl Ledger<'_> {
    /// Accepts a message into a queue, unless it is a duplicate. `then` says whether the job goes on to write.
    pub(crate) fn accept(
        &mut self,
        id: i64,
        mut draft: Draft<'_>,
        message_id: [u8; 16],
        then: Then,
    ) -> Result<Accepted, Failure> {
        let now_ms = self.now_ms();
        let settings = &self.queue(id)?.settings;
        draft.check_for(settings)?;
        let visible_at_ms = now_ms.saturating_add(draft.delay_ms(settings));
        let by_group = settings.deduplicate_by_group;
        if settings.fifo
            && let Some(original) = self.duplicate_of(id, by_group, &draft)?
        {
            return Ok(original);
        }
        self.touch(id);
        let seq = self.next_seq()?;
        if settings_are_fifo(self, id) {
            let key = deduplication_key(id, by_group, &draft);
            deduplications::insert(self.tx, &key, seq, message_id, now_ms + DEDUPLICATION_WINDOW_MS)?;
        }
        let state = StateRow {
            queue_id: id,
            sent_at_ms: now_ms,
            visible_at_ms,
            received: 0,
            first_received_at_ms: 0,
            last_received_at_ms: 0,
            group_id: draft.group_id,
        };
        let message = MessageRow {
            message_id,
            body: Cow::Borrowed(draft.body.text()),
            body_md5: draft.body.md5(),
            attributes: draft.attributes,
            sender_id: draft.sender_id,
            trace_header: draft.trace_header,
            deduplication_id: draft.deduplication_id,
            dead_letter_source: None,
        };
        self.insert(seq, &message, &state, then)?;
        Ok(Accepted { message_id, seq })
    }

    fn duplicate_of(&self, id: i64, by_group: bool, draft: &Draft<'_>) -> Result<Option<Accepted>, Failure> {
        let key = deduplication_key(id, by_group, draft);
        let found = deduplications::select(self.tx, &key, self.now_ms())?;
        Ok(found.map(|(seq, message_id)| Accepted { message_id, seq }))
    }

    /// Adds a message to the store and to the queue's index. The queue was touched before.
    pub(crate) fn insert(
        &mut self,
        seq: u64,
        message: &MessageRow<'_>,
        state: &StateRow,
        then: Then,
    ) -> Result<(), Failure> {
        messages::insert(self.tx, seq, message, state, then)?;
        let now_ms = self.now_ms();
        let index = &mut self.queue(state.queue_id)?.index;
        let place = (state.visible_at_ms, seq);
        index.insert(place, state.sent_at_ms, state.received, state.group_id.as_deref(), now_ms);
        Ok(())
    }

    /// Claims up to `most` messages for one receive, each hidden for `hidden_ms`. Messages that were received too
    /// often go to the dead-letter queue instead, some at a time: whoever gets nothing may look again at once.
    /// The queue was touched before.
    pub(crate) fn deliver(
        &mut self,
        id: i64,
        most: usize,
        hidden_ms: i64,
    ) -> Result<Vec<Delivered>, Failure> {
        let now_ms = self.now_ms();
        let until_ms = now_ms.saturating_add(hidden_ms);
        let dead_letters = self.dead_letter_queue(id);
        let mut delivered = Vec::with_capacity(most);
        for _ in 0..most + PASSED_OVER_MAX {
            let queue = self.queue(id)?;
            let horizon_ms = queue.horizon_ms(now_ms);
            let Some(offer) = queue.index.peek().filter(|_| delivered.len() < most) else { break };
            if offer.sent_at_ms <= horizon_ms {
                self.expire(id, offer.seq)?;
            } else if let Some((target, _)) = dead_letters.filter(|(_, most)| offer.received >= *most) {
                self.dead_letter(id, target, offer.seq)?;
            } else {
                let first = StateRow {
                    queue_id: id,
                    sent_at_ms: offer.sent_at_ms,
                    visible_at_ms: until_ms,
                    received: 1,
                    first_received_at_ms: now_ms,
                    last_received_at_ms: now_ms,
                    group_id: queue.index.group_name(offer.group).map(str::to_owned),
                };
                queue.index.claim(&offer, until_ms, now_ms);
                delivered.extend(claim(self.tx, &offer, first)?);
            }
        }
        self.queue(id)?.index.end_receive();
        Ok(delivered)
    }

    /// Removes a message that has expired.
    fn expire(&mut self, id: i64, seq: u64) -> Result<(), Failure> {
        let state = messages::select_state(self.tx, seq)?.filter(|state| state.queue_id == id);
        self.remove(seq, &state.ok_or_else(service::internal_failure)?)
    }

    /// Gives a message that is in flight once more, with the receive it already has, and hides it anew.
    pub(crate) fn deliver_again(
        &mut self,
        seq: u64,
        state: &StateRow,
        hidden_ms: i64,
    ) -> Result<Delivered, Failure> {
        self.hide(seq, state, self.now_ms().saturating_add(hidden_ms))?;
        let (message, state) = self.read(seq)?;
        let claimed = Claimed {
            received: state.received,
            first_received_at_ms: state.first_received_at_ms,
            group_id: state.group_id,
        };
        Ok(Delivered { seq, sent_at_ms: state.sent_at_ms, message, claimed })
    }

    /// Hides a message until another instant, or shows it. The queue was touched before.
    pub(crate) fn hide(&mut self, seq: u64, state: &StateRow, until_ms: i64) -> Result<(), Failure> {
        let hidden = StateRow { visible_at_ms: until_ms, ..state.clone() };
        messages::write_state(self.tx, seq, &hidden)?;
        let now_ms = self.now_ms();
        let index = &mut self.queue(state.queue_id)?.index;
        index.change_visibility((state.visible_at_ms, seq), state.group_id.as_deref(), until_ms, now_ms);
        Ok(())
    }

    /// The queue that takes this queue's dead letters, and after how many receives. A target that is gone or does
    /// not allow it takes none: the message stays.
    fn dead_letter_queue(&self, id: i64) -> Option<(i64, u32)> {
        let queue = self.registry.by_id.get(&id)?;
        let redrive = queue.settings.redrive.as_ref()?;
        let target = self.registry.by_key.get(&QueueKey::of_arn(&redrive.target_arn)?)?;
        let allowed = self.registry.by_id.get(target)?.settings.redrive_allow.allows(&queue.arn);
        // A queue may name itself; there is nowhere to move a message then.
        (allowed && *target != id).then_some((*target, redrive.max_receive_count))
    }

    /// Moves a message to a dead-letter queue: it keeps its id, its counts and (a standard queue) its age.
    fn dead_letter(&mut self, id: i64, target: i64, seq: u64) -> Result<(), Failure> {
        let now_ms = self.now_ms();
        let source_arn = self.queue(id)?.arn.clone();
        let (message, state) = self.read(seq)?;
        self.remove(seq, &state)?;
        let fifo = settings_are_fifo(self, target);
        let state = StateRow {
            queue_id: target,
            // AWS: a FIFO queue's message starts a new retention period, a standard queue's does not.
            sent_at_ms: if fifo { now_ms } else { state.sent_at_ms },
            visible_at_ms: now_ms,
            ..state
        };
        // AWS: "the original message's deduplication ID will be replaced with the original message's ID".
        let deduplication_id = if fifo { Some(message_id_text(message.message_id)) } else { None };
        let message = MessageRow { dead_letter_source: Some(source_arn), deduplication_id, ..message };
        self.touch(target);
        let seq = self.next_seq()?;
        self.insert(seq, &message, &state, Then::More)?;
        self.wake(target, 1);
        Ok(())
    }

    /// A message with its state; both have to be there.
    pub(crate) fn read(&self, seq: u64) -> Result<(MessageRow<'static>, StateRow), Failure> {
        let message = messages::select(self.tx, seq)?;
        let state = messages::select_state(self.tx, seq)?;
        message.zip(state).ok_or_else(|| service::internal_failure().into())
    }

    /// Removes a message from the store and from its queue's index. The queue was touched before.
    pub(crate) fn remove(&mut self, seq: u64, state: &StateRow) -> Result<(), Failure> {
        messages::delete(self.tx, seq)?;
        let index = &mut self.queue(state.queue_id)?.index;
        index.remove((state.visible_at_ms, seq), state.group_id.as_deref());
        Ok(())
    }

    /// Where a message of this queue stands; nothing when it is gone, purged or expired.
    pub(crate) fn state(&mut self, id: i64, seq: u64) -> Result<Option<StateRow>, Failure> {
        let now_ms = self.now_ms();
        let state = messages::select_state(self.tx, seq)?;
        let queue = self.queue(id)?;
        let (horizon_ms, purged_to_seq) = (queue.horizon_ms(now_ms), queue.row.purged_to_seq);
        Ok(state.filter(|state| state.queue_id == id && state.sent_at_ms > horizon_ms && seq > purged_to_seq))
    }
}

fn settings_are_fifo(ledger: &Ledger<'_>, id: i64) -> bool {
    ledger.registry.by_id.get(&id).is_some_and(|queue| queue.settings.fifo)
}

fn deduplication_key<'a>(queue_id: i64, by_group: bool, draft: &'a Draft<'_>) -> DeduplicationKey<'a> {
    DeduplicationKey {
        queue_id,
        scope: draft.group_id.as_deref().filter(|_| by_group).unwrap_or_default(),
        deduplication_id: draft.deduplication_id.as_deref().unwrap_or_default(),
    }
}

/// Writes a receive: the first one as it is given here, any other on top of what is kept.
fn claim(tx: &Tx<'_>, offer: &Offer, first: StateRow) -> Result<Option<Delivered>, Failure> {
    let Some(message) = messages::select(tx, offer.seq)? else { return Ok(None) };
    let claimed = if offer.received > 0 {
        messages::claim(tx, offer.seq, first.visible_at_ms, first.last_received_at_ms)?
    } else {
        messages::write_state(tx, offer.seq, &first)?;
        let StateRow { received, first_received_at_ms, group_id, .. } = first;
        Some(Claimed { received, first_received_at_ms, group_id })
    };
    let sent_at_ms = offer.sent_at_ms;
    Ok(claimed.map(|claimed| Delivered { seq: offer.seq, sent_at_ms, message, claimed }))
}

/// The message id as SQS writes it.
pub(crate) fn message_id_text(id: [u8; 16]) -> String {
    uuid::Uuid::from_bytes(id).to_string()
}
