//! Random histories against a queue made of a `Vec`: whatever is sent, received, deleted, hidden, purged, waited
//! for or restarted, the service and the model agree on who may have which message.
//!
//! The model does not say which visible message a standard queue gives, nor whose turn it is among FIFO groups;
//! it says what every answer must satisfy. A failing history shrinks and prints its seed.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::world::World;
use crate::api::inputs::SendMessageInput;
use crate::index::Counts;

const VISIBILITY_SECS: i64 = 30;
const RETENTION_SECS: i64 = 600;
const DEDUPLICATION_SECS: i64 = 300;

#[derive(Clone, Debug)]
enum Step {
    Send {
        group: u8,
        deduplication: u8,
        delay_secs: u8,
    },
    Receive {
        most: u8,
        visibility_secs: Option<u8>,
    },
    /// Deletes by one of the handles given so far, the latest first.
    Delete {
        handle: u8,
    },
    ChangeVisibility {
        handle: u8,
        secs: u8,
    },
    Purge,
    Pass {
        secs: u16,
    },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0u8..4, 0u8..30, prop_oneof![3 => Just(0u8), 1 => 1u8..60])
            .prop_map(|(group, deduplication, delay_secs)| Step::Send { group, deduplication, delay_secs }),
        8 => (1u8..=10, prop::option::of(0u8..60)).prop_map(|(most, visibility_secs)| Step::Receive { most, visibility_secs }),
        5 => (0u8..12).prop_map(|handle| Step::Delete { handle }),
        3 => (0u8..12, 0u8..90).prop_map(|(handle, secs)| Step::ChangeVisibility { handle, secs }),
        1 => Just(Step::Purge),
        5 => prop_oneof![4 => 0u16..40, 1 => 100u16..700].prop_map(|secs| Step::Pass { secs }),
        1 => Just(Step::Restart),
    ]
}

#[derive(Clone, Debug)]
struct Message {
    group: u8,
    sent_at: i64,
    visible_at: i64,
    received: usize,
}

/// A handle the service gave: of which message, at which receive.
struct Handle {
    text: String,
    message: usize,
    received: usize,
}

struct Model {
    world: World,
    url: String,
    fifo: bool,
    now: i64,
    /// By the number in their body, which is also their order.
    messages: BTreeMap<usize, Message>,
    deduplicated: BTreeMap<u8, (usize, i64)>,
    sent_ids: BTreeMap<usize, String>,
    handles: Vec<Handle>,
    next: usize,
}

impl Model {
    fn new(fifo: bool) -> Self {
        let world = World::new();
        let retention = RETENTION_SECS.to_string();
        let mut attributes = vec![("MessageRetentionPeriod", retention.as_str())];
        attributes.extend(fifo.then_some(("FifoQueue", "true")));
        let url = world.create(if fifo { "q.fifo" } else { "q" }, &attributes).unwrap();
        let (messages, deduplicated, sent_ids) = Default::default();
        Self { world, url, fifo, now: 0, messages, deduplicated, sent_ids, handles: Vec::new(), next: 0 }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Send { group, deduplication, delay_secs } => {
                self.send(group, deduplication, i64::from(delay_secs))
            }
            Step::Receive { most, visibility_secs } => self.receive(usize::from(most), visibility_secs),
            Step::Delete { handle } => self.delete(usize::from(handle)),
            Step::ChangeVisibility { handle, secs } => {
                self.change_visibility(usize::from(handle), i64::from(secs))
            }
            Step::Purge => {
                self.world.purge(&self.url).unwrap();
                self.messages.clear();
            }
            Step::Pass { secs } => {
                self.world.pass_secs(i64::from(secs));
                self.now += i64::from(secs);
                let now = self.now;
                self.messages.retain(|_, message| message.sent_at + RETENTION_SECS > now);
            }
            Step::Restart => self.world.restart(),
        }
        assert_eq!(self.world.counts(&self.url).unwrap(), self.counts());
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for message in self.messages.values() {
            match (message.visible_at <= self.now, message.received) {
                (true, _) => counts.visible += 1,
                (false, 0) => counts.delayed += 1,
                (false, _) => counts.in_flight += 1,
            }
        }
        counts
    }

    fn send(&mut self, group: u8, deduplication: u8, delay_secs: i64) {
        let number = self.next;
        let delay_secs = if self.fifo { 0 } else { delay_secs };
        let sent = self.world.send_with(SendMessageInput {
            queue_url: self.url.clone(),
            message_body: number.to_string(),
            message_group_id: (self.fifo || group > 0).then(|| format!("group-{group}")),
            message_deduplication_id: self.fifo.then(|| format!("id-{deduplication}")),
            delay_seconds: (delay_secs > 0).then(|| i32::try_from(delay_secs).unwrap()),
            ..Default::default()
        });
        let id = sent.unwrap().message_id.unwrap();
        if self.fifo {
            if let Some((original, until)) = self.deduplicated.get(&deduplication)
                && self.now < *until
            {
                assert_eq!(Some(&id), self.sent_ids.get(original), "a duplicate answers the original's id");
                return;
            }
            self.deduplicated.insert(deduplication, (number, self.now + DEDUPLICATION_SECS));
        }
        self.sent_ids.insert(number, id);
        let message = Message { group, sent_at: self.now, visible_at: self.now + delay_secs, received: 0 };
        self.messages.insert(number, message);
        self.next += 1;
    }

    fn receive(&mut self, most: usize, visibility_secs: Option<u8>) {
        let given = self
            .world
            .receive(&self.url, i32::try_from(most).unwrap(), visibility_secs.map(i32::from))
            .unwrap();
        let available = self.available();
        let numbers: Vec<usize> =
            given.iter().map(|message| message.body.as_ref().unwrap().parse().unwrap()).collect();
        let reachable: usize = available.values().map(Vec::len).sum();
        assert_eq!(numbers.len(), most.min(reachable), "{numbers:?} of {available:?}");
        self.check_choice(&numbers, &available);
        let hidden_secs = visibility_secs.map_or(VISIBILITY_SECS, i64::from);
        for (number, given) in numbers.into_iter().zip(given) {
            let message = self.messages.get_mut(&number).unwrap();
            message.received += 1;
            message.visible_at = self.now + hidden_secs;
            assert_eq!(Some(&given.message_id.unwrap()), self.sent_ids.get(&number));
            let count = given.attributes.as_ref().unwrap().get("ApproximateReceiveCount").unwrap().clone();
            assert_eq!(count, message.received.to_string());
            let handle =
                Handle { text: given.receipt_handle.unwrap(), message: number, received: message.received };
            self.handles.push(handle);
        }
    }

    /// What a receive may give, by FIFO group (a standard queue is one): the visible messages, of a FIFO group only
    /// those before the first hidden one.
    fn available(&self) -> BTreeMap<u8, Vec<usize>> {
        let mut available: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
        let mut locked = Vec::new();
        for (number, message) in &self.messages {
            let group = if self.fifo { message.group } else { 0 };
            if message.visible_at > self.now {
                locked.push(group);
            } else if !self.fifo || !locked.contains(&group) {
                available.entry(group).or_default().push(*number);
            }
        }
        available
    }

    /// Every message given was available and is given once; a FIFO group gives from its front, and only the last
    /// group of an answer may keep some back.
    fn check_choice(&self, numbers: &[usize], available: &BTreeMap<u8, Vec<usize>>) {
        let mut rest = available.clone();
        for (place, number) in numbers.iter().enumerate() {
            let group = if self.fifo { self.messages[number].group } else { 0 };
            let waiting = rest.get_mut(&group).unwrap();
            if self.fifo {
                assert_eq!(waiting.first(), Some(number), "the front of group {group} comes first");
                let next = numbers.get(place + 1).map(|next| self.messages[next].group);
                let leaves = next.is_some_and(|next| next != group);
                assert!(!leaves || waiting.len() == 1, "group {group} is drained before the next");
            }
            let found = waiting.iter().position(|waiting| waiting == number);
            waiting.remove(found.unwrap_or_else(|| panic!("message {number} was not available")));
        }
    }

    fn delete(&mut self, latest: usize) {
        let Some(handle) = self.handles.iter().rev().nth(latest) else { return };
        let deleted = self.world.delete(&self.url, &handle.text);
        let Some(message) = self.messages.get(&handle.message) else {
            return assert!(deleted.is_ok(), "what is gone can be deleted");
        };
        let held = message.received == handle.received && message.visible_at > self.now;
        assert_eq!(deleted.is_ok(), !self.fifo || held);
        if deleted.is_ok() {
            self.messages.remove(&handle.message);
        }
    }

    fn change_visibility(&mut self, latest: usize, secs: i64) {
        let Some(handle) = self.handles.iter().rev().nth(latest) else { return };
        let changed = self.world.change_visibility(&self.url, &handle.text, i32::try_from(secs).unwrap());
        let now = self.now;
        let message = self.messages.get_mut(&handle.message).filter(|message| message.visible_at > now);
        assert_eq!(changed.is_ok(), message.is_some());
        if let Some(message) = message {
            message.visible_at = now + secs;
        }
    }
}

fn check(fifo: bool, steps: &[Step]) {
    let mut model = Model::new(fifo);
    for step in steps {
        model.take(step);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn a_standard_queue_agrees_with_the_model(steps in prop::collection::vec(step(), 1..60)) {
        check(false, &steps);
    }

    #[test]
    fn a_fifo_queue_agrees_with_the_model(steps in prop::collection::vec(step(), 1..60)) {
        check(true, &steps);
    }
}
