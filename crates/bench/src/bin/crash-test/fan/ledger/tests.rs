//! A checker that finds nothing proves nothing: each fault, planted once, must be found; legal ones must not.

use super::super::messages::{Queue, kind, text};
use super::*;

const ALL_RAW: usize = 0;
const ALL_ENVELOPED: usize = 1;
const ONLY_A: usize = 3;
const ONLY_B: usize = 4;

const PLAN: Plan = Plan {
    queues: &[
        Queue::new("all-raw", "abc"),
        Queue::new("all-enveloped", "abc"),
        Queue::new("all-too", "abc"),
        Queue::new("only-a", "a"),
        Queue::new("only-b", "b"),
    ],
};
const HOOK: usize = PLAN.hook();

fn opened(key: Key) -> Opened {
    Opened { text: text(key), kind: Some(kind(key).to_owned()), publish_id: None }
}

struct World {
    ledger: Ledger,
}

impl Default for World {
    fn default() -> Self {
        Self { ledger: Ledger::new(PLAN) }
    }
}

impl World {
    fn publish(&mut self, entries: usize) -> Vec<Key> {
        let keys = self.ledger.publish_asked(entries);
        for &key in &keys {
            self.ledger.publish_acknowledged(key, &format!("id{key}"));
        }
        keys
    }

    fn in_doubt(&mut self, entries: usize) -> Vec<Key> {
        let keys = self.ledger.publish_asked(entries);
        self.ledger.killed();
        keys
    }

    fn deliver(&mut self, key: Key, target: usize) {
        let id = format!("q{target}-{key}");
        self.ledger.arrived(target, (target != HOOK).then_some(id.as_str()), &opened(key));
        if target != HOOK {
            self.ledger.deleted(target, key);
        }
    }

    /// To everybody that should have it, but not to `without`.
    fn deliver_all(&mut self, key: Key, without: &[usize]) {
        for target in
            (0..PLAN.targets()).filter(|target| PLAN.wants(*target, key) && !without.contains(target))
        {
            self.deliver(key, target);
        }
    }

    fn faults(mut self) -> Vec<Fault> {
        self.ledger.settle();
        self.ledger.faults.into_iter().map(|(fault, _)| fault).collect()
    }
}

#[test]
fn a_clean_history_has_no_faults() {
    let mut world = World::default();
    for key in world.publish(3) {
        world.deliver_all(key, &[]);
    }
    assert_eq!(world.ledger.owed_by_http(), 0);
    let totals = Totals { acknowledged: 3, in_queues: 11, by_http: 3, ..Totals::default() };
    assert_eq!(world.ledger.totals(), totals);
    assert_eq!(world.faults(), []);
}

#[test]
fn each_target_that_an_acknowledged_publish_misses_is_found() {
    for target in (0..PLAN.targets()).filter(|&target| PLAN.wants(target, 0)) {
        let mut world = World::default();
        world.publish(1);
        world.deliver_all(0, &[target]);
        assert_eq!(world.faults(), [Fault::Lost], "{}", PLAN.target_name(target));
    }
}

#[test]
fn a_publish_in_a_filtered_queue_is_misrouted() {
    let mut world = World::default();
    for key in world.publish(2) {
        world.deliver_all(key, &[]);
    }
    world.deliver(1, ONLY_A);
    world.deliver(0, ONLY_B);
    assert_eq!(world.faults(), [Fault::Misrouted, Fault::Misrouted]);
}

#[test]
fn a_publish_in_doubt_happened_for_all_or_for_none() {
    let mut world = World::default();
    world.in_doubt(1);
    world.in_doubt(1);
    world.deliver_all(0, &[]);
    let totals = world.ledger.totals();
    assert_eq!((totals.in_doubt, totals.recovered), (2, 1));
    assert_eq!(world.faults(), []);
}

#[test]
fn a_partial_fan_out_is_torn_whatever_is_missing() {
    for target in (0..PLAN.targets()).filter(|&target| PLAN.wants(target, 1)) {
        let mut world = World::default();
        world.in_doubt(2);
        world.deliver_all(0, &[]);
        world.deliver_all(1, &[target]);
        assert_eq!(world.faults(), [Fault::Torn], "{}", PLAN.target_name(target));
    }
}

#[test]
fn half_a_batch_is_torn() {
    let mut world = World::default();
    world.in_doubt(2);
    world.deliver_all(1, &[]);
    assert_eq!(world.faults(), [Fault::Torn]);
}

#[test]
fn an_endpoint_alone_that_got_a_publish_in_doubt_is_torn() {
    let mut world = World::default();
    world.in_doubt(1);
    world.deliver(0, HOOK);
    assert_eq!(world.faults(), [Fault::Torn]);
}

#[test]
fn twice_by_http_is_legal_and_twice_in_a_queue_is_not() {
    let mut world = World::default();
    world.publish(1);
    world.deliver_all(0, &[]);
    world.deliver(0, HOOK);
    assert_eq!(world.ledger.totals().repeated, 1);
    assert_eq!(world.ledger.faults, []);
    world.ledger.arrived(ALL_RAW, Some("another message"), &opened(0));
    assert_eq!(world.faults(), [Fault::Duplicated]);
}

#[test]
fn a_message_may_be_received_again_until_it_is_deleted() {
    let mut world = World::default();
    world.publish(1);
    world.ledger.arrived(ALL_RAW, Some("q0-0"), &opened(0));
    world.deliver_all(0, &[]);
    assert_eq!(world.ledger.faults, []);
    world.deliver(0, ALL_RAW);
    assert_eq!(world.faults(), [Fault::Resurrected]);
}

#[test]
fn what_was_never_published_or_is_damaged_is_unexpected() {
    let mut world = World::default();
    world.publish(1);
    world.deliver_all(0, &[]);
    world.ledger.arrived(ALL_RAW, Some("q0-7"), &opened(7));
    let mut damaged = opened(0);
    damaged.text.push('x');
    world.ledger.arrived(HOOK, None, &damaged);
    assert_eq!(world.faults(), [Fault::Unexpected, Fault::Unexpected]);
}

#[test]
fn a_publish_has_one_id_everywhere() {
    let mut world = World::default();
    world.publish(1);
    world.deliver_all(0, &[ALL_ENVELOPED]);
    let foreign = Opened { publish_id: Some("another".to_owned()), ..opened(0) };
    world.ledger.arrived(ALL_ENVELOPED, Some("q1-0"), &foreign);
    assert_eq!(world.faults(), [Fault::Duplicated]);
}

#[test]
fn the_endpoint_is_waited_for_as_soon_as_a_queue_shows_a_publish_in_doubt() {
    let mut world = World::default();
    world.in_doubt(1);
    assert_eq!(world.ledger.owed_by_http(), 0);
    world.deliver_all(0, &[HOOK]);
    assert_eq!(world.ledger.owed_by_http(), 1);
}
