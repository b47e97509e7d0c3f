"""With --data everything acknowledged survives kill -9; without it nothing does."""

import json
import signal

import pytest

from support.server import Clock, Server
from support.world import World

ACCOUNT = "123456789012"


class Durable:
    """A server on a data directory that can be killed and started again; the world is reached anew each time."""

    def __init__(self, directory, *flags):
        self.flags = ("--data", str(directory), *flags)
        self.server = Server(*self.flags).start()

    @property
    def world(self) -> World:
        return World(self.server, ACCOUNT)

    def restart(self, how=signal.SIGKILL) -> World:
        if self.server.process.poll() is None:
            self.server.stop(how)
        self.server = Server(*self.flags).start()
        return self.world

    def pass_time(self, seconds):
        Clock(self.server).advance(seconds)


@pytest.fixture(params=["process", "power"])
def durable(request, tmp_path):
    made = Durable(tmp_path / "data", "--durability", request.param)
    yield made
    made.server.stop(signal.SIGKILL)
    assert "panicked at" not in made.server.log_text()


def test_queues_with_attributes_and_tags(durable):
    world = durable.world
    dead = world.queue("dead")
    policy = json.dumps({"deadLetterTargetArn": world.arn(dead), "maxReceiveCount": 4})
    world.sqs.create_queue(
        QueueName="orders", Attributes={"DelaySeconds": "7", "RedrivePolicy": policy}, tags={"a": "b"}
    )
    before = world.attributes("orders")
    world = durable.restart()
    assert world.attributes("orders") == before
    assert world.sqs.list_queue_tags(QueueUrl="orders")["Tags"] == {"a": "b"}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_messages_stay_and_deleted_ones_do_not_return(durable, how):
    world = durable.world
    world.queue("orders")
    attributes = {"b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
    sent = [world.send("orders", f"m{n}", MessageAttributes=attributes) for n in range(10)]
    got = world.receive("orders", 4)
    world.delete("orders", *got)
    world = durable.restart(how)
    kept = world.receive("orders", MessageAttributeNames=["All"])
    expected = {answer["MessageId"] for answer in sent} - {message["MessageId"] for message in got}
    assert {message["MessageId"] for message in kept} == expected
    assert all(message["MessageAttributes"] == attributes for message in kept)


def test_purge_stays_purged(durable):
    world = durable.world
    world.queue("orders")
    world.send("orders")
    world.sqs.purge_queue(QueueUrl="orders")
    assert durable.restart().counts("orders") == (0, 0, 0)


def test_visibility_delay_and_counts_go_on(durable):
    world = durable.world
    world.queue("orders", VisibilityTimeout=600)
    world.send("orders", "in flight")
    handle = world.receive_one("orders")
    world.send("orders", "delayed", DelaySeconds=900)
    world = durable.restart()
    assert world.counts("orders") == (0, 1, 1)
    assert world.receive("orders") == []
    world.hide("orders", handle, 300)
    durable.pass_time(301)
    again = world.receive_one("orders", AttributeNames=["All"])
    assert (again["Body"], again["Attributes"]["ApproximateReceiveCount"]) == ("in flight", "2")
    durable.pass_time(600)
    assert "delayed" in world.bodies("orders")


def test_handle_from_before_still_deletes(durable):
    world = durable.world
    world.queue("orders")
    world.send("orders")
    handle = world.receive_one("orders")
    world = durable.restart()
    world.delete("orders", handle)
    assert world.counts("orders") == (0, 0, 0)


def test_fifo_order_locks_sequence_and_deduplication(durable):
    world = durable.world
    url = "orders.fifo"
    world.fifo(url, ContentBasedDeduplication="true", VisibilityTimeout=600)
    world.send_group(url, "g", "a", "b", "c")
    world.send_group(url, "other", "x")
    last = int(world.send(url, "y", MessageGroupId="other")["SequenceNumber"])
    head = world.receive_one(url)
    world = durable.restart()
    assert world.bodies(url) == ["x", "y"]
    world.send_group(url, "g", "a")
    assert int(world.send(url, "d", MessageGroupId="g")["SequenceNumber"]) > last
    world.delete(url, head)
    assert world.bodies(url) == ["b", "c", "d"]


def test_running_move_task_finishes(durable):
    world = durable.world
    dead, destination = world.queue("dead"), world.queue("destination")
    source = world.with_dead_letters(dead, 1)
    for number in range(3):
        world.send(source, f"m{number}")
    world.receive(source, VisibilityTimeout=0)
    assert world.receive(source) == []
    arn = world.arn(dead)
    world.sqs.start_message_move_task(
        SourceArn=arn, DestinationArn=world.arn(destination), MaxNumberOfMessagesPerSecond=1
    )
    world = durable.restart()
    for _ in range(200):
        (task,) = world.sqs.list_message_move_tasks(SourceArn=arn)["Results"]
        if task["Status"] == "COMPLETED":
            break
        durable.pass_time(1)
    assert task["Status"] == "COMPLETED"
    assert sorted(world.bodies("destination")) == ["m0", "m1", "m2"]
    assert world.counts("dead") == (0, 0, 0)


def test_queue_urls_follow_the_new_port(durable):
    durable.world.queue("orders")
    world = durable.restart()
    assert world.sqs.get_queue_url(QueueName="orders")["QueueUrl"] == f"{world.server.url}/{ACCOUNT}/orders"


def test_second_process_on_the_same_directory_is_refused(durable):
    durable.world.queue("orders")
    second = Server(*durable.flags)
    with pytest.raises(RuntimeError):
        second.start()
    assert second.process.wait(timeout=10) not in (0, None)
    assert "panicked" not in second.log_text() and second.log_text().strip()
    assert len(durable.world.sqs.list_queues()["QueueUrls"]) == 1


def test_health_names_the_durability(durable):
    assert durable.server.admin("GET", "/_fanlight/health")["durability"] == durable.flags[-1]


def test_ephemeral_server_keeps_nothing():
    for _ in range(2):
        server = Server().start()
        world = World(server, ACCOUNT)
        assert "QueueUrls" not in world.sqs.list_queues()
        world.queue("orders")
        server.stop()
