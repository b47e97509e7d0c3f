//! What becomes of errands: retries, dead letters, restarts, paces.

use super::receiver::{Answer, Receiver};
use super::world::*;
use crate::*;

#[tokio::test]
async fn an_errand_is_delivered_and_recorded() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([]).await;
    let id = world.post(errand(&receiver.url("/hook"))).await;
    assert_eq!(receiver.request().await.body, b"{\"a\":1}");
    world.settle(1).await;
    let delivery = world.one().await;
    assert_eq!((delivery.id, delivery.state), (id, DeliveryState::Delivered));
    assert_eq!(delivery.attempts.len(), 1);
    let attempt = &delivery.attempts[0];
    assert_eq!((attempt.number, attempt.at_ms, attempt.status), (1, BEGINNING_MS, Some(200)));
    assert_eq!((&attempt.error, &delivery.error, delivery.next_attempt_at_ms), (&None, &None, None));
    assert_eq!((delivery.body.as_slice(), delivery.body_bytes), (&b"{\"a\":1}"[..], 7));
}

#[tokio::test]
async fn retries_come_exactly_when_they_are_due() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([Answer::status(500), Answer::status(503)]).await;
    world.post(Errand { schedule: three_retries(), ..errand(&receiver.url("/")) }).await;
    for (number, error) in [(1, "HTTP 500"), (2, "HTTP 503")] {
        receiver.request().await;
        world.settle(1).await;
        let delivery = world.one().await;
        assert_eq!((delivery.state, delivery.error.as_deref()), (DeliveryState::Waiting, Some(error)));
        assert_eq!(delivery.next_attempt_at_ms, Some(BEGINNING_MS + 20_000 * number));
        world.clock.advance_ms(19_999);
        receiver.heard_nothing().await;
        world.clock.advance_ms(1);
    }
    receiver.request().await;
    world.settle(1).await;
    let delivery = world.one().await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    let statuses: Vec<Option<u16>> = delivery.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(500), Some(503), Some(200)]);
}

#[tokio::test]
async fn what_cannot_be_delivered_goes_to_the_dead_letter_queue() {
    let mut world = World::new().await;
    let receiver = Receiver::start((0..4).map(|_| Answer::status(500))).await;
    let dead_letter = dead_letter(DEAD_LETTERS, false);
    let schedule = three_retries();
    world.post(Errand { schedule, dead_letter, ..errand(&receiver.url("/")) }).await;
    world.settle(1).await;
    for _ in 0..3 {
        assert_eq!(world.dead(), []);
        world.pass_secs(20);
        world.settle(1).await;
    }
    let delivery = world.one().await;
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Dead, 4));
    assert_eq!(delivery.dead_letter_queue.as_deref(), Some(DEAD_LETTERS));
    let dead = world.dead();
    assert_eq!((dead.len(), &*dead[0].body, dead[0].attributes.len()), (1, "{\"a\":1}", 0));
}

#[tokio::test]
async fn a_client_error_is_not_retried() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([Answer::status(404)]).await;
    let dead_letter = dead_letter("arn:aws:sqs:us-east-1:000000000000:gone", false);
    let schedule = three_retries();
    world.post(Errand { schedule, dead_letter, ..errand(&receiver.url("/")) }).await;
    world.settle(1).await;
    let delivery = world.one().await;
    assert_eq!(delivery.state, DeliveryState::Dead);
    let error = "HTTP 404; the dead-letter queue did not take it: NonExistentQueue: The specified queue does not exist.";
    assert_eq!(delivery.error.as_deref(), Some(error));
    receiver.request().await;
    world.pass_secs(1_000);
    receiver.heard_nothing().await;
}

fn attributes(parcel: &Parcel) -> Vec<(&str, &str)> {
    let text = |attribute| match attribute {
        &Attribute { ref name, value: AttributeValue::Text(ref text), .. } => (name.as_str(), text.as_str()),
        other => panic!("{other:?}"),
    };
    parcel.attributes.iter().map(text).collect()
}

fn event(url: &str, retries_max: u32, age_max_secs: u32) -> Errand {
    Errand {
        service: "events",
        schedule: Schedule::Exponential { retries_max, age_max_secs },
        judge: Judge::ApiDestination,
        dead_letter: dead_letter(DEAD_LETTERS, true),
        ..errand(url)
    }
}

#[tokio::test]
async fn a_dead_letter_of_an_event_tells_which_retries_were_in_vain() {
    let mut world = World::new().await;
    let receiver = Receiver::start([Answer::status(500), Answer::status(500)]).await;
    world.post(event(&receiver.url("/"), 1, 60)).await;
    world.settle(1).await;
    world.pass_secs(2);
    world.settle(1).await;
    let message = "Unable to invoke ApiDestination endpoint: API destination returned HTTP status 500.";
    assert_eq!(
        attributes(&world.dead()[0]),
        [
            ("ERROR_CODE", "ERROR_FROM_TARGET"),
            ("ERROR_MESSAGE", message),
            ("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts"),
            ("RETRY_ATTEMPTS", "1"),
            ("RULE_ARN", "r"),
            ("TARGET_ARN", "t"),
        ]
    );
}

#[tokio::test]
async fn an_event_is_given_up_when_it_is_too_old() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([Answer::with(429, "Retry-After: 120\r\n", "")]).await;
    world.post(event(&receiver.url("/"), 185, 60)).await;
    world.settle(1).await;
    receiver.request().await;
    assert_eq!(world.one().await.next_attempt_at_ms, Some(BEGINNING_MS + 60_000));
    world.pass_secs(60);
    world.settle(1).await;
    receiver.heard_nothing().await;
    let delivery = world.one().await;
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Dead, 1));
    assert_eq!(delivery.error.as_deref(), Some("HTTP 429; it became too old"));
    let dead = world.dead();
    assert!(attributes(&dead[0]).contains(&("EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds")));
}

#[tokio::test]
async fn retry_after_is_later_than_the_back_off_or_does_not_count() {
    let mut world = World::new().await;
    let answers = [
        Answer::with(503, "Retry-After: 30\r\n", ""),
        Answer::with(503, "Retry-After: 0\r\n", ""),
        Answer::with(503, "Retry-After: -1\r\n", ""),
    ];
    let receiver = Receiver::start(answers).await;
    world.post(event(&receiver.url("/"), 185, 86_400)).await;
    world.settle(1).await;
    assert_eq!(world.one().await.next_attempt_at_ms, Some(BEGINNING_MS + 30_000));
    world.pass_secs(30);
    world.settle(1).await;
    let next_ms = world.one().await.next_attempt_at_ms.unwrap() - BEGINNING_MS - 30_000;
    assert!((1_600..=2_400).contains(&next_ms), "{next_ms}");
    world.pass_secs(3);
    world.settle(1).await;
    assert_eq!(world.one().await.state, DeliveryState::Dead);
}

#[tokio::test]
async fn a_restart_goes_on_where_it_stopped() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([Answer::status(500)]).await;
    world.post(Errand { schedule: three_retries(), ..errand(&receiver.url("/")) }).await;
    receiver.request().await;
    world.settle(1).await;
    world.restart().await;
    receiver.heard_nothing().await;
    world.pass_secs(20);
    receiver.request().await;
    world.settle(1).await;
    let delivery = world.one().await;
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Delivered, 2));
}

/// The endpoint has the request, and we do not know it: it is delivered again.
#[tokio::test]
async fn an_attempt_that_was_not_settled_is_made_again() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([Answer::Silence]).await;
    world.post(Errand { schedule: three_retries(), ..errand(&receiver.url("/")) }).await;
    let first = receiver.request().await;
    world.restart().await;
    assert_eq!(receiver.request().await, first);
    world.settle(1).await;
    let delivery = world.one().await;
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Delivered, 1));
}

#[tokio::test]
async fn what_is_cancelled_is_not_tried_again() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([Answer::status(500)]).await;
    let owned = errand(&receiver.url("/"));
    let owner = owned.owner.clone();
    world.post(Errand { schedule: three_retries(), ..owned }).await;
    receiver.request().await;
    world.settle(1).await;
    world.write(move |deliveries, tx| deliveries.cancel(tx, &owner)).await;
    world.pass_secs(100);
    receiver.heard_nothing().await;
    let delivery = world.one().await;
    assert_eq!((delivery.state, delivery.next_attempt_at_ms), (DeliveryState::Cancelled, None));
}

#[tokio::test]
async fn what_is_cancelled_in_flight_stays_cancelled() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([Answer::Silence]).await;
    let mut owned = errand(&receiver.url("/"));
    owned.request.timeout_ms = 50;
    let owner = owned.owner.clone();
    world.post(Errand { dead_letter: dead_letter(DEAD_LETTERS, false), ..owned }).await;
    receiver.request().await;
    world.write(move |deliveries, tx| deliveries.cancel(tx, &owner)).await;
    world.settle(1).await;
    assert_eq!(world.one().await.state, DeliveryState::Cancelled);
    assert_eq!(world.dead(), []);
}

#[tokio::test]
async fn a_pace_is_kept_and_survives_a_restart() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([]).await;
    let pace = Some(Pace { lane: "destination".to_owned(), per_second: 2 });
    for _ in 0..7 {
        world.post(Errand { pace: pace.clone(), ..errand(&receiver.url("/")) }).await;
    }
    for (second, calls) in [2, 2, 2, 1].into_iter().enumerate() {
        for _ in 0..calls {
            receiver.request().await;
        }
        world.settle(calls).await;
        if second == 1 {
            world.restart().await;
        }
        world.clock.advance_ms(999);
        receiver.heard_nothing().await;
        world.clock.advance_ms(1);
    }
    receiver.heard_nothing().await;
    assert!(world.all().await.iter().all(|delivery| delivery.state == DeliveryState::Delivered));
}

#[tokio::test]
async fn a_backlog_is_worked_off_with_few_calls_at_a_time() {
    const ERRANDS: u64 = 700;
    let options = Options { in_flight_max: 3, ..Options::default() };
    let mut world = World::with(options).await;
    let mut receiver = Receiver::start([Answer::Silence, Answer::Silence, Answer::Silence]).await;
    for owner in ["one", "one", "two"] {
        let mut stuck = Errand { owner: owner.to_owned(), ..errand(&receiver.url("/stuck")) };
        stuck.request.timeout_ms = 200;
        world.post(stuck).await;
        assert_eq!(receiver.request().await.line, "POST /stuck HTTP/1.1");
    }
    let posted = errand(&receiver.url("/"));
    world
        .write(move |deliveries, tx| (0..ERRANDS).try_for_each(|_| deliveries.post(tx, &posted).map(drop)))
        .await;
    // All places are taken.
    receiver.heard_nothing().await;
    for _ in 0..ERRANDS {
        receiver.request().await;
    }
    world.settle(ERRANDS + 3).await;
    receiver.heard_nothing().await;
}

#[tokio::test]
async fn an_endpoint_that_never_answers_leaves_places_to_others() {
    const HANGING: u64 = 600;
    let mut world = World::new().await;
    let mut receiver = Receiver::start([]).await;
    let mut silent = Receiver::start((0..64).map(|_| Answer::Silence)).await;
    let mut hanging = Errand { owner: "hanging".to_owned(), ..errand(&silent.url("/")) };
    hanging.request.timeout_ms = 600_000;
    world
        .write(move |deliveries, tx| (0..HANGING).try_for_each(|_| deliveries.post(tx, &hanging).map(drop)))
        .await;
    for _ in 0..64 {
        silent.request().await;
    }
    // More than a page of them is before the others.
    for owner in ["an owner before it", "later than it"] {
        for _ in 0..100 {
            world.post(Errand { owner: owner.to_owned(), ..errand(&receiver.url("/")) }).await;
        }
        for _ in 0..100 {
            receiver.request().await;
        }
        world.settle(100).await;
    }
    silent.heard_nothing().await;
    world.write(|deliveries, tx| deliveries.cancel(tx, "hanging")).await;
    assert!(world.all().await.iter().all(|delivery| delivery.state != DeliveryState::Waiting));
}

#[tokio::test]
async fn retries_at_once_are_made_while_another_endpoint_hangs() {
    let mut world = World::with(Options { in_flight_max: 4, ..Options::default() }).await;
    let mut silent = Receiver::start([Answer::Silence, Answer::Silence]).await;
    let mut receiver = Receiver::start((0..3).map(|_| Answer::status(500))).await;
    let mut hanging = Errand { owner: "hanging".to_owned(), ..errand(&silent.url("/")) };
    hanging.request.timeout_ms = 600_000;
    for _ in 0..5 {
        world.post(hanging.clone()).await;
    }
    for _ in 0..2 {
        silent.request().await;
    }
    let schedule = Schedule::Phases(Phases { num_no_delay_retries: 2, ..phases() });
    world.post(Errand { schedule, ..errand(&receiver.url("/")) }).await;
    for _ in 0..3 {
        receiver.request().await;
    }
    world.settle(3).await;
    receiver.heard_nothing().await;
    world.pass_secs(20);
    receiver.request().await;
    world.settle(1).await;
}

#[tokio::test]
async fn what_is_rolled_back_was_never_posted() {
    let world = World::new().await;
    let mut receiver = Receiver::start([]).await;
    let (deliveries, errand) = (std::sync::Arc::clone(&world.deliveries), errand(&receiver.url("/")));
    let refused = world.store.write(move |tx| {
        deliveries.post(tx, &errand)?;
        Err::<(), _>(storage::Error::Busy)
    });
    assert!(refused.await.is_err());
    receiver.heard_nothing().await;
    assert_eq!(world.all().await, []);
}
