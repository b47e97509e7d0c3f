"""What the model asks for is asked of every operation: all violations at once, in AWS's words.

The expected sentences are made from botocore's model. Members whose value is a secret are not quoted, so not tried.
"""

import re

import botocore
import boto3
import pytest

from support.events_refusals import (
    NOT_NULL, at_least, at_most, fits, longer, refused, shorter, violates, violation, violations_of,
)

MODEL = boto3.client(
    "events", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
).meta.service_model
# boto3 refuses these by itself; see test_global_endpoints.py for what the server says.
NOT_SENT = {("PutEvents", "EndpointId")}
OPERATIONS = [MODEL.operation_model(name) for name in MODEL.operation_names]


def path(member: str) -> str:
    return member[0].lower() + member[1:]


def required(operation) -> list[str]:
    return operation.input_shape.required_members


def absent(operation, but: str | None = None) -> set[str]:
    """What is said of the required members that are not there."""
    return {violation(None, path(name), NOT_NULL) for name in required(operation) if name != but}


def call(events, operation, **arguments):
    return getattr(events.events, botocore.xform_name(operation.name))(**arguments)


def members_of(kind: str) -> list:
    return [
        pytest.param(operation, name, shape, id=f"{operation.name}-{name}")
        for operation in OPERATIONS
        for name, shape in operation.input_shape.members.items()
        if shape.type_name == kind and not shape.metadata.get("sensitive") and (operation.name, name) not in NOT_SENT
    ]


def having(constraint: str, kind: str) -> list:
    return [param for param in members_of(kind) if constraint in param.values[2].metadata]


def misfit(value: str, name: str, shape) -> set[str]:
    """What is said of its pattern, if it has one that does not fit."""
    pattern = shape.metadata.get("pattern")
    fitting = pattern is None or re.fullmatch(pattern, value)
    return set() if fitting else {violation(value, path(name), fits(pattern))}


def test_all_operations_are_known():
    assert len(OPERATIONS) == 57


@pytest.mark.parametrize(
    "operation", [pytest.param(found, id=found.name) for found in OPERATIONS if required(found)]
)
def test_required_members(events, operation):
    with violates(*absent(operation)):
        call(events, operation)


@pytest.mark.parametrize("operation, name, shape", having("max", "string"))
def test_too_long(events, operation, name, shape):
    value = "x" * (shape.metadata["max"] + 1)
    told = violation(value, path(name), shorter(shape.metadata["max"]))
    with violates(told, *misfit(value, name, shape), *absent(operation, name)):
        call(events, operation, **{name: value})


@pytest.mark.parametrize("operation, name, shape", having("min", "string"))
def test_too_short(events, operation, name, shape):
    if not shape.metadata["min"]:
        return
    told = violation("", path(name), longer(shape.metadata["min"]))
    with violates(told, *misfit("", name, shape), *absent(operation, name)):
        call(events, operation, **{name: ""})


@pytest.mark.parametrize("operation, name, shape", having("min", "integer"))
def test_too_small(events, operation, name, shape):
    value = shape.metadata["min"] - 1
    with violates(violation(value, path(name), at_least(shape.metadata["min"])), *absent(operation, name)):
        call(events, operation, **{name: value})


@pytest.mark.parametrize("operation, name, shape", having("max", "integer"))
def test_too_large(events, operation, name, shape):
    value = shape.metadata["max"] + 1
    with violates(violation(value, path(name), at_most(shape.metadata["max"])), *absent(operation, name)):
        call(events, operation, **{name: value})


@pytest.mark.parametrize("operation, name, shape", [
    param for param in members_of("string") if getattr(param.values[2], "enum", None)
])
def test_values_of_an_enumeration(events, operation, name, shape):
    """AWS names the values in an order of its own."""
    with refused("ValidationException") as caught:
        call(events, operation, **{name: "NONSENSE"})
    sentences = violations_of(caught.value.response["Error"]["Message"]) - absent(operation, name)
    (sentence,) = sentences
    beginning, listed = sentence.rsplit("[", 1)
    assert beginning == violation("NONSENSE", path(name), "Member must satisfy enum value set: ")
    assert set(listed.removesuffix("]").split(", ")) == set(shape.enum)


def test_the_name_comes_with_its_pattern(events):
    """Recorded: test_create_connection_name_validation."""
    told = r"Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: "
    with refused("ValidationException", f"1 validation error detected: {told}" + r"[\.\-_A-Za-z0-9]+"):
        events.events.describe_rule(Name="a b")


def test_a_list_is_quoted(events):
    ids = [f"i{number}" for number in range(101)]
    with violates(violation(f"[{', '.join(ids)}]", "ids", shorter(100))):
        events.events.remove_targets(Rule="r", Ids=ids)


def test_members_of_items(events):
    with violates(
        violation(None, "targets.1.member.id", NOT_NULL), violation(None, "targets.2.member.arn", NOT_NULL)
    ):
        events.events.put_targets(Rule="r", Targets=[{"Arn": "a"}, {"Id": "1"}])


def test_members_of_members(events):
    with violates(
        violation(None, "authParameters.basicAuthParameters.password", NOT_NULL),
        violation(None, "authParameters.oAuthParameters.clientParameters.clientSecret", NOT_NULL),
    ):
        events.events.create_connection(Name="c", AuthorizationType="BASIC", AuthParameters={
            "BasicAuthParameters": {"Username": "u"},
            "OAuthParameters": {
                "ClientParameters": {"ClientID": "i"}, "AuthorizationEndpoint": "https://example.com/",
                "HttpMethod": "POST",
            },
        })


def test_the_model_comes_before_everything_else(events):
    """A rule that is not there, on a bus that is not there, with an id that is none: the id is what is said."""
    with violates(violation("a b", "targets.1.member.id", fits(r"[\.\-_A-Za-z0-9]+"))):
        events.events.put_targets(Rule="nothing", EventBusName="nothing", Targets=[{"Id": "a b", "Arn": "a"}])
