//! What the clients know for certain, and what the server may therefore say.
//!
//! The words of the report are those of Jepsen's `total-queue` checker: *lost* (acknowledged, never came
//! out), *unexpected* (came out, never sent), *duplicated* (came out more often than it may), *recovered*
//! (in doubt at the kill, came out: legal). A request that was under way at the kill is in doubt: what it
//! asked for may have happened or not, but as a whole.
//!
//! Two clocks: `tick` orders requests and answers as this process saw them; milliseconds judge visibility.
//! A check fires only where no order of events at the server could excuse the answer.

mod checks;
#[cfg(test)]
mod tests;
mod verdict;

use std::collections::BTreeMap;

use crate::bodies;

/// A message, by its number. Its body says the number, so that every delivery names its message.
pub(crate) type Key = usize;

/// How a message may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    Lost,
    Unexpected,
    Duplicated,
    /// In a queue whose filter it does not pass.
    Misrouted,
    Resurrected,
    Early,
    Reordered,
    Torn,
    Count,
    Metadata,
    Refused,
}

/// Whether the server has taken a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    Asked,
    InDoubt,
    Acknowledged,
}

/// Whether the server has forgotten a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gone {
    No,
    /// Asked for by the delete batch of this number.
    Asked(usize),
    /// As before, and the server was killed meanwhile.
    InDoubt(usize),
    /// Acknowledged at this tick.
    Acknowledged(u64),
}

#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) queue: usize,
    pub(crate) group: usize,
    pub(crate) sent: Sent,
    pub(crate) gone: Gone,
    pub(crate) send_batch: usize,
    pub(crate) seen: bool,
    message_id: Option<String>,
    sequence: Option<u128>,
    receive_count: u64,
    /// How many receives of this queue were in doubt when the count was last seen.
    doubts_seen: u64,
    deliveries: u64,
    /// The earliest moment at which it may be delivered again.
    hidden_until_ms: i64,
    changes_under_way: u32,
}

/// A request for several messages, which happens as a whole or not at all.
#[derive(Debug, Default)]
struct Batch {
    keys: Vec<Key>,
    in_doubt: bool,
    returned: usize,
}

#[derive(Debug, Default)]
struct Group {
    keys: Vec<Key>,
    /// Everything before this is acknowledged as deleted.
    head: usize,
}

#[derive(Debug, Default)]
struct Queue {
    receiving: u64,
    receives_in_doubt: u64,
    live: u64,
}

/// When a request left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) tick: u64,
    pub(crate) ms: i64,
}

/// One message of a ReceiveMessage answer.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) body: String,
    pub(crate) message_id: String,
    pub(crate) handle: String,
    pub(crate) receive_count: u64,
    pub(crate) sequence: Option<u128>,
}

#[derive(Debug)]
pub(crate) struct Ledger {
    fifo: bool,
    pub(crate) messages: Vec<Message>,
    queues: Vec<Queue>,
    groups: BTreeMap<(usize, usize), Group>,
    send_batches: Vec<Batch>,
    delete_batches: Vec<Batch>,
    tick: u64,
    pub(crate) faults: Vec<(Fault, String)>,
}

impl Ledger {
    pub(crate) fn new(fifo: bool, queues: usize) -> Self {
        Self {
            fifo,
            messages: Vec::new(),
            queues: (0..queues).map(|_| Queue::default()).collect(),
            groups: BTreeMap::new(),
            send_batches: Vec::new(),
            delete_batches: Vec::new(),
            tick: 0,
            faults: Vec::new(),
        }
    }

    pub(crate) fn moment(&mut self, now_ms: i64) -> Moment {
        self.tick += 1;
        Moment { tick: self.tick, ms: now_ms }
    }

    pub(crate) fn fault(&mut self, fault: Fault, text: impl Into<String>) {
        self.faults.push((fault, text.into()));
    }

    /// How many acknowledged messages wait in a queue, about.
    pub(crate) fn live(&self, queue: usize) -> u64 {
        self.queues[queue].live
    }

    /// Enters the messages of one send request, in order.
    pub(crate) fn send_asked(&mut self, queue: usize, groups: &[usize]) -> Vec<Key> {
        let send_batch = self.send_batches.len();
        let mut keys = Vec::with_capacity(groups.len());
        for &group in groups {
            let key = self.messages.len();
            self.messages.push(Message {
                queue,
                group,
                sent: Sent::Asked,
                gone: Gone::No,
                send_batch,
                seen: false,
                message_id: None,
                sequence: None,
                receive_count: 0,
                doubts_seen: self.queues[queue].receives_in_doubt,
                deliveries: 0,
                hidden_until_ms: 0,
                changes_under_way: 0,
            });
            self.groups.entry((queue, group)).or_default().keys.push(key);
            keys.push(key);
        }
        self.send_batches.push(Batch { keys: keys.clone(), ..Batch::default() });
        keys
    }

    /// A send was answered; also a second answer to the same message (a deduplicated one).
    pub(crate) fn send_acknowledged(&mut self, key: Key, message_id: &str, sequence: Option<u128>) {
        self.identify(key, message_id, sequence, "answered");
        if self.messages[key].sent != Sent::Acknowledged {
            self.messages[key].sent = Sent::Acknowledged;
            self.queues[self.messages[key].queue].live += 1;
        }
        if self.fifo {
            self.check_sequence(key);
        }
    }

    /// Message id and sequence number of a message never change, whoever says them.
    fn identify(&mut self, key: Key, message_id: &str, sequence: Option<u128>, verb: &str) {
        let message = &mut self.messages[key];
        let known = message.message_id.get_or_insert_with(|| message_id.to_owned()).clone();
        if known != message_id {
            self.fault(
                Fault::Duplicated,
                format!("message {key} is {known}, and {verb} as {message_id} too"),
            );
            return;
        }
        if self.fifo {
            let known = *message.sequence.get_or_insert(sequence.unwrap_or_default());
            if sequence != Some(known) {
                let text = format!("message {key} has sequence number {known}, {verb} with {sequence:?}");
                self.fault(Fault::Duplicated, text);
            }
        }
    }

    pub(crate) fn receive_asked(&mut self, queue: usize, now_ms: i64) -> Moment {
        self.queues[queue].receiving += 1;
        self.moment(now_ms)
    }

    /// Checks a ReceiveMessage answer. Returns the message and handle of each delivery.
    pub(crate) fn received(
        &mut self,
        queue: usize,
        asked: Moment,
        now_ms: i64,
        visibility_secs: i64,
        deliveries: Vec<Delivery>,
    ) -> Vec<(Key, String)> {
        self.queues[queue].receiving = self.queues[queue].receiving.saturating_sub(1);
        let mut held = Vec::with_capacity(deliveries.len());
        for delivery in deliveries {
            let Some(key) = self.recognise(queue, &delivery) else { continue };
            self.identify(key, &delivery.message_id, delivery.sequence, "delivered");
            self.check_delivery(key, asked, now_ms, delivery.receive_count);
            if self.fifo {
                self.check_order(key, &held);
            }
            self.note_delivery(key, asked.ms + visibility_secs * 1000, delivery.receive_count);
            held.push((key, delivery.handle));
        }
        held
    }

    fn recognise(&mut self, queue: usize, delivery: &Delivery) -> Option<Key> {
        let key = bodies::key(&delivery.body).filter(|&key| key < self.messages.len());
        match key {
            Some(key) if self.messages[key].queue == queue && bodies::text(key) == delivery.body => Some(key),
            _ => {
                let text: String = delivery.body.chars().take(60).collect();
                self.fault(
                    Fault::Unexpected,
                    format!("queue {queue} delivered {text:?}, which was not sent"),
                );
                None
            }
        }
    }

    fn note_delivery(&mut self, key: Key, hidden_until_ms: i64, count: u64) {
        let doubts = self.queues[self.messages[key].queue].receives_in_doubt;
        let message = &mut self.messages[key];
        if let Gone::InDoubt(batch) = message.gone {
            // It was not deleted after all.
            message.gone = Gone::No;
            self.delete_batches[batch].returned += 1;
        }
        message.seen = true;
        message.deliveries += 1;
        message.receive_count = count;
        message.doubts_seen = doubts;
        // While somebody else's change is under way nobody can say what the deadline will be.
        message.hidden_until_ms = if message.changes_under_way > 0 { 0 } else { hidden_until_ms };
    }

    /// A delete of these messages leaves; the number names it in the answer.
    pub(crate) fn delete_asked(&mut self, keys: &[Key]) -> usize {
        let batch = self.delete_batches.len();
        self.delete_batches.push(Batch { keys: keys.to_vec(), ..Batch::default() });
        for &key in keys {
            self.messages[key].gone = Gone::Asked(batch);
        }
        batch
    }

    /// A purge is a delete of all that is there.
    pub(crate) fn purge_asked(&mut self, queue: usize) -> Vec<Key> {
        let there = |message: &Message| message.queue == queue && message.gone == Gone::No;
        let keys: Vec<Key> = self
            .messages
            .iter()
            .enumerate()
            .filter(|(_, message)| there(message))
            .map(|(key, _)| key)
            .collect();
        for &key in &keys {
            // Each in a batch of its own: a large purge may be done in steps.
            self.delete_asked(&[key]);
        }
        keys
    }

    pub(crate) fn delete_acknowledged(&mut self, key: Key, now_ms: i64) {
        let tick = self.moment(now_ms).tick;
        self.messages[key].gone = Gone::Acknowledged(tick);
        let live = &mut self.queues[self.messages[key].queue].live;
        *live = live.saturating_sub(1);
    }

    pub(crate) fn delete_refused(&mut self, key: Key) {
        self.messages[key].gone = Gone::No;
    }

    /// A change of visibility leaves. The answer needs what is returned.
    pub(crate) fn change_asked(&mut self, key: Key, now_ms: i64, secs: i64) -> (i64, u64) {
        let message = &mut self.messages[key];
        let until_ms = now_ms + secs * 1000;
        message.hidden_until_ms = message.hidden_until_ms.min(until_ms);
        message.changes_under_way += 1;
        (until_ms, message.deliveries)
    }

    pub(crate) fn change_answered(&mut self, key: Key, asked: (i64, u64), done: bool) {
        let message = &mut self.messages[key];
        message.changes_under_way = message.changes_under_way.saturating_sub(1);
        if done && message.deliveries == asked.1 {
            message.hidden_until_ms = asked.0;
        }
    }

    /// The server was killed: whatever is under way is in doubt from now on.
    pub(crate) fn killed(&mut self) {
        for queue in &mut self.queues {
            queue.receives_in_doubt += std::mem::take(&mut queue.receiving);
        }
        for message in &mut self.messages {
            message.changes_under_way = 0;
            if message.sent == Sent::Asked {
                message.sent = Sent::InDoubt;
                self.send_batches[message.send_batch].in_doubt = true;
            }
            if let Gone::Asked(batch) = message.gone {
                message.gone = Gone::InDoubt(batch);
                self.delete_batches[batch].in_doubt = true;
            }
        }
    }
}
