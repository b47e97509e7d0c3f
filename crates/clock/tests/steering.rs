//! Steering the clock wakes exactly those who wait for a moment that has come.

use std::collections::HashSet;
use std::time::Duration;

use clock::{Clock, LATEST_MS, Mode};
use tokio::task::JoinHandle;

const HOUR_MS: i64 = 3_600_000;

fn waiter(clock: &Clock, at_ms: i64) -> JoinHandle<()> {
    let clock = clock.clone();
    tokio::spawn(async move { clock.sleep_until(at_ms).await })
}

/// Lets every task that can run do so.
async fn settle() {
    for _ in 0..8 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_frozen_clock_stands_still_and_wakes_when_advanced() {
    let clock = Clock::steered(1_000);
    assert_eq!(clock.mode(), Mode::Frozen);
    let early = waiter(&clock, 2_000);
    let late = waiter(&clock, 3_000);
    settle().await;
    clock.advance_ms(999);
    settle().await;
    assert!(!early.is_finished());
    clock.advance_ms(1);
    settle().await;
    assert!(early.is_finished());
    assert!(!late.is_finished());
    clock.set_ms(1_000_000);
    late.await.unwrap();
    assert_eq!(clock.now_ms(), 1_000_000);
}

#[tokio::test(start_paused = true)]
async fn a_moment_in_the_past_returns_at_once() {
    let clock = Clock::steered(1_000);
    clock.sleep_until(1_000).await;
    clock.sleep_until(i64::MIN).await;
}

#[tokio::test(start_paused = true)]
async fn a_running_clock_waits_on_the_monotonic_clock() {
    let clock = Clock::real();
    let before = tokio::time::Instant::now();
    clock.sleep_until(clock.now_ms() + 20_000).await;
    let waited = before.elapsed();
    assert!(waited >= Duration::from_secs(19) && waited <= Duration::from_secs(21), "{waited:?}");
}

/// Paused tokio time moves while the wall clock does not: just what a wall clock set back again and again looks like.
#[tokio::test(start_paused = true)]
async fn a_wall_clock_set_back_does_not_freeze_a_wait() {
    let clock = Clock::real();
    let waiting = waiter(&clock, clock.now_ms() + 59_000);
    tokio::time::timeout(Duration::from_secs(61), waiting).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_running_clock_can_be_shifted_past_a_deadline() {
    let clock = Clock::real();
    let waiting = waiter(&clock, clock.now_ms() + HOUR_MS);
    settle().await;
    assert!(!waiting.is_finished());
    clock.advance_ms(HOUR_MS);
    settle().await;
    assert!(waiting.is_finished());
    assert_eq!(clock.mode(), Mode::Real);
}

#[tokio::test(start_paused = true)]
async fn resuming_turns_a_frozen_wait_into_a_running_one() {
    let clock = Clock::steered(1_000);
    let waiting = waiter(&clock, 6_000);
    settle().await;
    clock.resume();
    assert_eq!(clock.mode(), Mode::Real);
    tokio::time::timeout(Duration::from_secs(6), waiting).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn freezing_stops_a_running_wait() {
    let clock = Clock::real();
    let waiting = waiter(&clock, clock.now_ms() + 5_000);
    settle().await;
    clock.freeze();
    tokio::time::advance(Duration::from_secs(3_600)).await;
    settle().await;
    assert!(!waiting.is_finished());
    clock.advance_ms(5_000);
    waiting.await.unwrap();
}

#[tokio::test]
async fn every_steering_is_told_whichever_way_it_goes() {
    let clock = Clock::steered(100_000);
    let seen = clock.steerings();
    let waiting = tokio::spawn({
        let clock = clock.clone();
        async move { clock.steered_since(seen).await }
    });
    settle().await;
    assert!(!waiting.is_finished());
    clock.set_ms(50_000);
    waiting.await.unwrap();
    clock.steered_since(seen).await;
    assert_ne!(clock.steerings(), seen);
}

#[test]
fn resume_runs_on_from_where_the_clock_stands() {
    let clock = Clock::steered(5_000);
    clock.resume();
    assert!((5_000..65_000).contains(&clock.now_ms()));
}

#[test]
fn a_reset_brings_the_wall_clock_back() {
    for clock in [Clock::steered(5_000), Clock::real()] {
        clock.advance_ms(24 * HOUR_MS);
        assert!((clock.wall_ms() - clock.now_ms()).abs() > HOUR_MS);
        clock.reset();
        assert_eq!(clock.mode(), Mode::Real);
        let before_ms = clock.wall_ms();
        assert!((before_ms..before_ms + 60_000).contains(&clock.now_ms()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reset_wakes_who_waits_for_what_has_come() {
    let clock = Clock::steered(1_000);
    let waiting = waiter(&clock, 6_000);
    settle().await;
    clock.reset();
    waiting.await.unwrap();
}

#[test]
fn extreme_jumps_stay_within_the_calendar() {
    for clock in [Clock::real(), Clock::steered(0)] {
        clock.set_ms(i64::MAX);
        assert_eq!(clock.now_ms(), LATEST_MS);
        clock.advance_ms(i64::MAX);
        assert_eq!(clock.now_ms(), LATEST_MS);
        clock.set_ms(i64::MIN);
        assert!(clock.now_ms() < 60_000);
        clock.advance_ms(i64::MIN);
        assert!(clock.now_ms() < 60_000);
        clock.freeze();
        clock.resume();
        assert!(clock.now_ms() < 60_000);
    }
    assert_eq!(Clock::steered(i64::MIN).now_ms(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_the_end_of_time_does_not_overflow() {
    let clock = Clock::real();
    let waiting = waiter(&clock, i64::MAX);
    settle().await;
    assert!(!waiting.is_finished());
    waiting.abort();
}

#[test]
fn a_seed_makes_ids_repeat() {
    let ids = |seed| {
        let clock = Clock::steered_with_seed(0, seed);
        (0..100).map(|_| clock.uuid_v4()).collect::<Vec<_>>()
    };
    assert_eq!(ids(7), ids(7));
    assert_ne!(ids(7), ids(8));
}

#[test]
fn ids_are_version_4_and_unique() {
    let clock = Clock::real();
    let ids: HashSet<_> = (0..10_000).map(|_| clock.uuid_v4()).collect();
    assert_eq!(ids.len(), 10_000);
    assert!(ids.iter().all(|id| id.get_version_num() == 4));
}

#[test]
fn jitter_covers_its_range_and_no_more() {
    let clock = Clock::steered_with_seed(0, 1);
    let seen: HashSet<_> = (0..1_000).map(|_| clock.jitter_ms(3)).collect();
    assert_eq!(seen, HashSet::from([0, 1, 2, 3]));
    assert_eq!(clock.jitter_ms(0), 0);
    assert_eq!(clock.jitter_ms(-5), 0);
    assert!(clock.jitter_ms(i64::MAX) >= 0);
}

/// Paused tokio time passes as soon as nobody has anything else to do.
#[tokio::test(start_paused = true)]
async fn a_wait_for_an_answer_ends_on_a_clock_that_stands_still() {
    let clock = Clock::steered(1_000);
    let before = tokio::time::Instant::now();
    clock.wait_ms(20_000).await;
    assert_eq!(before.elapsed(), Duration::from_secs(20));
    assert_eq!(clock.now_ms(), 1_000);
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_an_answer_ends_when_the_clock_is_advanced() {
    let clock = Clock::steered(1_000);
    let before = tokio::time::Instant::now();
    let waiting = clock.clone();
    let wait = tokio::spawn(async move { waiting.wait_ms(20_000).await });
    settle().await;
    clock.advance_ms(20_000);
    wait.await.unwrap();
    assert_eq!(before.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_an_answer_is_no_longer_on_a_clock_that_is_set_back() {
    let clock = Clock::real();
    let before = tokio::time::Instant::now();
    let waiting = clock.clone();
    let wait = tokio::spawn(async move { waiting.wait_ms(20_000).await });
    settle().await;
    clock.advance_ms(-HOUR_MS);
    wait.await.unwrap();
    assert_eq!(before.elapsed(), Duration::from_secs(20));
}
