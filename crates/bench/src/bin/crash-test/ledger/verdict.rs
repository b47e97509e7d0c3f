//! What is left to say when the queues are empty.

use super::{Fault, Gone, Key, Ledger, Message, Sent};

impl Ledger {
    /// After the last message was drained: what should have come out and did not, and half-done batches.
    pub(crate) fn settle(&mut self) {
        for key in 0..self.messages.len() {
            let message = &self.messages[key];
            if message.sent == Sent::Acknowledged && message.gone == Gone::No {
                let seen = if message.seen { "seen, not deleted" } else { "never seen" };
                let text = format!("message {key} (queue {}) was acknowledged; {seen}", message.queue);
                self.fault(Fault::Lost, text);
            }
        }
        let mut torn = Vec::new();
        for batch in self.send_batches.iter().filter(|batch| batch.in_doubt) {
            // What was purged before anybody saw it says nothing.
            let told = |key: &&Key| self.messages[**key].seen || self.messages[**key].gone == Gone::No;
            let told: Vec<Key> = batch.keys.iter().filter(told).copied().collect();
            let there = told.iter().filter(|&&key| self.messages[key].seen).count();
            if there != 0 && there != told.len() {
                torn.push(format!("of one batch {told:?} only {there} messages were sent"));
            }
        }
        for batch in self.delete_batches.iter().filter(|batch| batch.in_doubt) {
            if batch.returned != 0 && batch.returned != batch.keys.len() {
                torn.push(format!("of one delete batch {:?} {} came back", batch.keys, batch.returned));
            }
        }
        for text in torn {
            self.fault(Fault::Torn, text);
        }
    }

    /// Sent, in doubt, and recovered: for the summary.
    pub(crate) fn totals(&self) -> (usize, usize, usize, usize) {
        let count = |wanted: &dyn Fn(&&Message) -> bool| self.messages.iter().filter(wanted).count();
        let doubted = |message: &&Message| self.send_batches[message.send_batch].in_doubt;
        (
            count(&|message| message.sent == Sent::Acknowledged),
            count(&|message| matches!(message.gone, Gone::Acknowledged(_))),
            count(&doubted),
            count(&|message| doubted(message) && message.seen),
        )
    }
}
