"""StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask."""

import re
import time

import pytest

from support.refusals import refused
from support.world import members

ANSWER_DEADLINE_SECONDS = 10


def dead_letters(world, *bodies):
    """A source queue and its dead-letter queue, which holds these messages."""
    dead = world.queue()
    source = world.with_dead_letters(dead, 1)
    for body in bodies:
        world.send(source, body)
    if bodies:
        world.receive(source, VisibilityTimeout=0)
        assert world.receive(source) == []
    assert world.counts(dead) == (len(bodies), 0, 0)
    return source, dead


def start(world, dead, **arguments):
    return world.sqs.start_message_move_task(SourceArn=world.arn(dead), **arguments)


def tasks(world, dead, **arguments):
    return world.sqs.list_message_move_tasks(SourceArn=world.arn(dead), **arguments).get("Results", [])


def until(world, dead, *statuses, advance=0.0):
    """Asks until the latest task has one of these statuses, letting time pass where it is steered."""
    deadline = time.monotonic() + ANSWER_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        (task,) = tasks(world, dead)
        if task["Status"] in statuses:
            return task
        if advance:
            world.clock.advance(advance)
    pytest.fail(f"still {task}")


def test_messages_move_to_the_destination(world):
    _, dead = dead_letters(world, "a", "b", "c")
    destination = world.queue()
    answer = start(world, dead, DestinationArn=world.arn(destination))
    assert members(answer) == {"TaskHandle"}
    task = until(world, dead, "COMPLETED")
    assert task.pop("StartedTimestamp") > 1_600_000_000_000
    assert task == {
        "Status": "COMPLETED", "SourceArn": world.arn(dead), "DestinationArn": world.arn(destination),
        "ApproximateNumberOfMessagesMoved": 3, "ApproximateNumberOfMessagesToMove": 3,
    }
    assert world.counts(dead) == (0, 0, 0)
    assert sorted(world.bodies(destination)) == ["a", "b", "c"]


def test_without_destination_messages_go_back_where_they_came_from(world):
    dead = world.queue()
    sources = [world.with_dead_letters(dead, 1) for _ in range(2)]
    for source in sources:
        world.send(source, source)
        world.receive_one(source, VisibilityTimeout=0)
        assert world.receive(source) == []
    start(world, dead)
    assert "DestinationArn" not in until(world, dead, "COMPLETED")
    for source in sources:
        assert world.bodies(source) == [source]


def test_source_must_be_a_dead_letter_queue(world):
    with refused("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."):
        start(world, world.queue())


@pytest.mark.parametrize("parameter", ["SourceArn", "DestinationArn"])
def test_both_ends_must_exist(world, parameter):
    _, dead = dead_letters(world)
    arns = {"SourceArn": world.arn(dead)} | {parameter: world.arn("x/nothing")}
    sentence = f"The resource that you specified for the {parameter} parameter doesn't exist."
    with refused("ResourceNotFoundException", sentence, status=404):
        world.sqs.start_message_move_task(**arns)


def test_source_is_needed(world):
    with refused("MissingParameter", "The request must contain the parameter SourceArn."):
        world.sqs.start_message_move_task()


@pytest.mark.parametrize("rate", [0, 501, -1])
def test_rate_out_of_range(world, rate):
    _, dead = dead_letters(world)
    with refused("InvalidParameterValue", re.compile("MaxNumberOfMessagesPerSecond")):
        start(world, dead, MaxNumberOfMessagesPerSecond=rate)


def test_rate_is_kept_and_the_task_seen_running(steered):
    _, dead = dead_letters(steered, "a", "b", "c", "d")
    destination = steered.queue()
    handle = start(
        steered, dead, DestinationArn=steered.arn(destination), MaxNumberOfMessagesPerSecond=1
    )["TaskHandle"]
    (task,) = tasks(steered, dead)
    assert (task["Status"], task["TaskHandle"]) == ("RUNNING", handle)
    assert task["MaxNumberOfMessagesPerSecond"] == 1
    assert steered.counts(destination)[0] <= 1
    task = until(steered, dead, "COMPLETED", advance=1)
    assert "TaskHandle" not in task
    assert task["ApproximateNumberOfMessagesMoved"] == 4
    assert steered.counts(destination) == (4, 0, 0)


def test_one_task_at_a_time(steered):
    _, dead = dead_letters(steered, "a", "b", "c")
    start(steered, dead, MaxNumberOfMessagesPerSecond=1)
    # The code is not on record: the model declares UnsupportedOperation, reports name InvalidParameterValue.
    with pytest.raises(steered.sqs.exceptions.ClientError) as caught:
        start(steered, dead)
    error = caught.value.response["Error"]
    assert error["Code"] in ("AWS.SimpleQueueService.UnsupportedOperation", "InvalidParameterValue")
    assert error["Message"] == (
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
    )


def test_cancelled_task_stops(steered):
    _, dead = dead_letters(steered, "a", "b", "c", "d")
    destination = steered.queue()
    handle = start(
        steered, dead, DestinationArn=steered.arn(destination), MaxNumberOfMessagesPerSecond=1
    )["TaskHandle"]
    answer = steered.sqs.cancel_message_move_task(TaskHandle=handle)
    assert members(answer) == {"ApproximateNumberOfMessagesMoved"}
    task = until(steered, dead, "CANCELLED", advance=1)
    assert "TaskHandle" not in task
    steered.clock.advance(10)
    moved = steered.counts(destination)[0]
    assert moved <= 2 and steered.counts(dead) == (4 - moved, 0, 0)


def test_deleted_destination_fails_the_task(steered):
    _, dead = dead_letters(steered, "a", "b", "c")
    destination = steered.queue()
    start(steered, dead, DestinationArn=steered.arn(destination), MaxNumberOfMessagesPerSecond=1)
    steered.sqs.delete_queue(QueueUrl=destination)
    task = until(steered, dead, "FAILED", advance=1)
    assert task["FailureReason"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert "TaskHandle" not in task


def test_unknown_handle_cannot_be_cancelled(world):
    codes = r"\((InvalidParameterValue|ResourceNotFoundException)\)"
    with pytest.raises(world.sqs.exceptions.ClientError, match=codes):
        world.sqs.cancel_message_move_task(TaskHandle="no-handle")


def test_finished_task_cannot_be_cancelled(world):
    _, dead = dead_letters(world, "a")
    handle = start(world, dead)["TaskHandle"]
    until(world, dead, "COMPLETED")
    with pytest.raises(world.sqs.exceptions.ClientError):
        world.sqs.cancel_message_move_task(TaskHandle=handle)


def test_list_gives_the_latest_unless_more_are_asked_for(steered):
    _, dead = dead_letters(steered)
    for _ in range(2):
        start(steered, dead)
        until(steered, dead, "COMPLETED", advance=1)
    assert len(tasks(steered, dead)) == 1
    listed = [task["StartedTimestamp"] for task in tasks(steered, dead, MaxResults=10)]
    assert len(listed) == 2 and listed == sorted(listed, reverse=True)


@pytest.mark.parametrize("most", [0, 11])
def test_list_size_out_of_range(world, most):
    _, dead = dead_letters(world)
    with refused("InvalidParameterValue", re.compile("MaxResults")):
        tasks(world, dead, MaxResults=most)


def test_list_of_nothing(world):
    with refused("ResourceNotFoundException", re.compile("SourceArn"), status=404):
        world.sqs.list_message_move_tasks(SourceArn=world.arn("x/nothing"))


def test_no_tasks_yet(world):
    _, dead = dead_letters(world)
    assert tasks(world, dead) == []
