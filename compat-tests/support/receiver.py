"""An HTTP endpoint for SNS and EventBridge to call: it keeps what it is sent and answers as told."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import itertools
import json
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request

DEADLINE_SECONDS = 10
HELD_SECONDS = 30
_paths = itertools.count(1)


@dataclasses.dataclass
class Delivered:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("x-amz-sns-message-type", "")

    def text(self) -> str:
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


@dataclasses.dataclass
class Reply:
    """What to answer, and what to wait for before answering."""

    status: int = 200
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    body: bytes = b""
    after: threading.Event | None = None


class Receiver:
    """One endpoint. The replies it is told are used in turn; the last of them for all that follows."""

    def __init__(self):
        self.arrived = threading.Condition()
        self.requests: list[Delivered] = []
        self.replies: list[Reply] = [Reply()]
        self.connections: set[socket.socket] = set()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        # A path of its own: what an earlier test left behind may still call this port.
        self.path = f"/endpoint-{next(_paths)}"
        self.url = f"http://127.0.0.1:{self.server.server_port}{self.path}"
        # Found out quickly that it is to stop, so that stopping it costs a test nothing.
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answers(self, *replies: int | Reply) -> "Receiver":
        with self.arrived:
            self.replies = [reply if isinstance(reply, Reply) else Reply(reply) for reply in replies]
        return self

    def wait(self, count: int = 1, seconds: float = DEADLINE_SECONDS) -> list[Delivered]:
        """The first `count` requests, waiting for them."""
        with self.arrived:
            came = self.arrived.wait_for(lambda: len(self.requests) >= count, seconds)
            assert came, f"waited for {count} requests, {len(self.requests)} came"
            return self.requests[:count]

    def next(self, kind: str) -> Delivered:
        """Takes the first request of this message type out of the record, waiting for it."""
        def find():
            return next((found for found in self.requests if found.kind == kind), None)

        with self.arrived:
            assert self.arrived.wait_for(find, DEADLINE_SECONDS), f"no {kind}; came: {self.kinds()}"
            found = find()
            self.requests.remove(found)
            return found

    def kinds(self) -> list[str]:
        return [found.kind for found in self.requests]

    def close(self) -> None:
        """From now on, connections are refused, and those that were kept alive are dead."""
        self.server.shutdown()
        self.server.server_close()
        with self.arrived:
            for connection in self.connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _take(self, request: Delivered) -> Reply:
        with self.arrived:
            self.requests.append(request)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            self.arrived.notify_all()
            return reply

    def _handler(receiver):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                with receiver.arrived:
                    receiver.connections.add(self.connection)

            def finish(self):
                with receiver.arrived:
                    receiver.connections.discard(self.connection)
                with contextlib.suppress(OSError):
                    super().finish()

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                reply = Reply(404)
                if self.path.startswith(receiver.path):
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    reply = receiver._take(Delivered(self.command, self.path, headers, body))
                if reply.after:
                    reply.after.wait(HELD_SECONDS)
                try:
                    self._answer(reply)
                except OSError:
                    self.close_connection = True

            do_GET = do_HEAD = do_OPTIONS = do_PUT = do_PATCH = do_DELETE = do_POST

            def _answer(self, reply: Reply):
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *_):
                pass

        return Handler


def open_url(url: str) -> tuple[int, bytes]:
    """Opens a link as a person's browser would: a plain GET without credentials. Gives status and body."""
    assert urllib.parse.urlsplit(url).scheme in ("http", "https"), url
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()
