"""The digest of message attributes, from the algorithm in the SQS Developer Guide ("Amazon SQS message metadata")."""

from __future__ import annotations

import hashlib


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def of_body(body: str) -> str:
    return hashlib.md5(body.encode()).hexdigest()


def of_attributes(attributes: dict[str, dict]) -> str:
    digest = hashlib.md5()
    for name in sorted(attributes):
        value = attributes[name]
        digest.update(_sized(name.encode()) + _sized(value["DataType"].encode()))
        if "BinaryValue" in value:
            digest.update(b"\x02" + _sized(bytes(value["BinaryValue"])))
        else:
            digest.update(b"\x01" + _sized(value["StringValue"].encode()))
    return digest.hexdigest()
