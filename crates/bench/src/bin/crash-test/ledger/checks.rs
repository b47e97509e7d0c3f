//! What no order of events at the server could excuse.

use super::{Fault, Gone, Key, Ledger, Moment, Sent};

/// A server may follow the monotonic clock while we read the wall clock; they part by less than this.
const CLOCK_SLACK_MS: i64 = 5;

impl Ledger {
    pub(super) fn check_sequence(&mut self, key: Key) {
        let (queue, group) = (self.messages[key].queue, self.messages[key].group);
        let own = self.messages[key].sequence;
        let keys = &self.groups[&(queue, group)].keys;
        let at = keys.partition_point(|&other| other < key);
        let before = keys[..at].iter().rev().find_map(|&other| self.messages[other].sequence);
        if before.is_some() && before >= own {
            let text = format!("message {key} of group {group} got {own:?}, an earlier one has {before:?}");
            self.fault(Fault::Reordered, text);
        }
    }

    pub(super) fn check_delivery(&mut self, key: Key, asked: Moment, now_ms: i64, count: u64) {
        let message = &self.messages[key];
        let doubts = self.queues[message.queue].receives_in_doubt - message.doubts_seen;
        let (least, most) = (message.receive_count + 1, message.receive_count + 1 + doubts);
        let early_ms = message.hidden_until_ms - now_ms - CLOCK_SLACK_MS;
        let gone = message.gone;
        if let Gone::Acknowledged(tick) = gone
            && asked.tick > tick
        {
            self.fault(Fault::Resurrected, format!("message {key} was deleted or purged, and came back"));
        } else if early_ms > 0 {
            let text = format!("message {key} came back {early_ms} ms before its visibility deadline");
            self.fault(Fault::Early, text);
        }
        if !(least..=most).contains(&count) {
            let text =
                format!("message {key} says it was received {count} times; {least} to {most} are possible");
            self.fault(Fault::Count, text);
        }
    }

    /// A message of a group may be delivered only when all before it are gone or come with it.
    pub(super) fn check_order(&mut self, key: Key, with: &[(Key, String)]) {
        let (queue, group) = (self.messages[key].queue, self.messages[key].group);
        let Some(line) = self.groups.get_mut(&(queue, group)) else { return };
        while line
            .keys
            .get(line.head)
            .is_some_and(|&at| matches!(self.messages[at].gone, Gone::Acknowledged(_)))
        {
            line.head += 1;
        }
        let overtaken =
            line.keys[line.head..].iter().copied().take_while(|&other| other < key).find(|&other| {
                let message = &self.messages[other];
                let perhaps_never_sent = message.sent == Sent::InDoubt && !message.seen;
                message.gone == Gone::No
                    && !perhaps_never_sent
                    && !with.iter().any(|(with, _)| *with == other)
            });
        if let Some(other) = overtaken {
            let text =
                format!("group {group}: message {key} was delivered while {other}, before it, is not gone");
            self.fault(Fault::Reordered, text);
        }
    }
}
