"""CreateQueue, GetQueueUrl, ListQueues, DeleteQueue."""

import re

import pytest

from support.refusals import nonexistent_queue, refused
from support.world import members

FIFO_NAME = (
    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
    "must end with .fifo suffix and be 1 to 80 in length."
)
FIFO_ONLY = re.compile(r"You can specify the DeduplicationScope only when FifoQueue is set to true\.")


def test_create_answers_the_url_and_nothing_else(world):
    answer = world.sqs.create_queue(QueueName="orders")
    assert members(answer) == {"QueueUrl"}
    assert answer["QueueUrl"] == f"{world.server.url}/{world.account}/orders"


def test_fifo_suffix_stays_in_the_url(world):
    assert world.fifo("orders.fifo").endswith("/orders.fifo")


@pytest.mark.parametrize("again", [{}, {"VisibilityTimeout": 17}], ids=["none", "equal"])
def test_create_again_with_equal_or_no_attributes_gives_the_same_queue(world, again):
    first = world.queue("orders", VisibilityTimeout=17, DelaySeconds=3)
    assert world.queue("orders", **again) == first
    assert world.attributes(first, "VisibilityTimeout", "DelaySeconds") == {
        "VisibilityTimeout": "17", "DelaySeconds": "3",
    }


def test_create_again_with_messages_in_the_queue(world):
    url = world.queue("orders")
    world.send(url)
    assert world.queue("orders") == url
    assert world.counts(url) == (1, 0, 0)


def test_create_with_a_different_value_is_refused(world):
    world.queue("orders", DelaySeconds=2)
    sentence = "A queue already exists with the same name and a different value for attribute DelaySeconds"
    with refused("QueueAlreadyExists", sentence):
        world.queue("orders", DelaySeconds=1)


def test_comparison_uses_current_values(world):
    url = world.queue("orders", DelaySeconds=1)
    world.set(url, DelaySeconds=2)
    assert world.queue("orders", DelaySeconds=2) == url
    with refused("QueueAlreadyExists", re.compile("attribute DelaySeconds$")):
        world.queue("orders", DelaySeconds=1)


def test_comparison_names_one_differing_attribute(world):
    world.queue("orders", DelaySeconds=1, VisibilityTimeout=1)
    with refused("QueueAlreadyExists", re.compile("attribute (DelaySeconds|VisibilityTimeout)$")):
        world.queue("orders", DelaySeconds=2, VisibilityTimeout=2)


def test_fifo_comparison_covers_fifo_attributes(world):
    world.fifo("orders.fifo", ContentBasedDeduplication="true")
    sentence = (
        "A queue already exists with the same name and a different value for attribute ContentBasedDeduplication"
    )
    with refused("QueueAlreadyExists", sentence):
        world.fifo("orders.fifo", ContentBasedDeduplication="false")


@pytest.mark.parametrize("attribute", ["FifoQueue", "ContentBasedDeduplication"])
def test_standard_queue_does_not_know_fifo_attributes(world, attribute):
    with refused("InvalidAttributeName", f"Unknown Attribute {attribute}."):
        world.queue("orders", **{attribute: "false"})


@pytest.mark.parametrize(
    "attribute, value", [("DeduplicationScope", "queue"), ("FifoThroughputLimit", "perQueue")]
)
def test_standard_queue_refuses_high_throughput_attributes(world, attribute, value):
    with refused("InvalidAttributeName", FIFO_ONLY):
        world.queue("orders", **{attribute: value})


def test_fifo_needs_the_suffix(world):
    with refused("InvalidParameterValue", FIFO_NAME):
        world.queue("orders", FifoQueue="true")


@pytest.mark.parametrize("name", ["two words", "a" * 81, "dollar$", "orders.fifo", "a.b", "ümlaut"])
def test_bad_names_are_refused(world, name):
    sentence = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
    with refused("InvalidParameterValue", sentence):
        world.queue(name)
    assert "QueueUrls" not in world.sqs.list_queues()


def test_names_of_one_and_eighty_characters(world):
    for name in ("a", "b" * 80):
        assert world.queue(name).endswith(f"/{name}")
    assert world.fifo("c" * 75 + ".fifo")


def test_missing_name_is_refused(world):
    with refused("MissingParameter", "The request must contain the parameter QueueName."):
        world.sqs.create_queue()


def test_names_are_case_sensitive(world):
    assert world.queue("Orders") != world.queue("orders")
    assert len(world.sqs.list_queues()["QueueUrls"]) == 2


def test_refused_create_leaves_no_queue(world):
    with refused("InvalidAttributeValue", "Invalid value for the parameter VisibilityTimeout."):
        world.queue("orders", DelaySeconds=5, VisibilityTimeout=43201)
    with nonexistent_queue(world.protocol):
        world.sqs.get_queue_url(QueueName="orders")


def test_tags_can_be_given_at_creation(world):
    url = world.sqs.create_queue(QueueName="orders", tags={"team": "a", "empty": ""})["QueueUrl"]
    assert world.sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "a", "empty": ""}


# -- finding ------------------------------------------------------------------------------------


def test_get_queue_url(world):
    url = world.queue("orders")
    answer = world.sqs.get_queue_url(QueueName="orders")
    assert members(answer) == {"QueueUrl"}
    assert answer["QueueUrl"] == url
    assert world.sqs.get_queue_url(QueueName="orders", QueueOwnerAWSAccountId=world.account)["QueueUrl"] == url


def test_get_queue_url_of_another_account_s_nothing(world):
    # As AWS answered in fluent-plugin-s3#342.
    sentence = "The specified queue does not exist or you do not have access to it."
    with refused("AWS.SimpleQueueService.NonExistentQueue", sentence):
        world.sqs.get_queue_url(QueueName="nothing", QueueOwnerAWSAccountId="210987654321")


def test_get_queue_url_of_nothing(world):
    with nonexistent_queue(world.protocol):
        world.sqs.get_queue_url(QueueName="nothing")


def test_list_by_prefix(world):
    for name in ("red-1", "red-2", "blue-1"):
        world.queue(name)
    urls = world.sqs.list_queues(QueueNamePrefix="red-")["QueueUrls"]
    assert [url.rsplit("/", 1)[1] for url in urls] == ["red-1", "red-2"]
    assert len(world.sqs.list_queues()["QueueUrls"]) == 3


def test_list_that_finds_nothing_has_no_member(world):
    world.queue("orders")
    assert members(world.sqs.list_queues(QueueNamePrefix="nothing")) == set()


def test_list_pages_only_when_asked(world):
    names = [f"q-{number}" for number in range(5)]
    for name in names:
        world.queue(name)
    assert members(world.sqs.list_queues()) == {"QueueUrls"}
    seen, token, pages = [], None, 0
    while True:
        arguments = {"NextToken": token} if token else {}
        page = world.sqs.list_queues(QueueNamePrefix="q-", MaxResults=2, **arguments)
        seen += [url.rsplit("/", 1)[1] for url in page["QueueUrls"]]
        pages += 1
        token = page.get("NextToken")
        if not token:
            break
    assert (seen, pages) == (names, 3)


def test_list_page_that_fits_exactly_has_no_token(world):
    for name in ("a", "b"):
        world.queue(name)
    assert members(world.sqs.list_queues(MaxResults=2)) == {"QueueUrls"}


@pytest.mark.parametrize("most", [0, -1, 1001])
def test_list_refuses_page_sizes_out_of_range(world, most):
    with refused("InvalidParameterValue", re.compile("MaxResults")):
        world.sqs.list_queues(MaxResults=most)


def test_list_refuses_a_token_it_never_gave(world):
    with refused("InvalidParameterValue"):
        world.sqs.list_queues(MaxResults=1, NextToken="not-a-token")


# -- deleting -----------------------------------------------------------------------------------


def test_deleted_queue_is_gone(world):
    url = world.queue("orders")
    world.send(url)
    assert members(world.sqs.delete_queue(QueueUrl=url)) == set()
    for call in (world.sqs.get_queue_attributes, world.sqs.receive_message, world.sqs.delete_queue):
        with nonexistent_queue(world.protocol):
            call(QueueUrl=url)
    with nonexistent_queue(world.protocol):
        world.send(url)
    assert "QueueUrls" not in world.sqs.list_queues()


def test_queue_made_again_starts_empty(world):
    url = world.queue("orders", DelaySeconds=7)
    world.sqs.tag_queue(QueueUrl=url, Tags={"old": "yes"})
    world.send(url)
    world.sqs.delete_queue(QueueUrl=url)
    assert world.queue("orders") == url
    assert world.counts(url) == (0, 0, 0)
    assert world.attributes(url, "DelaySeconds") == {"DelaySeconds": "0"}
    assert "Tags" not in world.sqs.list_queue_tags(QueueUrl=url)


def test_old_handle_does_not_reach_the_queue_made_again(world):
    url = world.queue("orders")
    world.send(url, "old")
    old = world.receive_one(url)
    world.sqs.delete_queue(QueueUrl=url)
    world.queue("orders")
    world.send(url, "new")
    try:
        world.delete(url, old)
    except world.sqs.exceptions.ClientError:
        pass
    assert world.bodies(url) == ["new"]


def test_strict_timing_makes_a_deleted_name_wait(strict):
    url = strict.queue("orders")
    strict.sqs.delete_queue(QueueUrl=url)
    sentence = "You must wait 60 seconds after deleting a queue before you can create another with the same name."
    with refused("AWS.SimpleQueueService.QueueDeletedRecently", sentence):
        strict.queue("orders")
    strict.clock.advance(61)
    assert strict.queue("orders") == url


def test_reset_forgets_deleted_names(strict):
    url = strict.queue("orders")
    strict.sqs.delete_queue(QueueUrl=url)
    strict.server.admin("POST", f"/_fanlight/reset?account={strict.account}")
    assert strict.queue("orders") == url


def test_queues_are_separate(world):
    first, second = world.queue(), world.queue()
    world.send(first, "for the first")
    assert world.bodies(second) == []
    assert world.bodies(first) == ["for the first"]
