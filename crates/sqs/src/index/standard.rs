//! The order of a standard queue: first visible, first out, and fair between message groups.
//!
//! Each message group is a *tenant*; messages without a group are one tenant more. A receive serves the tenant with
//! the fewest messages in flight, and among equals the one whose message waits longest. While consumers keep up,
//! nothing is in flight and the order is plain age; when one tenant floods the queue, its share of what is in
//! flight grows and the others' messages go first. That is what AWS calls a fair queue.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::groups::GroupNumber;
use super::{Counts, Offer, Place, Standing};

#[derive(Debug, Default)]
struct Tenant {
    waiting: BTreeMap<Place, Standing>,
    in_flight: usize,
}

/// A tenant's turn: in flight, place of its first message, number. The least is served first.
type Turn = (usize, Place, GroupNumber);

#[derive(Debug, Default)]
pub(crate) struct StandardIndex {
    tenants: HashMap<GroupNumber, Tenant>,
    /// One turn for each tenant that has a message waiting.
    turns: BTreeSet<Turn>,
    delayed: BTreeMap<Place, Standing>,
    in_flight: BTreeMap<Place, Standing>,
    waiting: usize,
    /// Claimed in this receive with a timeout of zero: visible again when the receive ends.
    set_aside: Vec<(Place, Standing)>,
}

impl StandardIndex {
    pub(super) fn insert(&mut self, place: Place, standing: Standing, now_ms: i64) {
        if place.0 <= now_ms {
            self.wait(place, standing);
        } else if standing.received == 0 {
            self.delayed.insert(place, standing);
        } else {
            self.in_flight.insert(place, standing);
            self.with_tenant(standing.group, |tenant| tenant.in_flight += 1);
        }
    }

    pub(super) fn remove(&mut self, place: Place, group: GroupNumber) -> Option<Standing> {
        if let Some(standing) = self.in_flight.remove(&place) {
            self.with_tenant(group, |tenant| tenant.in_flight = tenant.in_flight.saturating_sub(1));
            return Some(standing);
        }
        if let Some(standing) = self.delayed.remove(&place) {
            return Some(standing);
        }
        self.with_tenant(group, |tenant| tenant.waiting.remove(&place)).inspect(|_| self.waiting -= 1)
    }

    pub(super) fn promote(&mut self, now_ms: i64) {
        while let Some((place, standing)) = pop_due(&mut self.delayed, now_ms) {
            self.wait(place, standing);
        }
        while let Some((place, standing)) = pop_due(&mut self.in_flight, now_ms) {
            self.with_tenant(standing.group, |tenant| tenant.in_flight = tenant.in_flight.saturating_sub(1));
            self.wait(place, standing);
        }
    }

    pub(super) fn peek(&self) -> Option<Offer> {
        let (_, place, group) = self.turns.first()?;
        let standing = self.tenants.get(group)?.waiting.get(place)?;
        Some(Offer {
            seq: place.1,
            sent_at_ms: standing.sent_at_ms,
            received: standing.received,
            group: *group,
        })
    }

    pub(super) fn claim(&mut self, offer: &Offer, until_ms: i64, now_ms: i64) {
        let taken = self.with_tenant(offer.group, |tenant| tenant.waiting.pop_first());
        let Some((_, standing)) = taken else { return };
        self.waiting -= 1;
        let claimed = Standing { received: standing.received + 1, ..standing };
        let place = (until_ms, offer.seq);
        if until_ms > now_ms {
            self.insert(place, claimed, now_ms);
        } else {
            self.set_aside.push((place, claimed));
        }
    }

    pub(super) fn end_receive(&mut self) {
        for (place, standing) in std::mem::take(&mut self.set_aside) {
            self.wait(place, standing);
        }
    }

    pub(super) fn next_due_ms(&self) -> Option<i64> {
        let first = |hidden: &BTreeMap<Place, Standing>| hidden.first_key_value().map(|((at, _), _)| *at);
        first(&self.delayed).into_iter().chain(first(&self.in_flight)).min()
    }

    pub(super) fn counts(&self) -> Counts {
        Counts { visible: self.waiting, in_flight: self.in_flight.len(), delayed: self.delayed.len() }
    }

    pub(super) fn for_each(&self, mut look: impl FnMut(Place, &Standing)) {
        let waiting = self.tenants.values().flat_map(|tenant| &tenant.waiting);
        for (place, standing) in waiting.chain(&self.delayed).chain(&self.in_flight) {
            look(*place, standing);
        }
    }

    fn wait(&mut self, place: Place, standing: Standing) {
        self.waiting += 1;
        self.with_tenant(standing.group, |tenant| tenant.waiting.insert(place, standing));
    }

    /// Changes a tenant and moves its turn where it now belongs; a tenant without messages is forgotten.
    fn with_tenant<T>(&mut self, group: GroupNumber, change: impl FnOnce(&mut Tenant) -> T) -> T {
        let tenant = self.tenants.entry(group).or_default();
        let before = turn(tenant, group);
        let result = change(tenant);
        let after = turn(tenant, group);
        let gone = tenant.waiting.is_empty() && tenant.in_flight == 0;
        if before != after {
            before.map(|turn| self.turns.remove(&turn));
            after.map(|turn| self.turns.insert(turn));
        }
        if gone {
            self.tenants.remove(&group);
        }
        result
    }
}

fn turn(tenant: &Tenant, group: GroupNumber) -> Option<Turn> {
    tenant.waiting.first_key_value().map(|(place, _)| (tenant.in_flight, *place, group))
}

fn pop_due(hidden: &mut BTreeMap<Place, Standing>, now_ms: i64) -> Option<(Place, Standing)> {
    let entry = hidden.first_entry().filter(|entry| entry.key().0 <= now_ms)?;
    Some(entry.remove_entry())
}
