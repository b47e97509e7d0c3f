"""How EventBridge refuses: code, sentence, always 400, and an envelope of exactly two members."""

from __future__ import annotations

import contextlib
import re

import botocore.exceptions
import pytest

NOT_NULL = "Member must not be null"


@contextlib.contextmanager
def refused(code: str, message: str | re.Pattern | None = None):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        yield caught
    response = caught.value.response
    error, metadata = response["Error"], response["ResponseMetadata"]
    assert error["Code"] == code, error
    if isinstance(message, re.Pattern):
        assert message.search(error["Message"]), error
    elif message is not None:
        assert error["Message"] == message, error
    assert metadata["HTTPStatusCode"] == 400, "EventBridge says 400 to everything a client did wrong"
    assert set(error) == {"Code", "Message"}, "EventBridge sends no Type"
    assert metadata["RequestId"], "every answer names its request"
    assert metadata["HTTPHeaders"]["content-type"] == "application/x-amz-json-1.1"


def invalid(message: str | re.Pattern):
    return refused("ValidationException", message)


def not_valid(parameter: str, reason: str | None = None):
    ending = f" Reason: {reason}" if reason else ""
    return invalid(f"Parameter {parameter} is not valid.{ending}")


def missing(message: str):
    return refused("ResourceNotFoundException", message)


def bus_missing(name: str):
    return missing(f"Event bus {name} does not exist.")


def rule_missing(name: str, bus: str = "default"):
    return missing(f"Rule {name} does not exist on EventBus {bus}.")


def taken(what: str):
    """A resource of that name is there already, such as `Event bus x`."""
    return refused("ResourceAlreadyExistsException", f"{what} already exists.")


def too_many():
    return refused("LimitExceededException", "The requested resource exceeds the maximum number allowed.")


def not_a_pattern(reason: str | re.Pattern):
    if isinstance(reason, re.Pattern):
        return refused("InvalidEventPatternException", reason)
    return refused("InvalidEventPatternException", f"Event pattern is not valid. Reason: {reason}")


# -- what violates the model ----------------------------------------------------------------------


def violation(value, path: str, constraint: str) -> str:
    """AWS's sentence for one violation. `None` is told as null, without quotes."""
    told = "null" if value is None else f"'{value}'"
    return f"Value {told} at '{path}' failed to satisfy constraint: {constraint}"


def shorter(most: int) -> str:
    return f"Member must have length less than or equal to {most}"


def longer(least: int) -> str:
    return f"Member must have length greater than or equal to {least}"


def at_most(value: int) -> str:
    return f"Member must have value less than or equal to {value}"


def at_least(value: int) -> str:
    return f"Member must have value greater than or equal to {value}"


def fits(pattern: str) -> str:
    return f"Member must satisfy regular expression pattern: {pattern}"


def violations_of(message: str) -> set[str]:
    """The sentences of a message about violations; their number must be the one it tells."""
    found = re.fullmatch(r"(\d+) validation errors? detected: (.*)", message, re.DOTALL)
    assert found, message
    sentences = re.split(r"; (?=Value )", found[2])
    assert int(found[1]) == len(sentences), message
    noun = "error" if len(sentences) == 1 else "errors"
    assert message.startswith(f"{len(sentences)} validation {noun} detected: "), message
    return set(sentences)


@contextlib.contextmanager
def violates(*sentences: str):
    """Refused for exactly these violations. AWS names all of them, in an order it does not promise."""
    with refused("ValidationException") as caught:
        yield
    assert violations_of(caught.value.response["Error"]["Message"]) == set(sentences)


@contextlib.contextmanager
def not_one_of(value: str, path: str, values: set[str]):
    """Refused because the value is none of the enumeration, whose order in AWS's sentence is not the model's."""
    with refused("ValidationException") as caught:
        yield
    (sentence,) = violations_of(caught.value.response["Error"]["Message"])
    beginning, listed = sentence.rsplit("[", 1)
    assert beginning == violation(value, path, "Member must satisfy enum value set: ")
    assert set(listed.removesuffix("]").split(", ")) == values
