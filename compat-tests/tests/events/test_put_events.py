"""PutEvents: what is taken, what is refused entry by entry, and what is refused as a whole."""

import re

import pytest

from support.events_refusals import fits, invalid, longer, shorter, violates, violation
from support.events_world import UUID, entry
from support.world import members

MALFORMED = ["not json", '["an", "array"]', '"a string"', '{"broken": ']
MEBIBYTE = 1024 * 1024


def test_what_is_answered(events):
    answer = events.put_entries(entry(), entry())
    assert members(answer) == {"Entries", "FailedEntryCount"}
    assert answer["FailedEntryCount"] == 0
    assert all(set(result) == {"EventId"} for result in answer["Entries"])
    assert all(re.fullmatch(UUID, result["EventId"]) for result in answer["Entries"])
    assert len({result["EventId"] for result in answer["Entries"]}) == 2


def test_the_id_is_the_event_s(events):
    inbox = events.listen()
    assert events.put() == inbox.event()["id"]


def test_a_bus_nobody_made(events):
    """Recorded: test_put_events_nonexistent_event_bus."""
    inbox = events.listen()
    answer = events.put_entries(entry(EventBusName="nothing"))
    assert answer["FailedEntryCount"] == 0
    assert set(answer["Entries"][0]) == {"EventId"}
    assert inbox.events() == []


def test_a_bus_by_its_name_and_by_its_arn(events, bus):
    inbox = events.listen(bus=bus)
    events.put({"n": 1}, bus)
    events.put({"n": 2}, events.bus_arn(bus))
    assert sorted(detail["n"] for detail in inbox.details()) == [1, 2]


def test_ten_entries(events, bus):
    here, there = events.listen(), events.listen(bus=bus)
    answer = events.put_entries(*[
        entry({"n": number}, EventBusName=bus if number % 2 else "default") for number in range(10)
    ])
    assert len(answer["Entries"]) == 10
    assert sorted(detail["n"] for detail in here.details()) == [0, 2, 4, 6, 8]
    assert sorted(detail["n"] for detail in there.details()) == [1, 3, 5, 7, 9]


@pytest.mark.parametrize("bus_name", ["default", "orders"])
def test_eleven_entries(events, bus_name):
    """Recorded: test_put_events_exceed_limit_ten_entries. AWS shows the entries as Java prints them."""
    detail = '{"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}'
    one = entry(
        detail, Source="core.update-account-command", DetailType="core.update-account-command", EventBusName=bus_name
    )
    printed = (
        "PutEventsRequestEntry(time=null, source=core.update-account-command, resources=null, "
        f"detailType=core.update-account-command, detail={detail}, eventBusName={bus_name}, traceHeader=null, "
        "kmsKeyIdentifier=null, internalMetadata=null)"
    )
    shown = "[" + ", ".join([printed] * 11) + "]"
    with violates(violation(shown, "entries", shorter(10))):
        events.put_entries(*[one] * 11)


def test_no_entries(events):
    with violates(violation("[]", "entries", longer(1))):
        events.put_entries()


@pytest.mark.parametrize("detail", MALFORMED)
def test_a_detail_that_is_no_object(events, detail):
    """Recorded: test_put_event_malformed_detail."""
    answer = events.put_entries(entry(Detail=detail))
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"] == [{"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}]


@pytest.mark.parametrize("value", ["absent", "empty"])
@pytest.mark.parametrize("member", ["Source", "DetailType", "Detail"])
def test_a_member_that_is_not_there(events, member, value):
    """Recorded: test_put_events_without_source, test_put_event_without_detail, test_put_event_without_detail_type."""
    sent = entry()
    if value == "absent":
        del sent[member]
    else:
        sent[member] = ""
    answer = events.put_entries(sent)
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"] == [{
        "ErrorCode": "InvalidArgument",
        "ErrorMessage": f"Parameter {member} is not valid. Reason: {member} is a required argument.",
    }]


@pytest.mark.parametrize("source", ["aws.ec2", "aws.events", "aws."])
def test_aws_speaks_for_itself(events, source):
    """AWS's words, as users report them."""
    inbox = events.listen()
    answer = events.put_entries(entry(Source=source))
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"] == [{
        "ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source.",
    }]
    assert inbox.events() == []


def test_a_source_that_only_begins_so(events):
    inbox = events.listen()
    events.put(Source="awsome")
    assert inbox.event()["source"] == "awsome"


def test_the_good_entries_are_taken(events):
    inbox = events.listen()
    answer = events.put_entries(entry({"n": 1}), entry(Detail="broken"), entry({"n": 3}), entry(Source=None))
    assert answer["FailedEntryCount"] == 2
    assert ["EventId" in result for result in answer["Entries"]] == [True, False, True, False]
    assert sorted(detail["n"] for detail in inbox.details()) == [1, 3]


def test_a_megabyte_is_too_much(events):
    """Recorded: test_put_event_with_too_big_detail, at the limit of 256 KB that AWS has raised to 1 MB since."""
    inbox = events.listen()
    with invalid("Total size of the entries in the request is over the limit."):
        events.put({"data": "x" * MEBIBYTE})
    assert inbox.events() == []


def test_the_entries_count_together(events):
    half = {"data": "x" * (MEBIBYTE // 2)}
    with invalid("Total size of the entries in the request is over the limit."):
        events.put_entries(entry(half), entry(half))


def test_the_size_of_an_entry(events):
    """AWS: 14 bytes for a time, and the bytes of source, type, detail and resources as UTF-8; less than 1 MB."""
    around = len("shop") + len("OrderCreated") + len("ü".encode()) + 14
    arguments = {"Resources": ["ü"], "Time": events.now()}
    detail = '{"d":"' + "x" * (MEBIBYTE - around - len('{"d":""}')) + '"}'
    with invalid("Total size of the entries in the request is over the limit."):
        events.put_entries(entry(detail, **arguments))
    events.put_entries(entry(detail.replace("x", "", 1), **arguments))


def test_big_events_arrive_whole(events):
    inbox = events.listen()
    events.put({"data": "x" * 900_000})
    assert len(inbox.event()["detail"]["data"]) == 900_000


def test_details_may_be_deep(events):
    """AWS: JSON of at most a thousand levels."""
    inbox = events.listen()
    events.put('{"a":' * 900 + "1" + "}" * 900)
    assert inbox.body().count('{"a":') == 900
    answer = events.put_entries(entry('{"a":' * 1001 + "1" + "}" * 1001))
    assert answer["Entries"][0]["ErrorCode"] == "MalformedDetail"


def test_a_trace_header_is_taken(events):
    """AWS: AWSTraceHeader of the message that a queue gets."""
    inbox = events.listen()
    header = "Root=1-63441c4a-abcdef012345678912345678"
    events.put(TraceHeader=header)
    assert inbox.message()["Attributes"]["AWSTraceHeader"] == header


def test_a_trace_header_too_long(events):
    with violates(violation("x" * 501, "entries.1.member.traceHeader", shorter(500))):
        events.put_entries(entry(TraceHeader="x" * 501))


def test_a_bus_name_that_is_none(events):
    pattern = r"(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[\.\-_A-Za-z0-9]+"
    with violates(violation("a b", "entries.1.member.eventBusName", fits(pattern))):
        events.put_entries(entry(EventBusName="a b"))


def test_accounts_and_regions_do_not_hear_each_other(events, other):
    inboxes = [other.listen(), events.in_region("eu-west-1").listen()]
    events.put()
    assert [inbox.events() for inbox in inboxes] == [[], []]


@pytest.mark.parametrize("detail", [
    {"metadata": {"idempotency-key": "k-1"}, "data": {"order_id": "1"}},
    {"metadata": {"idempotency-key": "k-2"}, "data": {"order": {"id": "1", "lines": [{"sku": "a", "count": 2}]}}},
], ids=["sparse", "full state"])
def test_events_of_an_order(events, detail):
    inbox = events.listen({"source": ["shop"], "detail": {"metadata": {"idempotency-key": [{"exists": True}]}}})
    events.put(detail)
    assert inbox.event()["detail"] == detail
