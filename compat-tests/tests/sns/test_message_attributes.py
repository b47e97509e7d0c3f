"""Message attributes: types, names, and how they arrive."""

import base64

import pytest

from support.sns_refusals import refused
from support.sns_world import array, binary, number, text


def test_in_the_envelope_they_have_type_and_value(sns, topic):
    """Recorded: test_message_attributes_not_missing."""
    listener = sns.listen(topic)
    sent = {"s": text("v"), "n": number("1.50"), "b": binary(b"\x02\xff"), "a": array(["x", 1, None, True])}
    sns.publish(topic, MessageAttributes=sent)
    assert listener.envelope()["MessageAttributes"] == {
        "s": {"Type": "String", "Value": "v"},
        "n": {"Type": "Number", "Value": "1.50"},
        "b": {"Type": "Binary", "Value": base64.b64encode(b"\x02\xff").decode()},
        "a": {"Type": "String.Array", "Value": '["x", 1, null, true]'},
    }


def test_the_message_of_an_envelope_has_no_attributes_of_its_own(sns, topic):
    listener = sns.listen(topic)
    sns.publish(topic, MessageAttributes={"s": text("v")})
    assert "MessageAttributes" not in listener.message()


def test_none_sent_none_shown(sns, topic):
    listener = sns.listen(topic)
    sns.publish(topic)
    assert "MessageAttributes" not in listener.envelope()


@pytest.mark.parametrize("data_type", ["String.prefixed", "String.  prefixed.", "Number.int", "Binary.png"])
def test_types_may_have_a_label(sns, topic, data_type):
    """Recorded: test_message_attributes_prefixes."""
    listener = sns.raw_listen(topic)
    value = {"BinaryValue": b"1"} if data_type.startswith("Binary") else {"StringValue": "1"}
    sns.publish(topic, MessageAttributes={"a": {"DataType": data_type, **value}})
    assert listener.message()["MessageAttributes"]["a"]["DataType"] == data_type


@pytest.mark.parametrize("data_type", ["String.", "Stringprefixed", "Text", "", "string", "Number."])
def test_other_types_are_refused(sns, topic, data_type):
    """Recorded: test_message_attributes_prefixes."""
    with refused("ParameterValueInvalid"):
        sns.publish(topic, MessageAttributes={"a": {"DataType": data_type, "StringValue": "1"}})


@pytest.mark.parametrize("value", [
    {"DataType": "String"}, {"DataType": "String", "StringValue": ""}, {"DataType": "Binary", "StringValue": "a"},
    {"DataType": "Number", "StringValue": "one"}, {"StringValue": "a"},
], ids=["none", "empty", "other kind", "no number", "no type"])
def test_a_value_must_fit_its_type(sns, topic, value):
    with refused("ParameterValueInvalid"):
        sns.publish(topic, MessageAttributes={"a": value})


@pytest.mark.parametrize("name", [".a", "a.", "a..b", "a b", "a" * 257, "AWS.a", "amazon.a"])
def test_names_are_checked(sns, topic, name):
    with refused("ParameterValueInvalid"):
        sns.publish(topic, MessageAttributes={name: text("v")})


@pytest.mark.parametrize("name", ["a", "A-b_c.d", "a" * 256, "9"])
def test_names_that_are_allowed(sns, topic, name):
    listener = sns.listen(topic)
    sns.publish(topic, MessageAttributes={name: text("v")})
    assert set(listener.envelope()["MessageAttributes"]) == {name}
