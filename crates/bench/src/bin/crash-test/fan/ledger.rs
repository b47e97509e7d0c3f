//! What the publishers know for certain, and where their messages may therefore be.
//!
//! Words as in the ledger of the queues: *lost* (acknowledged, and a target never got it), *unexpected* (never
//! published), *duplicated* (twice in one queue), *misrouted* (in a queue whose filter it does not pass), *torn*
//! (in doubt at the kill, and some targets got it, others not), *recovered* (in doubt, and all got it: legal).

#[cfg(test)]
mod tests;

use super::messages::{Opened, Plan};
use crate::ledger::Fault;

/// A publish, by its number.
pub(crate) type Key = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Asked,
    InDoubt,
    Acknowledged,
}

/// What one target got of one publish.
#[derive(Clone, Debug, Default)]
struct Arrival {
    times: u64,
    /// The id of the message in the queue: the same message may be received again, another one is a second delivery.
    queue_message_id: Option<String>,
    deleted: bool,
}

#[derive(Debug)]
struct Publish {
    request: usize,
    state: State,
    id: Option<String>,
    arrivals: Vec<Arrival>,
}

impl Publish {
    fn happened(&self) -> bool {
        self.state == State::Acknowledged || self.arrivals.iter().any(|at| at.times > 0)
    }
}

/// One request. It happens as a whole, however many messages are in it.
#[derive(Debug, Default)]
struct Request {
    keys: Vec<Key>,
    in_doubt: bool,
}

#[derive(Debug)]
pub(crate) struct Ledger {
    plan: Plan,
    publishes: Vec<Publish>,
    requests: Vec<Request>,
    acknowledged: u64,
    hooked: u64,
    pub(crate) faults: Vec<(Fault, String)>,
}

/// Figures for the report.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) acknowledged: u64,
    pub(crate) in_doubt: u64,
    pub(crate) recovered: u64,
    pub(crate) in_queues: u64,
    pub(crate) by_http: u64,
    /// Deliveries by HTTP beyond the first.
    pub(crate) repeated: u64,
}

impl Ledger {
    pub(crate) fn new(plan: Plan) -> Self {
        Self { plan, publishes: vec![], requests: vec![], acknowledged: 0, hooked: 0, faults: vec![] }
    }

    pub(crate) fn fault(&mut self, fault: Fault, text: impl Into<String>) {
        self.faults.push((fault, text.into()));
    }

    /// Enters the messages of one request.
    pub(crate) fn publish_asked(&mut self, entries: usize) -> Vec<Key> {
        let request = self.requests.len();
        let keys: Vec<Key> = (self.publishes.len()..self.publishes.len() + entries).collect();
        for _ in &keys {
            let arrivals = vec![Arrival::default(); self.plan.targets()];
            self.publishes.push(Publish { request, state: State::Asked, id: None, arrivals });
        }
        self.requests.push(Request { keys: keys.clone(), in_doubt: false });
        keys
    }

    pub(crate) fn publish_acknowledged(&mut self, key: Key, id: &str) {
        self.publishes[key].state = State::Acknowledged;
        self.acknowledged += 1;
        self.identify(key, id);
    }

    /// The server was killed: whatever is under way is in doubt from now on.
    pub(crate) fn killed(&mut self) {
        for publish in self.publishes.iter_mut().filter(|publish| publish.state == State::Asked) {
            publish.state = State::InDoubt;
            self.requests[publish.request].in_doubt = true;
        }
    }

    /// A publish has one id, whoever says it.
    fn identify(&mut self, key: Key, id: &str) {
        let known = self.publishes[key].id.get_or_insert_with(|| id.to_owned()).clone();
        if known != id {
            self.fault(Fault::Duplicated, format!("publish {key} is {known}, and delivered as {id} too"));
        }
    }

    /// A target got something. Returns which publish it was, if it could be one.
    pub(crate) fn arrived(
        &mut self,
        target: usize,
        queue_message_id: Option<&str>,
        opened: &Opened,
    ) -> Option<Key> {
        let name = self.plan.target_name(target);
        let Some(key) = opened.key().filter(|&key| key < self.publishes.len()) else {
            let text: String = opened.text.chars().take(80).collect();
            self.fault(
                Fault::Unexpected,
                format!("{name} got {text:?} of kind {:?}, which was not published", opened.kind),
            );
            return None;
        };
        if let Some(id) = &opened.publish_id {
            self.identify(key, id);
        }
        if !self.plan.wants(target, key) {
            self.fault(Fault::Misrouted, format!("{name} got publish {key}, which its filter does not pass"));
        }
        let arrival = &mut self.publishes[key].arrivals[target];
        arrival.times += 1;
        let first = arrival.times == 1;
        if target == self.plan.hook() {
            self.hooked += u64::from(first);
            return Some(key);
        }
        let deleted = arrival.deleted;
        let known = arrival.queue_message_id.get_or_insert_with(|| queue_message_id.unwrap_or("").to_owned());
        if queue_message_id != Some(known) {
            let text = format!("{name} has publish {key} as {known} and as {queue_message_id:?}");
            self.fault(Fault::Duplicated, text);
        } else if deleted {
            self.fault(Fault::Resurrected, format!("publish {key} was deleted from {name}, and came back"));
        }
        Some(key)
    }

    pub(crate) fn deleted(&mut self, queue: usize, key: Key) {
        self.publishes[key].arrivals[queue].deleted = true;
    }

    /// About how many publishes the endpoint has yet to get: those that are known to have happened.
    pub(crate) fn behind(&self) -> u64 {
        self.acknowledged.saturating_sub(self.hooked)
    }

    /// What the endpoint must still get: what was acknowledged, and of what is in doubt that which a queue has shown.
    pub(crate) fn owed_by_http(&self) -> usize {
        let hook = self.plan.hook();
        let owed = |publish: &&Publish| publish.arrivals[hook].times == 0 && publish.happened();
        self.publishes.iter().filter(owed).count()
    }

    /// How many publishes are known to have happened.
    pub(crate) fn happened(&self) -> u64 {
        self.publishes.iter().filter(|publish| publish.happened()).count() as u64
    }

    /// After everything was drained and waited for: who did not get what it should.
    pub(crate) fn settle(&mut self) {
        let plan = self.plan;
        let got = |key: Key, target: usize| self.publishes[key].arrivals[target].times > 0;
        let owed = |key: Key| (0..plan.targets()).filter(move |&target| plan.wants(target, key));
        let mut found = Vec::new();
        for (key, publish) in self.publishes.iter().enumerate() {
            if publish.state == State::Acknowledged {
                for target in owed(key).filter(|&target| !got(key, target)) {
                    let text =
                        format!("publish {key} was acknowledged; {} never got it", plan.target_name(target));
                    found.push((Fault::Lost, text));
                }
            }
        }
        for request in self.requests.iter().filter(|request| request.in_doubt) {
            let places = || request.keys.iter().flat_map(|&key| owed(key).map(move |target| (key, target)));
            let missing: Vec<(Key, &str)> = places()
                .filter(|&(key, target)| !got(key, target))
                .map(|(key, target)| (key, plan.target_name(target)))
                .collect();
            if !missing.is_empty() && missing.len() != places().count() {
                let text = format!("of the publishes {:?} these are missing: {missing:?}", request.keys);
                found.push((Fault::Torn, text));
            }
        }
        self.faults.append(&mut found);
    }

    pub(crate) fn totals(&self) -> Totals {
        let mut totals =
            Totals { acknowledged: self.acknowledged, by_http: self.hooked, ..Totals::default() };
        for publish in &self.publishes {
            let (queues, hook) = publish.arrivals.split_at(self.plan.hook());
            let in_queues = queues.iter().filter(|arrival| arrival.times > 0).count() as u64;
            let by_http: u64 = hook.iter().map(|arrival| arrival.times).sum();
            totals.in_queues += in_queues;
            totals.repeated += by_http.saturating_sub(1);
            if self.requests[publish.request].in_doubt {
                totals.in_doubt += 1;
                totals.recovered += u64::from(in_queues + by_http > 0);
            }
        }
        totals
    }
}
