"""How SNS refuses: code, sentence, status, and an envelope of exactly three members."""

from __future__ import annotations

import contextlib
import re

import botocore.exceptions
import pytest


@contextlib.contextmanager
def refused(code: str, message: str | re.Pattern | None = None, status: int = 400):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        yield caught
    response = caught.value.response
    error, metadata = response["Error"], response["ResponseMetadata"]
    assert error["Code"] == code, error
    if isinstance(message, re.Pattern):
        assert message.search(error["Message"]), error
    elif message is not None:
        assert error["Message"] == message, error
    assert metadata["HTTPStatusCode"] == status, error
    assert set(error) == {"Type", "Code", "Message"}, "SNS sends no Detail, and no second message"
    assert error["Type"] == "Sender", error
    assert metadata["RequestId"], "every answer names its request"
    assert metadata["HTTPHeaders"]["content-type"].startswith("text/xml")


def invalid(what: str):
    """InvalidParameter, with the whole of what follows `Invalid parameter: `."""
    return refused("InvalidParameter", f"Invalid parameter: {what}")


def invalid_about(pattern: str):
    """InvalidParameter where only the gist of AWS's sentence is known."""
    return refused("InvalidParameter", re.compile(pattern))


@contextlib.contextmanager
def lacking(member: str):
    """A required member is not there. AWS says so in two ways: as InvalidParameter, or as a violation of the model."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert error["Code"] in ("InvalidParameter", "ValidationError"), error
    assert member.lower() in error["Message"].lower(), error
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def not_an_arn(parameter: str):
    return invalid_about(f"^Invalid parameter: {parameter} Reason: An ARN must have at least 6 elements")


def missing(what: str):
    return refused("NotFound", f"{what} does not exist", status=404)


def topic_missing():
    return missing("Topic")


def subscription_missing():
    return missing("Subscription")
