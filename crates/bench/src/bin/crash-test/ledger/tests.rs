//! A checker that finds nothing proves nothing: each fault, planted once, must be found; legal ones must not.

use super::*;

fn delivery(key: Key, count: u64) -> Delivery {
    Delivery {
        body: bodies::text(key),
        message_id: format!("id{key}"),
        handle: format!("h{key}"),
        receive_count: count,
        sequence: Some(key as u128 + 100),
    }
}

struct World {
    ledger: Ledger,
    now_ms: i64,
}

impl World {
    fn new(fifo: bool) -> Self {
        Self { ledger: Ledger::new(fifo, 1), now_ms: 1_000_000 }
    }

    fn send(&mut self, groups: &[usize]) -> Vec<Key> {
        let keys = self.ledger.send_asked(0, groups);
        for &key in &keys {
            self.ledger.send_acknowledged(key, &format!("id{key}"), Some(key as u128 + 100));
        }
        keys
    }

    fn receive(&mut self, deliveries: &[(Key, u64)]) {
        let asked = self.ledger.receive_asked(0, self.now_ms);
        let deliveries = deliveries.iter().map(|&(key, count)| delivery(key, count)).collect();
        self.ledger.received(0, asked, self.now_ms, 30, deliveries);
    }

    fn delete(&mut self, keys: &[Key]) {
        self.ledger.delete_asked(keys);
        for &key in keys {
            self.ledger.delete_acknowledged(key, self.now_ms);
        }
    }

    fn faults(mut self) -> Vec<Fault> {
        self.ledger.settle();
        self.ledger.faults.into_iter().map(|(fault, _)| fault).collect()
    }
}

#[test]
fn a_clean_history_has_no_faults() {
    let mut world = World::new(true);
    world.send(&[1, 1, 2]);
    world.receive(&[(0, 1), (1, 1)]);
    world.delete(&[0]);
    world.now_ms += 30_000;
    world.receive(&[(1, 2), (2, 1)]);
    world.delete(&[2, 1]);
    assert_eq!(world.faults(), []);
}

#[test]
fn an_acknowledged_message_that_never_comes_is_lost() {
    let mut world = World::new(false);
    world.send(&[0]);
    assert_eq!(world.faults(), [Fault::Lost]);
}

#[test]
fn a_message_in_doubt_may_come_or_not() {
    let mut world = World::new(false);
    world.ledger.send_asked(0, &[0]);
    world.ledger.send_asked(0, &[0]);
    world.ledger.killed();
    world.receive(&[(0, 1)]);
    world.delete(&[0]);
    assert_eq!(world.ledger.totals(), (0, 1, 2, 1));
    assert_eq!(world.faults(), []);
}

#[test]
fn half_a_batch_is_torn() {
    let mut world = World::new(false);
    world.ledger.send_asked(0, &[0, 0]);
    world.ledger.killed();
    world.receive(&[(1, 1)]);
    world.delete(&[1]);
    assert_eq!(world.faults(), [Fault::Torn]);
}

#[test]
fn half_a_delete_batch_is_torn() {
    let mut world = World::new(false);
    world.send(&[0, 0]);
    world.receive(&[(0, 1), (1, 1)]);
    world.ledger.delete_asked(&[0, 1]);
    world.ledger.killed();
    world.now_ms += 30_000;
    world.receive(&[(1, 2)]);
    world.delete(&[1]);
    assert_eq!(world.faults(), [Fault::Torn]);
}

#[test]
fn a_deleted_message_does_not_return() {
    let mut world = World::new(false);
    world.send(&[0]);
    world.receive(&[(0, 1)]);
    world.delete(&[0]);
    world.now_ms += 30_000;
    world.receive(&[(0, 2)]);
    assert_eq!(world.faults(), [Fault::Resurrected]);
}

#[test]
fn a_purge_in_doubt_may_have_happened_but_not_one_acknowledged() {
    let mut world = World::new(false);
    world.send(&[0]);
    world.ledger.purge_asked(0);
    world.ledger.killed();
    world.receive(&[(0, 1)]);
    for key in world.ledger.purge_asked(0) {
        world.ledger.delete_acknowledged(key, world.now_ms);
    }
    assert!(world.ledger.faults.is_empty());
    world.now_ms += 60_000;
    world.receive(&[(0, 2)]);
    assert_eq!(world.faults(), [Fault::Resurrected]);
}

#[test]
fn a_message_in_flight_stays_hidden_and_its_count_goes_on() {
    let mut world = World::new(false);
    world.send(&[0]);
    world.receive(&[(0, 1)]);
    world.now_ms += 29_000;
    world.receive(&[(0, 1)]);
    world.delete(&[0]);
    assert_eq!(world.faults(), [Fault::Early, Fault::Count]);
}

#[test]
fn a_receive_in_doubt_may_have_counted() {
    let mut world = World::new(false);
    world.send(&[0]);
    world.ledger.receive_asked(0, world.now_ms);
    world.ledger.killed();
    world.receive(&[(0, 2)]);
    world.delete(&[0]);
    assert_eq!(world.faults(), []);
}

#[test]
fn a_shorter_visibility_is_taken_into_account() {
    let mut world = World::new(false);
    world.send(&[0]);
    world.receive(&[(0, 1)]);
    let asked = world.ledger.change_asked(0, world.now_ms, 0);
    world.ledger.change_answered(0, asked, true);
    world.receive(&[(0, 2)]);
    world.delete(&[0]);
    assert_eq!(world.faults(), []);
}

#[test]
fn overtaking_in_a_group_is_found() {
    let mut world = World::new(true);
    world.send(&[1, 1]);
    world.receive(&[(1, 1)]);
    world.receive(&[(0, 1)]);
    world.delete(&[0, 1]);
    assert_eq!(world.faults(), [Fault::Reordered]);
}

#[test]
fn a_second_answer_must_be_the_first_one() {
    let mut world = World::new(true);
    world.send(&[1]);
    world.ledger.send_acknowledged(0, "id0", Some(100));
    assert!(world.ledger.faults.is_empty());
    world.ledger.send_acknowledged(0, "another", Some(200));
    world.receive(&[(0, 1)]);
    world.delete(&[0]);
    assert_eq!(world.faults(), [Fault::Duplicated]);
}

#[test]
fn a_body_that_was_not_sent_or_was_damaged_is_unexpected() {
    let mut world = World::new(false);
    world.send(&[0]);
    let asked = world.ledger.receive_asked(0, world.now_ms);
    let mut damaged = delivery(0, 1);
    damaged.body.push('x');
    world.ledger.received(0, asked, world.now_ms, 30, vec![damaged, delivery(9, 1)]);
    world.delete(&[0]);
    assert_eq!(world.faults(), [Fault::Unexpected, Fault::Unexpected]);
}
