//! One sentence of SQS's behaviour a test.

use super::world::{World, bodies};
use crate::api::inputs::*;
use crate::api::types::DeleteMessageBatchRequestEntry;
use crate::store::reclaims;
use crate::{Limits, Options, ops};

const FIFO: &[(&str, &str)] = &[("FifoQueue", "true")];

fn fifo_message(url: &str, group: &str, body: &str) -> SendMessageInput {
    SendMessageInput {
        queue_url: url.into(),
        message_body: body.into(),
        message_group_id: Some(group.into()),
        message_deduplication_id: Some(body.into()),
        ..Default::default()
    }
}

fn long_poll(url: &str, secs: i32) -> ReceiveMessageInput {
    ReceiveMessageInput { queue_url: url.into(), wait_time_seconds: Some(secs), ..Default::default() }
}

#[test]
fn a_receive_drains_one_group_before_the_next() {
    let world = World::new();
    let url = world.create("q.fifo", FIFO).unwrap();
    for (group, body) in [("1", "a"), ("2", "b"), ("1", "c"), ("2", "d"), ("1", "e")] {
        world.send_with(fifo_message(&url, group, body)).unwrap();
    }
    assert_eq!(bodies(&world.receive(&url, 10, None).unwrap()), ["a", "c", "e", "b", "d"]);
}

#[test]
fn groups_received_with_no_timeout_go_behind_the_others() {
    let world = World::new();
    let url = world.create("q.fifo", FIFO).unwrap();
    for (group, body) in [("1", "a"), ("1", "b"), ("2", "c"), ("2", "d"), ("3", "e"), ("3", "f")] {
        world.send_with(fifo_message(&url, group, body)).unwrap();
    }
    assert_eq!(bodies(&world.receive(&url, 4, Some(0)).unwrap()), ["a", "b", "c", "d"]);
    assert_eq!(bodies(&world.receive(&url, 10, None).unwrap()), ["e", "f", "a", "b", "c", "d"]);
}

#[test]
fn an_extended_message_locks_itself_and_what_follows() {
    for (extended, free) in [(0, vec![]), (1, vec!["a"]), (2, vec!["a", "b"])] {
        let world = World::new();
        let url = world.create("q.fifo", FIFO).unwrap();
        for body in ["a", "b", "c"] {
            world.send_with(fifo_message(&url, "1", body)).unwrap();
        }
        let received = world.receive(&url, 3, Some(1)).unwrap();
        let handle = received[extended].receipt_handle.as_deref().unwrap();
        world.change_visibility(&url, handle, 4).unwrap();
        world.pass_secs(1);
        assert_eq!(bodies(&world.receive(&url, 10, None).unwrap()), free);
    }
}

#[test]
fn a_noisy_group_does_not_starve_the_others() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let send = |group: &str, body: &str| {
        let message = fifo_message(&url, group, body);
        world.send_with(SendMessageInput { message_deduplication_id: None, ..message }).unwrap();
    };
    (0..50).for_each(|_| send("noisy", "noise"));
    assert_eq!(bodies(&world.receive(&url, 10, None).unwrap()), ["noise"; 10]);
    send("quiet", "signal");
    assert_eq!(bodies(&world.receive(&url, 1, None).unwrap()), ["signal"]);
}

#[test]
fn a_long_poll_wakes_when_a_message_comes() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let received = world.run(async {
        let poll = ops::receive_message(&world.sqs, &world.call, long_poll(&url, 20));
        let message =
            SendMessageInput { queue_url: url.clone(), message_body: "a".into(), ..Default::default() };
        let send = async {
            tokio::task::yield_now().await;
            ops::send_message(&world.sqs, &world.call, message).await.unwrap();
        };
        tokio::join!(poll, send).0
    });
    assert_eq!(bodies(&received.unwrap().messages.unwrap()), ["a"]);
}

#[test]
fn a_long_poll_wakes_when_a_delay_passes_and_ends_when_time_is_up() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    world
        .send_with(SendMessageInput {
            queue_url: url.clone(),
            message_body: "late".into(),
            delay_seconds: Some(5),
            ..Default::default()
        })
        .unwrap();
    let poll_while_secs_pass = |secs: i64| {
        world.run(async {
            let poll = ops::receive_message(&world.sqs, &world.call, long_poll(&url, 10));
            let pass = async {
                for _ in 0..secs {
                    for _ in 0..20 {
                        tokio::task::yield_now().await;
                    }
                    world.clock.advance_ms(1000);
                }
            };
            tokio::join!(poll, pass).0.unwrap().messages.unwrap_or_default()
        })
    };
    assert_eq!(bodies(&poll_while_secs_pass(5)), ["late"]);
    assert_eq!(bodies(&poll_while_secs_pass(10)), [""; 0]);
}

#[test]
fn a_long_poll_wakes_when_another_consumer_lets_a_message_go() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    world.send(&url, "a").unwrap();
    let received = world.run(async {
        // The first consumer takes the message after the second has parked, and never deletes it.
        let first =
            ReceiveMessageInput { queue_url: url.clone(), visibility_timeout: Some(3), ..Default::default() };
        let held = ops::receive_message(&world.sqs, &world.call, first.clone()).await.unwrap();
        let handle = held.messages.unwrap()[0].receipt_handle.clone().unwrap();
        let poll = ops::receive_message(&world.sqs, &world.call, long_poll(&url, 20));
        let hold = async {
            tokio::task::yield_now().await;
            let change = ChangeMessageVisibilityInput {
                queue_url: url.clone(),
                receipt_handle: handle,
                visibility_timeout: 2,
            };
            ops::change_message_visibility(&world.sqs, &world.call, change).await.unwrap();
            for _ in 0..2 {
                for _ in 0..20 {
                    tokio::task::yield_now().await;
                }
                world.clock.advance_ms(1000);
            }
        };
        tokio::join!(poll, hold).0
    });
    assert_eq!(bodies(&received.unwrap().messages.unwrap()), ["a"]);
    assert_eq!(world.clock.now_ms() % 10_000, 2_000, "it woke as soon as the message was free");
}

#[test]
fn a_visible_message_wakes_the_next_poll_after_a_receive_that_hides_nothing() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let (first, second) = world.run(async {
        let peek = ReceiveMessageInput { visibility_timeout: Some(0), ..long_poll(&url, 20) };
        let first = ops::receive_message(&world.sqs, &world.call, peek);
        let second = ops::receive_message(&world.sqs, &world.call, long_poll(&url, 20));
        let message =
            SendMessageInput { queue_url: url.clone(), message_body: "a".into(), ..Default::default() };
        let send = async {
            tokio::task::yield_now().await;
            ops::send_message(&world.sqs, &world.call, message).await.unwrap();
        };
        let (first, second, ()) = tokio::join!(first, second, send);
        (first.unwrap().messages.unwrap(), second.unwrap().messages.unwrap())
    });
    assert_eq!((bodies(&first), bodies(&second)), (vec!["a"], vec!["a"]));
    assert_eq!(world.clock.now_ms() % 10_000, 0, "nobody waited for time to pass");
}

#[test]
fn an_open_long_poll_is_answered_at_shutdown() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let answered = world.run(async {
        let poll = ops::receive_message(&world.sqs, &world.call, long_poll(&url, 20));
        let end = async {
            tokio::task::yield_now().await;
            world.sqs.shutdown();
        };
        tokio::join!(poll, end).0
    });
    assert_eq!(answered.map(|output| output.messages), Ok(None));
}

#[test]
fn a_message_received_too_often_goes_to_the_dead_letter_queue_as_it_is() {
    let world = World::new();
    let dead = world.create("dead", &[]).unwrap();
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#;
    let url = world.create("q", &[("RedrivePolicy", policy)]).unwrap();
    let sent = world.send(&url, "poison").unwrap();
    assert_eq!(bodies(&world.receive(&url, 1, Some(0)).unwrap()), ["poison"]);
    assert_eq!(bodies(&world.receive(&url, 1, Some(0)).unwrap()), [""; 0]);
    let letters = world.receive(&dead, 1, None).unwrap();
    assert_eq!(letters[0].message_id, sent.message_id);
    let attributes = letters[0].attributes.as_ref().unwrap();
    assert_eq!(attributes.get("ApproximateReceiveCount").map(String::as_str), Some("2"));
    let source = attributes.get("DeadLetterQueueSourceArn").map(String::as_str);
    assert_eq!(source, Some("arn:aws:sqs:us-east-1:000000000000:q"));
}

#[test]
fn a_queue_that_is_its_own_dead_letter_queue_keeps_giving() {
    let world = World::new();
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:q","maxReceiveCount":1}"#;
    let url = world.create("q", &[("RedrivePolicy", policy)]).unwrap();
    world.send(&url, "a").unwrap();
    for _ in 0..3 {
        assert_eq!(bodies(&world.receive(&url, 1, Some(0)).unwrap()), ["a"]);
    }
}

#[test]
fn too_many_in_flight_is_told_to_short_polls_of_standard_queues_only() {
    let limits = Limits { standard_in_flight: 1, fifo_in_flight: 1, ..Limits::default() };
    let world = World::with(Options { limits, ..Options::default() });
    let url = world.create("q", &[]).unwrap();
    let fifo = world.create("q.fifo", FIFO).unwrap();
    for body in ["a", "b"] {
        world.send(&url, body).unwrap();
        world.send_with(fifo_message(&fifo, body, body)).unwrap();
    }
    assert_eq!(world.receive(&url, 10, None).unwrap().len(), 1);
    assert_eq!(world.receive(&url, 10, None).unwrap_err().kind.code, "OverLimit");
    assert_eq!(world.receive(&fifo, 10, None).unwrap().len(), 1);
    assert_eq!(world.receive(&fifo, 10, None).unwrap().len(), 0);
}

#[test]
fn a_repeated_receive_attempt_is_answered_alike() {
    let world = World::new();
    let url = world.create("q.fifo", FIFO).unwrap();
    world.send_with(fifo_message(&url, "1", "a")).unwrap();
    let attempt = || {
        world.receive_with(ReceiveMessageInput {
            queue_url: url.clone(),
            receive_request_attempt_id: Some("attempt".into()),
            ..Default::default()
        })
    };
    let first = attempt().unwrap();
    assert_eq!(attempt(), Ok(first.clone()));
    world.delete(&url, first[0].receipt_handle.as_deref().unwrap()).unwrap();
    assert_eq!(
        attempt().unwrap_err().message,
        "Value attempt for parameter ReceiveRequestAttemptId is invalid. Reason: The receiveRequestAttemptId is \
         not valid anymore since the receive call is not retryable."
    );
}

#[test]
fn a_deduplication_id_outlives_its_message_and_a_restart() {
    let mut world = World::new();
    let url = world.create("q.fifo", FIFO).unwrap();
    let first = world.send_with(fifo_message(&url, "1", "a")).unwrap();
    let received = world.receive(&url, 1, None).unwrap();
    world.delete(&url, received[0].receipt_handle.as_deref().unwrap()).unwrap();
    world.restart();
    world.pass_secs(299);
    assert_eq!(world.send_with(fifo_message(&url, "1", "a")), Ok(first.clone()));
    assert_eq!(world.receive(&url, 1, None).unwrap(), []);
    world.pass_secs(1);
    assert_ne!(world.send_with(fifo_message(&url, "1", "a")).unwrap().message_id, first.message_id);
    assert_eq!(world.receive(&url, 1, None).unwrap().len(), 1);
}

#[test]
fn a_dead_letter_of_a_fifo_queue_is_deduplicated_by_its_message_id() {
    let world = World::new();
    let dead = world.create("dead.fifo", FIFO).unwrap();
    let policy =
        r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead.fifo","maxReceiveCount":1}"#;
    let url = world.create("q.fifo", &[FIFO[0], ("RedrivePolicy", policy)]).unwrap();
    let sent = world.send_with(fifo_message(&url, "1", "poison")).unwrap();
    world.receive(&url, 1, Some(0)).unwrap();
    world.receive(&url, 1, Some(0)).unwrap();
    let letters = world.receive(&dead, 1, None).unwrap();
    let attributes = letters[0].attributes.as_ref().unwrap();
    assert_eq!(attributes.get("MessageDeduplicationId"), sent.message_id.as_ref());
}

#[test]
fn a_redrive_policy_set_late_dead_letters_everything_in_one_receive() {
    let world = World::new();
    let dead = world.create("dead", &[]).unwrap();
    let url = world.create("q", &[]).unwrap();
    for _ in 0..250 {
        world.send(&url, "poison").unwrap();
    }
    for _ in 0..25 {
        world.receive(&url, 10, Some(1)).unwrap();
    }
    world.pass_secs(1);
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#;
    let attributes = [("RedrivePolicy", policy.to_owned())].into_iter().collect();
    let input = SetQueueAttributesInput { queue_url: url.clone(), attributes };
    world.run(ops::set_queue_attributes(&world.sqs, &world.call, input)).unwrap();
    assert_eq!(world.receive(&url, 1, None), Ok(vec![]));
    assert_eq!(world.counts(&dead).unwrap().visible, 250);
}

#[test]
fn another_delay_of_a_fifo_queue_holds_for_what_it_has() {
    let world = World::new();
    let url = world.create("q.fifo", &[FIFO[0], ("DelaySeconds", "60")]).unwrap();
    world.send_with(fifo_message(&url, "1", "a")).unwrap();
    world.pass_secs(5);
    let delay = |secs: &str| {
        let attributes = [("DelaySeconds", secs.to_owned())].into_iter().collect();
        let input = SetQueueAttributesInput { queue_url: url.clone(), attributes };
        world.run(ops::set_queue_attributes(&world.sqs, &world.call, input)).unwrap();
    };
    delay("10");
    assert_eq!(world.counts(&url).unwrap().delayed, 1);
    delay("4");
    assert_eq!(bodies(&world.receive(&url, 1, None).unwrap()), ["a"]);
}

#[test]
fn an_expired_handle_in_a_fifo_batch_is_its_entrys_alone() {
    let world = World::new();
    let url = world.create("q.fifo", FIFO).unwrap();
    for body in ["a", "b"] {
        world.send_with(fifo_message(&url, body, body)).unwrap();
    }
    let received = world.receive(&url, 1, Some(1)).unwrap();
    world.pass_secs(1);
    let held = world.receive(&url, 10, None).unwrap();
    let handles = [&received[0], held.iter().find(|message| message.body.as_deref() == Some("b")).unwrap()];
    let entry = |(place, message): (usize, &&crate::api::types::Message)| DeleteMessageBatchRequestEntry {
        id: place.to_string(),
        receipt_handle: message.receipt_handle.clone().unwrap(),
    };
    let entries = handles.iter().enumerate().map(entry).collect();
    let input = DeleteMessageBatchInput { queue_url: url, entries };
    let output = world.run(ops::delete_message_batch(&world.sqs, &world.call, input)).unwrap();
    assert_eq!(output.successful.unwrap()[0].id, "1");
    let failed = &output.failed.unwrap()[0];
    assert_eq!((failed.id.as_str(), failed.code.as_str()), ("0", "ReceiptHandleIsInvalid"));
    assert_eq!(failed.message.as_deref(), Some("The receipt handle has expired"));
}

#[test]
fn a_long_poll_outlives_its_queue_and_serves_the_next_of_that_name() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let received = world.run(async {
        let poll = ops::receive_message(&world.sqs, &world.call, long_poll(&url, 20));
        let replace = async {
            tokio::task::yield_now().await;
            let delete = DeleteQueueInput { queue_url: url.clone() };
            let create = CreateQueueInput { queue_name: "q".into(), ..Default::default() };
            // Polled in turns with the long poll, whose next look may come before or after the new queue.
            let (deleted, created) = tokio::join!(
                ops::delete_queue(&world.sqs, &world.call, delete),
                ops::create_queue(&world.sqs, &world.call, create)
            );
            deleted.unwrap();
            created.unwrap();
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            let message =
                SendMessageInput { queue_url: url.clone(), message_body: "new".into(), ..Default::default() };
            ops::send_message(&world.sqs, &world.call, message).await.unwrap();
        };
        tokio::join!(poll, replace).0
    });
    // Between the two there may have been no queue: then the poll was told, and did not wait for nothing.
    match received {
        Ok(output) => assert_eq!(bodies(&output.messages.unwrap()), ["new"]),
        Err(error) => assert_eq!(error.kind.shape, "QueueDoesNotExist"),
    }
    assert_eq!(world.clock.now_ms() % 10_000, 0, "nobody waited for time to pass");
}

#[test]
fn a_move_task_ends_with_what_was_there_and_never_moves_in_place() {
    let world = World::new();
    let dead = world.create("dead", &[]).unwrap();
    let arn = |name: &str| format!("arn:aws:sqs:us-east-1:000000000000:{name}");
    let policy = format!(r#"{{"deadLetterTargetArn":"{}","maxReceiveCount":1}}"#, arn("dead"));
    let url = world.create("q", &[("RedrivePolicy", &policy)]).unwrap();
    world.send(&url, "a").unwrap();
    world.receive(&url, 1, Some(0)).unwrap();
    world.receive(&url, 1, Some(0)).unwrap();
    let start = |destination: Option<String>| {
        let input = StartMessageMoveTaskInput {
            source_arn: arn("dead"),
            destination_arn: destination,
            max_number_of_messages_per_second: None,
        };
        world.run(ops::start_message_move_task(&world.sqs, &world.call, input))
    };
    assert_eq!(start(Some(arn("dead"))).unwrap_err().kind.code, "InvalidParameterValue");
    start(None).unwrap();
    world.run(async {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(world.counts(&dead).unwrap().visible, 0);
    assert_eq!(bodies(&world.receive(&url, 1, None).unwrap()), ["a"]);
    let input = ListMessageMoveTasksInput { source_arn: arn("dead"), max_results: None };
    let tasks = world.run(ops::list_message_move_tasks(&world.sqs, &world.call, input)).unwrap();
    assert_eq!(tasks.results.unwrap()[0].status.as_deref(), Some("COMPLETED"));
}

/// A queue that is purged and then deleted, with nothing sent in between.
#[test]
fn of_two_reclaims_with_the_same_end_the_wider_stays() {
    let world = World::new();
    let after_seqs = world.run(world.sqs.write(|ledger| {
        reclaims::insert(ledger.tx, 7, 2, 5)?;
        reclaims::insert(ledger.tx, 7, 5, 5)?;
        Ok(reclaims::select_all(ledger.tx)?.iter().map(|reclaim| reclaim.after_seq).collect::<Vec<_>>())
    }));
    assert_eq!(after_seqs.unwrap(), [2]);
}
