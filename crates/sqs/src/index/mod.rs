//! What is visible next: the small part of every queue that is held in memory.
//!
//! The index holds a few words for each message (its sequence, until when it is hidden, when it was sent, how often
//! it was received, its group), never a body. It is derived from `messages` and `message_states`, rebuilt from there at start and
//! whenever a transaction that changed it did not commit. It decides *which* messages a receive gives; the caller
//! writes that decision to the store in the same transaction.
//!
//! Invariant: a message's `visible_at_ms` here and in the store are equal, so that the store's row leads back to
//! the place here.

mod fifo;
mod groups;
mod standard;

pub(crate) use fifo::FifoIndex;
use groups::GroupNames;
pub(crate) use groups::GroupNumber;
pub(crate) use standard::StandardIndex;

/// A message's place: hidden until an instant, and its sequence.
pub(crate) type Place = (i64, u64);

/// What the index knows of one message besides its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// When it was accepted, in epoch milliseconds; retention counts from here.
    pub(crate) sent_at_ms: i64,
    /// How often it was received.
    pub(crate) received: u32,
    /// Its message group.
    pub(crate) group: GroupNumber,
}

/// A message the index offers to a receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Its sequence.
    pub(crate) seq: u64,
    /// When it was accepted.
    pub(crate) sent_at_ms: i64,
    /// How often it was received before.
    pub(crate) received: u32,
    /// Its message group.
    pub(crate) group: GroupNumber,
}

/// How many messages of a queue stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) visible: usize,
    pub(crate) in_flight: usize,
    pub(crate) delayed: usize,
}

/// The index of one queue.
#[derive(Debug)]
pub(crate) struct QueueIndex {
    order: Order,
    /// The groups' names; messages carry numbers.
    groups: GroupNames,
    /// No message was sent before this instant, so that nothing can have expired before it plus the retention.
    oldest_sent_at_ms: i64,
    /// When to look for expired messages again.
    next_expiry_ms: i64,
}

#[derive(Debug)]
enum Order {
    Standard(StandardIndex),
    Fifo(FifoIndex),
}

impl QueueIndex {
    pub(crate) fn new(fifo: bool) -> Self {
        let order =
            if fifo { Order::Fifo(FifoIndex::default()) } else { Order::Standard(StandardIndex::default()) };
        Self { order, groups: GroupNames::default(), oldest_sent_at_ms: i64::MAX, next_expiry_ms: i64::MIN }
    }

    /// Adds a message: visible at once when `place` says so, else delayed or (when it was received) in flight.
    pub(crate) fn insert(
        &mut self,
        place: Place,
        sent_at_ms: i64,
        received: u32,
        group: Option<&str>,
        now_ms: i64,
    ) {
        let standing = Standing { sent_at_ms, received, group: self.groups.hold(group) };
        self.oldest_sent_at_ms = self.oldest_sent_at_ms.min(sent_at_ms);
        self.put(place, standing, now_ms);
    }

    fn put(&mut self, place: Place, standing: Standing, now_ms: i64) {
        match &mut self.order {
            Order::Standard(index) => index.insert(place, standing, now_ms),
            Order::Fifo(index) => index.insert(place, standing, now_ms),
        }
    }

    /// Removes a message, if it is there.
    pub(crate) fn remove(&mut self, place: Place, group: Option<&str>) {
        if let Some(group) = self.groups.find(group) {
            self.drop_message(place, group);
        }
    }

    fn drop_message(&mut self, place: Place, group: GroupNumber) {
        if self.take(place, group).is_some() {
            self.groups.release(group);
        }
    }

    fn take(&mut self, place: Place, group: GroupNumber) -> Option<Standing> {
        match &mut self.order {
            Order::Standard(index) => index.remove(place, group),
            Order::Fifo(index) => index.remove(place, group),
        }
    }

    /// Makes visible what is due. Every look at the index comes after it.
    pub(crate) fn promote(&mut self, now_ms: i64) {
        match &mut self.order {
            Order::Standard(index) => index.promote(now_ms),
            Order::Fifo(index) => index.promote(now_ms),
        }
    }

    /// The message a receive should give next; it stays where it is until it is claimed or removed.
    pub(crate) fn peek(&self) -> Option<Offer> {
        match &self.order {
            Order::Standard(index) => index.peek(),
            Order::Fifo(index) => index.peek(),
        }
    }

    /// The name of a message group.
    pub(crate) fn group_name(&self, group: GroupNumber) -> Option<&str> {
        self.groups.name(group)
    }

    /// Claims an offer until `until_ms` as one more receive. With `until_ms` not in the future the message stays
    /// visible, behind the others.
    pub(crate) fn claim(&mut self, offer: &Offer, until_ms: i64, now_ms: i64) {
        match &mut self.order {
            Order::Standard(index) => index.claim(offer, until_ms, now_ms),
            Order::Fifo(index) => index.claim(offer, until_ms, now_ms),
        }
    }

    /// Ends one receive: what was claimed and is still visible may be offered again.
    pub(crate) fn end_receive(&mut self) {
        match &mut self.order {
            Order::Standard(index) => index.end_receive(),
            Order::Fifo(index) => index.end_receive(),
        }
    }

    /// Hides a message of a known place until another instant, or shows it.
    pub(crate) fn change_visibility(
        &mut self,
        place: Place,
        group: Option<&str>,
        until_ms: i64,
        now_ms: i64,
    ) {
        let Some(group) = self.groups.find(group) else { return };
        let Some(standing) = self.take(place, group) else { return };
        self.put((until_ms, place.1), standing, now_ms);
    }

    /// When the next hidden message becomes visible.
    pub(crate) fn next_due_ms(&self) -> Option<i64> {
        match &self.order {
            Order::Standard(index) => index.next_due_ms(),
            Order::Fifo(index) => index.next_due_ms(),
        }
    }

    /// How many messages stand where, as of the last `promote`.
    pub(crate) fn counts(&self) -> Counts {
        match &self.order {
            Order::Standard(index) => index.counts(),
            Order::Fifo(index) => index.counts(),
        }
    }

    /// Every message, in no order: its place and how often it was received.
    pub(crate) fn places(&self) -> Vec<(Place, u32)> {
        let mut places = Vec::new();
        self.for_each(|place, standing| places.push((place, standing.received)));
        places
    }

    /// Removes every message sent at `horizon_ms` or before and gives their sequences. Costs nothing while no
    /// message can be that old; a look through all of them, when one can.
    pub(crate) fn expire(&mut self, horizon_ms: i64) -> Vec<u64> {
        if self.oldest_sent_at_ms > horizon_ms {
            return Vec::new();
        }
        let mut oldest = i64::MAX;
        let mut expired = Vec::new();
        self.for_each(|place, standing| {
            if standing.sent_at_ms <= horizon_ms {
                expired.push((place, standing.group));
            } else {
                oldest = oldest.min(standing.sent_at_ms);
            }
        });
        for (place, group) in &expired {
            self.drop_message(*place, *group);
        }
        self.oldest_sent_at_ms = oldest;
        expired.into_iter().map(|((_, seq), _)| seq).collect()
    }

    /// As [`expire`](Self::expire), but so seldom that a full queue whose messages expire all the time is not
    /// looked through all the time: every second, or every 100 ns a message.
    pub(crate) fn expire_now_and_then(&mut self, horizon_ms: i64, now_ms: i64) -> Vec<u64> {
        if self.oldest_sent_at_ms > horizon_ms || now_ms < self.next_expiry_ms {
            return Vec::new();
        }
        let Counts { visible, in_flight, delayed } = self.counts();
        let messages = i64::try_from(visible + in_flight + delayed).unwrap_or(i64::MAX);
        self.next_expiry_ms = now_ms.saturating_add((messages / 100).max(1000));
        self.expire(horizon_ms)
    }

    fn for_each(&self, mut look: impl FnMut(Place, &Standing)) {
        match &self.order {
            Order::Standard(index) => index.for_each(&mut look),
            Order::Fifo(index) => index.for_each(&mut look),
        }
    }
}
