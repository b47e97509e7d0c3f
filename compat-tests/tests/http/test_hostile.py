"""Browsers, foreign hosts, oversized and broken requests: refused clearly, nothing changed, the next call works."""

import socket

import pytest

from support.raw import authorization

LIMIT = 8 * 1024 * 1024
FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "https://evil.example:4566"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
]


@pytest.fixture
def full(json_world):
    """A queue with one message, which must still be there at the end."""
    url = json_world.queue("orders")
    json_world.send(url, "precious")
    yield url
    assert json_world.bodies(url) == ["precious"]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_web_pages_cannot_drive_it(raw, full, headers):
    answer = raw.form(Action="PurgeQueue", QueueUrl=full, headers=headers)
    assert answer.status == 403, answer
    answer = raw.json_call("PurgeQueue", {"QueueUrl": full}, **headers)
    assert answer.status == 403, answer
    answer = raw.get(f"/{raw.account}/orders", Action="DeleteQueue", headers=headers)
    assert answer.status == 403, answer


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_web_pages_cannot_reset_it(raw, full, headers):
    answer = raw.request("POST", f"/_fanlight/reset?account={raw.account}", headers=headers)
    assert answer.status == 403


@pytest.mark.parametrize("host", [
    "evil.example", "evil.example:4566", "127.0.0.1.evil.example", "localhost.evil.example",
])
def test_foreign_hosts_are_refused(raw, full, host):
    answer = raw.form(Action="PurgeQueue", QueueUrl=full, headers={"Host": host})
    assert answer.status == 403, answer
    assert raw.request("GET", "/_fanlight/health", headers={"Host": host}).status == 403


@pytest.mark.parametrize("host", [
    "localhost", "localhost:4566", "127.0.0.1", "[::1]:4566", "sqs.us-east-1.localhost.localstack.cloud:4566",
])
def test_own_hosts_are_welcome(raw, full, host):
    assert raw.form(Action="ListQueues", headers={"Host": host}).status == 200


def exchange(raw, head: str, body: bytes = b"") -> bytes:
    """Writes bytes to a socket and reads until the server is done."""
    host, port = raw.address.split(":")
    with socket.create_connection((host, int(port)), timeout=15) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + body)
        read = b""
        while True:
            try:
                chunk = connection.recv(65536)
            except ConnectionResetError:
                break
            read += chunk
            if not chunk or b"\r\n\r\n" in read and b"Error" in read:
                break
        return read


@pytest.mark.parametrize("kind, target", [
    ("application/x-amz-json-1.0", "X-Amz-Target: AmazonSQS.SendMessage\n"), ("application/x-www-form-urlencoded", ""),
])
def test_declared_too_long(raw, full, kind, target):
    # Refused by what the header says, before the body is read.
    read = exchange(raw, (
        f"POST / HTTP/1.1\nHost: {raw.address}\nAuthorization: {authorization(raw.account)}\n{target}"
        f"Content-Type: {kind}\nContent-Length: {LIMIT + 1}\n\n"
    ))
    assert b" 413 " in read.split(b"\r\n")[0], read[:200]


def test_streamed_too_long(raw, full):
    host, port = raw.address.split(":")
    with socket.create_connection((host, int(port)), timeout=15) as connection:
        connection.sendall((
            f"POST / HTTP/1.1\r\nHost: {raw.address}\r\nX-Amz-Target: AmazonSQS.SendMessage\r\n"
            "Content-Type: application/x-amz-json-1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
        ).encode())
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        try:
            for _ in range(12):
                connection.sendall(chunk)
        except OSError:
            pass  # Hanging up on a sender that does not stop is an answer, too.
        try:
            first = connection.recv(4096)
        except OSError:
            first = b""
    assert first == b"" or b" 413 " in first.split(b"\r\n")[0]


@pytest.mark.parametrize("head", [
    "POST / HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 5\nContent-Length: 6\n\nhello",
    "POST / HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
    "POST / HTTP/1.1\nHost: 127.0.0.1\nContent-Length: -1\n\n",
    "GET / HTTP/1.1\nHost: 127.0.0.1\nHost: evil.example\n\n",
    "NONSENSE\n\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n",
], ids=["two-lengths", "length-and-chunks", "negative", "two-hosts", "no-http", "tls"])
def test_broken_framing(raw, full, head):
    host, port = raw.address.split(":")
    with socket.create_connection((host, int(port)), timeout=15) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)
        try:
            read = connection.recv(65536)
        except ConnectionResetError:
            read = b""
    assert read == b"" or read.startswith(b"HTTP/1.1 4"), read[:200]


def test_large_headers(raw, full):
    answer = exchange(raw, f"GET / HTTP/1.1\nHost: {raw.address}\nX-Big: {'x' * 200_000}\n\n")
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer[:200]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECTED"])
def test_other_methods(raw, full, method):
    answer = raw.request(method, f"/{raw.account}/orders?Action=PurgeQueue", "")
    assert 400 <= answer.status < 500, answer


@pytest.mark.parametrize("path", ["/no/such/path/at/all", "/%00", "/..%2f..%2fetc/passwd", "/?", "/_fanlight/nothing"])
def test_paths_that_lead_nowhere(raw, full, path):
    assert 400 <= raw.request("GET", path).status < 500


def test_full_sized_message_in_its_longest_form(json_world, raw):
    """A legal 1 MiB body is three times that as a form, and more when escaped as JSON."""
    url = json_world.queue()
    assert raw.form(Action="SendMessage", QueueUrl=url, MessageBody="ü" * (1 << 19)).status == 200
    answer = raw.json_call("SendMessage", '{"QueueUrl":"%s","MessageBody":"%s"}' % (url, r"\u0041" * (1 << 20)))
    assert answer.status == 200
    assert sorted(len(body.encode()) for body in json_world.bodies(url)) == [1 << 20, 1 << 20]
