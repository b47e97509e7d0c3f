//! What is kept to be looked at: failures inside, letters, and for how long.

use aws::{AccountId, Region};

use super::receiver::{Answer, Receiver};
use super::world::*;
use crate::*;

#[tokio::test]
async fn a_delivery_that_failed_inside_is_recorded_with_its_dead_letter() {
    let world = World::new().await;
    let id = world
        .write(|deliveries, tx| {
            let dead_letter = dead_letter(DEAD_LETTERS, true);
            let failure = LocalFailure {
                account: &AccountId::default(),
                region: &Region::default(),
                service: "events",
                owner: "rule",
                source: "bus",
                message_id: "m",
                target: "arn:aws:sqs:us-east-1:000000000000:gone",
                body: "{}",
                dead_letter: dead_letter.as_ref(),
            };
            deliveries.record_local(tx, &failure, &missing())
        })
        .await;
    let delivery = world.one().await;
    assert_eq!((delivery.id, delivery.state, delivery.attempts.len()), (id, DeliveryState::Dead, 0));
    assert_eq!(delivery.address(), "arn:aws:sqs:us-east-1:000000000000:gone");
    assert_eq!(delivery.error.as_deref(), Some("NonExistentQueue: The specified queue does not exist."));
    let names: Vec<String> =
        world.dead()[0].attributes.iter().map(|attribute| attribute.name.clone()).collect();
    assert_eq!(names, ["ERROR_CODE", "ERROR_MESSAGE", "RETRY_ATTEMPTS", "RULE_ARN", "TARGET_ARN"]);
}

#[tokio::test]
async fn an_errand_that_is_dead_already_is_not_tried() {
    let world = World::new().await;
    let mut receiver = Receiver::start([]).await;
    let errand = Errand { dead_letter: dead_letter(DEAD_LETTERS, false), ..errand(&receiver.url("/")) };
    world.write(move |deliveries, tx| deliveries.post_dead(tx, &errand, &missing())).await;
    receiver.heard_nothing().await;
    assert_eq!(world.one().await.state, DeliveryState::Dead);
    assert_eq!(world.dead().len(), 1);
}

#[tokio::test]
async fn a_delivery_without_a_body_is_shown_without_one() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([]).await;
    let mut empty = errand(&receiver.url("/"));
    empty.request.body = Vec::new();
    world.post(empty).await;
    assert_eq!(receiver.request().await.body, b"");
    world.settle(1).await;
    let delivery = world.one().await;
    assert_eq!((delivery.body, delivery.body_bytes), (Vec::new(), 0));
}

#[tokio::test]
async fn finished_deliveries_are_forgotten_after_their_time() {
    let mut world = World::new().await;
    let receiver = Receiver::start([Answer::status(200), Answer::status(500)]).await;
    world.post(errand(&receiver.url("/"))).await;
    world.settle(1).await;
    world.post(Errand { schedule: three_retries(), ..errand(&receiver.url("/")) }).await;
    world.settle(1).await;
    world.restart().await;
    world.clock.advance_ms(3_600_000);
    // The one that waited is delivered now, and what was delivered an hour ago goes.
    world.settle(1).await;
    for _ in 0..1_000 {
        if world.all().await.len() == 1 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(world.one().await.attempts.len(), 2);
}

#[tokio::test]
async fn only_so_many_finished_deliveries_are_kept() {
    let world = World::with(Options { finished_max: 10, ..Options::default() }).await;
    world
        .write(|deliveries, tx| {
            let errand = errand("http://localhost/");
            (0..512).try_for_each(|_| deliveries.post_dead(tx, &errand, &missing()).map(drop))
        })
        .await;
    for _ in 0..1_000 {
        if world.all().await.len() == 10 {
            break;
        }
        tokio::task::yield_now().await;
    }
    let kept: Vec<i64> = world.all().await.iter().map(|delivery| delivery.id).collect();
    assert_eq!(kept, (503..=512).rev().collect::<Vec<i64>>());
}

fn letter(account: &str, kind: LetterKind, to: &str) -> Letter {
    Letter {
        account: AccountId::parse(account).unwrap(),
        region: Region::default(),
        kind,
        to: to.to_owned(),
        topic_arn: Some("t".to_owned()),
        subscription_arn: None,
        message_id: "m".to_owned(),
        subject: None,
        message: "hello".to_owned(),
        message_structure: Some("json".to_owned()),
        attributes: vec![
            Attribute::text("a", "1"),
            Attribute {
                name: "b".into(),
                data_type: "Binary".into(),
                value: AttributeValue::Bytes(vec![0, 255]),
            },
        ],
    }
}

#[tokio::test]
async fn letters_are_kept_found_and_forgotten() {
    let world = World::with(Options { letters_max: 3, ..Options::default() }).await;
    let letters = [
        letter("000000000000", LetterKind::Email, "lost"),
        letter("000000000000", LetterKind::Sms, "+1"),
        letter("111111111111", LetterKind::Sms, "+2"),
        letter("000000000000", LetterKind::Push, "arn"),
    ];
    for letter in letters.clone() {
        world.write(move |deliveries, tx| deliveries.letter(tx, &letter)).await;
    }
    let found = |filter: LetterFilter| async {
        let found = world.deliveries.letters(filter).await.unwrap();
        found.into_iter().map(|sent| (sent.letter, sent.sent_at_ms)).collect::<Vec<_>>()
    };
    let at = |letter: &Letter| (letter.clone(), BEGINNING_MS);
    let all = LetterFilter::default;
    assert_eq!(found(all()).await, [at(&letters[1]), at(&letters[2]), at(&letters[3])]);
    let sms = LetterFilter { kind: Some(LetterKind::Sms), ..all() };
    assert_eq!(found(sms.clone()).await, [at(&letters[1]), at(&letters[2])]);
    let to = LetterFilter { to: Some("arn".to_owned()), ..all() };
    assert_eq!(found(to).await, [at(&letters[3])]);
    world.deliveries.forget(AccountId::parse("111111111111")).await.unwrap();
    assert_eq!(found(sms.clone()).await, [at(&letters[1])]);
    world.deliveries.forget_letters(sms).await.unwrap();
    assert_eq!(found(all()).await, [at(&letters[3])]);
}

#[tokio::test]
async fn what_is_forgotten_in_flight_leaves_no_trace() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([Answer::Silence]).await;
    let mut posted = errand(&receiver.url("/"));
    posted.request.timeout_ms = 50;
    world.post(posted).await;
    receiver.request().await;
    world.deliveries.forget(None).await.unwrap();
    world.settle(1).await;
    assert_eq!(world.all().await, []);
    // Nor does the next errand get its number.
    assert_eq!(world.post(errand(&receiver.url("/"))).await, 2);
}
