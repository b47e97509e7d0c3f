"""Filter policies: who hears what. The words of refusals are in test_filter_refusals.py."""

import json

import pytest

from support.sns_world import array, binary, entry, number, text


def hears(sns, topic, policy, *publishes, scope="MessageAttributes") -> list[str]:
    """Publishes each (message, attributes) and gives what a queue with this policy hears, in order."""
    listener = sns.raw_listen(topic, FilterPolicy=policy, FilterPolicyScope=scope)
    for message, attributes in publishes:
        sns.publish(topic, message, MessageAttributes=attributes)
    return sorted(listener.bodies())


def hears_with(sns, topic, policy, **attributes) -> bool:
    return hears(sns, topic, policy, ("x", attributes)) == ["x"]


def hears_body(sns, topic, policy, body) -> bool:
    message = body if isinstance(body, str) else json.dumps(body)
    return hears(sns, topic, policy, (message, {}), scope="MessageBody") == [message]


def test_a_number_in_a_range(sns, topic):
    """Recorded: test_filter_policy."""
    policy = {"price": [{"numeric": [">", 0, "<=", 100]}]}
    cases = [(value, {"price": number(value)}) for value in ("0", "0.5", "99", "100", "1E2", "111")]
    assert hears(sns, topic, policy, *cases) == ["0.5", "100", "1E2", "99"]


def test_null_does_not_stand_for_a_missing_attribute(sns, topic):
    """Recorded: test_filter_policy."""
    policy = {"a": [None, {"anything-but": "whatever"}]}
    assert not hears_with(sns, topic, policy)
    assert hears_with(sns, topic, policy, a=text("else"))


def test_the_empty_policy_lets_everything_through_again(sns, topic):
    """Recorded: test_filter_policy."""
    listener = sns.raw_listen(topic, FilterPolicy={"a": ["b"]})
    sns.publish(topic, "one")
    sns.set_subscription(listener.arn, "FilterPolicy", "")
    sns.publish(topic, "two")
    assert listener.bodies() == ["two"]


def test_exists(sns, topic):
    """Recorded: test_exists_filter_policy."""
    store, other = {"store": number(99)}, {"def": number(99)}
    publishes = [("both", store | other), ("store", store), ("other", other), ("none", {})]
    assert hears(sns, topic, {"store": [{"exists": True}]}, *publishes) == ["both", "store"]
    assert hears(sns, topic, {"store": [{"exists": False}]}, *publishes) == ["none", "other"]


def test_all_keys_must_hold(sns, topic):
    policy = {"a": ["1"], "b": [{"prefix": "x"}]}
    publishes = [
        ("both", {"a": text("1"), "b": text("xy")}), ("a", {"a": text("1")}), ("b", {"b": text("xy")}),
        ("wrong", {"a": text("1"), "b": text("yx")}),
    ]
    assert hears(sns, topic, policy, *publishes) == ["both"]


@pytest.mark.parametrize("condition, value, match", [
    ("red", text("red"), True), ("red", text("Red"), False), ("red", text("redder"), False),
    ({"prefix": "re"}, text("red"), True), ({"suffix": "ed"}, text("red"), True), ({"suffix": "ed"}, text("de"), False),
    ({"anything-but": ["red"]}, text("blue"), True), ({"anything-but": ["red"]}, text("red"), False),
    ({"anything-but": {"prefix": "r"}}, text("red"), False),
    ({"equals-ignore-case": "RED"}, text("red"), True), ({"wildcard": "r*d"}, text("red"), True),
    ({"cidr": "10.0.0.0/24"}, text("10.0.0.255"), True), ({"cidr": "10.0.0.0/24"}, text("10.0.1.0"), False),
    (1, number("1.0"), True), (1, text("1"), False), ("1", number("1"), False),
    ({"numeric": ["=", 1]}, text("1"), False), ("red", binary(b"red"), False), ({"exists": True}, binary(b"x"), False),
])
def test_one_condition_on_an_attribute(sns, topic, condition, value, match):
    """AWS: filter policies for attributes; Binary is not looked at, and a Number is a number."""
    assert hears_with(sns, topic, {"k": [condition]}, k=value) is match


@pytest.mark.parametrize("condition, elements, match", [
    ("b", ["a", "b"], True), ("c", ["a", "b"], False), (2, [1, 2], True), (2, ["2"], False),
    ({"anything-but": "a"}, ["a", "b"], True), ({"anything-but": "a"}, ["a"], False), (True, [True], True),
    ({"exists": True}, [], False),
])
def test_an_array_attribute_matches_by_any_element(sns, topic, condition, elements, match):
    assert hears_with(sns, topic, {"k": [condition]}, k=array(elements)) is match


def test_a_policy_on_attributes_does_not_look_at_the_body(sns, topic):
    assert hears(sns, topic, {"k": ["v"]}, ('{"k": "v"}', {}), ("attribute", {"k": text("v")})) == ["attribute"]


def test_or_on_attributes(sns, topic):
    policy = {"$or": [{"a": ["1"]}, {"b": ["2"]}]}
    publishes = [("a", {"a": text("1")}), ("b", {"b": text("2")}), ("c", {"a": text("2")})]
    assert hears(sns, topic, policy, *publishes) == ["a", "b"]


@pytest.mark.parametrize("body, match", [
    ({"object": {"key": "auto-test"}}, True),
    ({"object": {"key": "hardcodedvalue"}}, True),
    ({"object": {"key": "test-auto"}}, False),
    ({"object": {"key": "auto-test", "nested_key": 1}}, False),
    ({"object": {"key": "auto-test"}, "test": 1}, False),
    ("auto-test", False),
    ('"auto-test"', False),
    ("[1]", False),
    ("17", False),
])
def test_a_policy_on_the_body(sns, topic, body, match):
    """Recorded: test_filter_policy_on_message_body."""
    policy = {
        "object": {"key": [{"prefix": "auto-"}, "hardcodedvalue"], "nested_key": [{"exists": False}]},
        "test": [{"exists": False}],
    }
    assert hears_body(sns, topic, policy, body) is match


def test_an_array_in_the_body_matches_by_any_element(sns, topic):
    """Recorded: test_filter_policy_on_message_body_array_attributes."""
    policy = {"headers": {"route-to": ["queue1"]}}
    assert hears_body(sns, topic, policy, {"headers": {"route-to": ["queue1", "queue2"]}})
    assert not hears_body(sns, topic, policy, {"headers": {"route-to": ["queue2"]}})


def test_objects_in_an_array_match_as_wholes(sns, topic):
    """Recorded: test_filter_policy_on_message_body_array_of_object_attributes; S3's Records."""
    policy = {"Records": {
        "s3": {"object": {"key": [{"prefix": "auto-"}]}}, "eventName": [{"prefix": "ObjectCreated:"}],
    }}

    def record(name, key):
        return {"eventName": name, "s3": {"object": {"key": key}}}

    good, elsewhere = record("ObjectCreated:Put", "auto-1"), record("ObjectCreated:Put", "b")
    removed = record("ObjectRemoved:Delete", "auto-1")
    assert hears_body(sns, topic, policy, {"Records": [elsewhere, good]})
    assert not hears_body(sns, topic, policy, {"Records": [removed, elsewhere]})


@pytest.mark.parametrize("body, match", [
    ({"metricName": "CPU", "detail": {"scope": "Service", "source": "aws"}}, True),
    ({"namespace": "EC2", "detail": {"scope": "Service", "type": "Alarm"}}, True),
    ({"metricName": "CPU", "detail": {"scope": "Service"}}, False),
    ({"metricName": "CPU", "detail": {"type": "Alarm"}}, False),
    ({"detail": {"scope": "Service", "type": "Alarm"}}, False),
])
def test_or_at_the_top_and_below(sns, topic, body, match):
    """Recorded: test_filter_policy_on_message_body_or_attribute."""
    policy = {
        "$or": [{"metricName": ["CPU"]}, {"namespace": ["EC2"]}],
        "detail": {"scope": ["Service"], "$or": [{"source": ["aws"]}, {"type": ["Alarm"]}]},
    }
    assert hears_body(sns, topic, policy, body) is match


def test_empty_arrays_beside_it_do_not_matter(sns, topic):
    """Recorded: test_filter_policy_empty_array_payload."""
    body = {"id": "1", "empty": [], "detail": {"status": "", "list": [], "nothing": None}}
    assert hears_body(sns, topic, {"detail": {"status": [""]}}, body)


def test_a_dotted_path_into_deep_lists(sns, topic):
    """Recorded: test_filter_policy_large_complex_payload."""
    policy = {"detail": {"payload.nested.another-level.deep": {"inside-list": [{"prefix": "q-test"}]}}}
    deep = {"nested": {"another-level": [{"deep": [{"inside-list": ["x", "q-test-1"]}]}, {"deep": []}]}}
    assert hears_body(sns, topic, policy, {"detail": {"payload": deep, "more": ["x"] * 100}})
    assert not hears_body(sns, topic, policy, {"detail": {"payload": {"nested": []}}})


@pytest.mark.parametrize("detail, match", [
    ({"v4": "10.0.0.255"}, True), ({"v4": "10.0.0.256"}, False), ({"v4": "10.0.1.255"}, False),
    ({"v6": "2001:0db8:1234:1a00:0000:0000:0000:0000"}, True), ({"v6": "2001:0db8:123f:1a01::"}, False),
    ({"v4": "no address"}, False),
])
def test_addresses(sns, topic, detail, match):
    """Recorded: test_filter_policy_ip_address_condition."""
    either = [{"v4": [{"cidr": "10.0.0.0/24"}]}, {"v6": [{"cidr": "2001:db8:1234:1a00::/64"}]}]
    assert hears_body(sns, topic, {"detail": {"$or": either}}, {"detail": detail}) is match


def test_each_entry_of_a_batch_is_judged_alone(sns, topic):
    listener = sns.raw_listen(topic, FilterPolicy={"k": ["v"]})
    sns.publish_batch(topic, entry("a"), entry("b", MessageAttributes={"k": text("v")}))
    assert listener.bodies() == ["b"]



def test_phones_are_filtered_too(sns, topic):
    sns.subscribe(topic, "sms", "+15551234567", FilterPolicy={"k": ["v"]})
    sns.publish(topic, "no")
    sns.publish(topic, "yes", MessageAttributes={"k": text("v")})
    assert [letter["message"] for letter in sns.outbox.letters("sms")] == ["yes"]
