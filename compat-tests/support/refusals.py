"""How a test says that the server refuses: code, sentence, status, and the envelope around them."""

from __future__ import annotations

import contextlib
import re

import botocore.exceptions
import pytest

# The query code and, where it is not the same word, the shape that the JSON protocol names in `__type`.
SHAPES = {
    "AccessDenied": "AccessDeniedException",
    "InvalidParameterValue": "InvalidParameterValueException",
    "MissingParameter": "MissingRequiredParameterException",
    "QueueAlreadyExists": "QueueNameExists",
    "AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist",
}


@contextlib.contextmanager
def refused(code: str, message: str | re.Pattern | None = None, status: int = 400):
    """The block must be refused with this code, in the right envelope of whichever protocol carried it."""
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
    assert error["Type"] == "Sender", error
    assert metadata.get("RequestId"), "every answer names its request"
    if metadata["HTTPHeaders"]["content-type"].startswith("application/x-amz-json-1.0"):
        shape = SHAPES.get(code, code.removeprefix("AWS.SimpleQueueService."))
        assert error["QueryErrorCode"] == shape, error
    else:
        assert metadata["HTTPHeaders"]["content-type"].startswith("text/xml")
        assert "Detail" in error and error["Detail"] is None, "AWS sends an empty <Detail/>"


def nonexistent_queue(protocol: str):
    """The one sentence that differs between the protocols."""
    ending = " for this wsdl version." if protocol == "query" else "."
    return refused("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist" + ending)


def missing(parameter: str):
    return refused("MissingParameter", f"The request must contain the parameter {parameter}.")


def invalid(value, parameter: str, reason: str | re.Pattern | None = None):
    if isinstance(reason, re.Pattern):
        pattern = f"Value {re.escape(str(value))} for parameter {parameter} is invalid. Reason: .*{reason.pattern}"
        return refused("InvalidParameterValue", re.compile(pattern))
    return refused("InvalidParameterValue", f"Value {value} for parameter {parameter} is invalid. Reason: {reason}")
