"""Message groups on standard queues: they never lock, and a noisy one does not starve the others."""


def test_groups_do_not_lock(world):
    url = world.queue()
    for number in range(5):
        world.send(url, f"m{number}", MessageGroupId="tenant")
    got = [body for _ in range(5) for body in world.bodies(url, 1)]
    assert sorted(got) == [f"m{number}" for number in range(5)]


def test_same_body_and_group_is_no_duplicate(world):
    url = world.queue()
    for _ in range(2):
        world.send(url, "same", MessageGroupId="tenant")
    assert world.bodies(url) == ["same", "same"]


def test_messages_with_and_without_group_mix(world):
    url = world.queue()
    world.send(url, "grouped", MessageGroupId="tenant")
    world.send(url, "plain")
    assert sorted(world.bodies(url)) == ["grouped", "plain"]


def test_quiet_group_is_not_starved(world):
    url = world.queue()
    for start in range(0, 100, 10):
        world.sqs.send_message_batch(QueueUrl=url, Entries=[
            {"Id": str(n), "MessageBody": f"noisy-{n}", "MessageGroupId": "noisy"} for n in range(start, start + 10)
        ])
    in_flight = [body for _ in range(3) for body in world.bodies(url)]
    assert len(in_flight) == 30
    world.send(url, "quiet", MessageGroupId="quiet")
    # 70 noisy messages were there first, but their group already has all there is in flight.
    assert "quiet" in world.bodies(url)


def test_batch_entries_take_groups(world):
    url = world.queue()
    world.sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "a", "MessageGroupId": "tenant"}])
    assert world.receive_one(url, AttributeNames=["All"])["Attributes"]["MessageGroupId"] == "tenant"
