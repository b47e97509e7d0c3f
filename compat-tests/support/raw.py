"""Plain HTTP, for what no SDK would send."""

from __future__ import annotations

import dataclasses
import http.client
import json
import urllib.parse
import xml.etree.ElementTree as ElementTree


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)

    def xml(self) -> ElementTree.Element:
        """The document with the namespace taken off its names."""
        root = ElementTree.fromstring(self.body)
        for element in root.iter():
            element.tag = element.tag.rsplit("}", 1)[-1]
        return root


def authorization(account: str, region: str = "us-east-1", service: str = "sqs") -> str:
    """The shape of a signature, which is enough to say account and region where nothing verifies it."""
    return (
        f"AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/{service}/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
    )


class Raw:
    service = "sqs"
    version = "2012-11-05"

    def __init__(self, url: str, account: str, region: str = "us-east-1"):
        self.address = urllib.parse.urlsplit(url).netloc
        self.account = account
        self.region = region

    def request(self, method: str, path: str, body: bytes | str | None = None, headers: dict | None = None) -> Answer:
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            sent = {"Authorization": authorization(self.account, self.region, self.service), **(headers or {})}
            data = body.encode() if isinstance(body, str) else body
            connection.request(method, path, data, {k: v for k, v in sent.items() if v is not None})
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()

    def json_call(self, operation: str, body, **headers) -> Answer:
        """An AWS JSON 1.0 call; `body` may be anything, readable or not."""
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.request("POST", "/", data, {
            "X-Amz-Target": f"AmazonSQS.{operation}", "Content-Type": "application/x-amz-json-1.0", **headers,
        })

    def form(self, path: str = "/", headers: dict | None = None, **fields) -> Answer:
        """An AWS query call as a form."""
        data = urllib.parse.urlencode({"Version": self.version, **fields})
        return self.request("POST", path, data, {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8", **(headers or {}),
        })

    def get(self, path: str = "/", headers: dict | None = None, **fields) -> Answer:
        query = urllib.parse.urlencode(fields)
        return self.request("GET", f"{path}?{query}" if query else path, headers=headers)


class SnsRaw(Raw):
    service = "sns"
    version = "2010-03-31"


class EventsRaw(Raw):
    service = "events"

    def json_call(self, operation: str, body, **headers) -> Answer:
        """An AWS JSON 1.1 call; `body` may be anything, readable or not."""
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.request("POST", "/", data, {
            "X-Amz-Target": f"AWSEvents.{operation}", "Content-Type": "application/x-amz-json-1.1", **headers,
        })


def assert_json_error(answer: Answer, shape: str, status: int = 400, version: str = "1.0") -> str:
    """The envelope of AWS JSON; gives the sentence."""
    assert answer.status == status, answer
    assert answer.headers["content-type"] == f"application/x-amz-json-{version}"
    assert answer.headers["x-amzn-requestid"]
    document = answer.json()
    assert document["__type"].rsplit("#", 1)[-1] == shape, document
    return document.get("message", document.get("Message", ""))


def assert_xml_error(answer: Answer, code: str, status: int = 400) -> str:
    """The envelope of AWS query; gives the sentence."""
    assert answer.status == status, answer
    assert answer.headers["content-type"].startswith("text/xml")
    root = answer.xml()
    assert root.tag == "ErrorResponse"
    assert root.findtext("Error/Code") == code, answer.body
    assert root.findtext("Error/Type") == "Sender"
    assert root.find("Error/Detail") is not None
    assert root.findtext("RequestId")
    return root.findtext("Error/Message")
