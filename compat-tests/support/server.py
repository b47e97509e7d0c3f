"""One Fanlight process: started, found by the URL it prints, stopped."""

from __future__ import annotations

import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import urllib.request

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
START_DEADLINE_SECONDS = 30


def binary() -> pathlib.Path:
    """The program under test: FANLIGHT_BIN, else the newest build of this checkout."""
    named = os.environ.get("FANLIGHT_BIN")
    if named:
        return pathlib.Path(named).resolve()
    builds = [REPOSITORY / "target" / kind / "fanlight" for kind in ("release", "debug")]
    present = [build for build in builds if build.exists()]
    if not present:
        raise FileNotFoundError("set FANLIGHT_BIN, or build first: cargo build -p fanlight")
    return max(present, key=lambda build: build.stat().st_mtime)


class Server:
    def __init__(self, *flags: str):
        self.flags = flags
        self.log = tempfile.NamedTemporaryFile(prefix="fanlight-compat-", suffix=".log")
        self.process: subprocess.Popen | None = None
        self.url = ""
        self.stdout_lines: list[str] = []

    def start(self) -> "Server":
        # The caller's own FANLIGHT_ settings must not change what is tested.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FANLIGHT_")}
        self.process = subprocess.Popen(
            [str(binary()), "--listen", "127.0.0.1:0", *self.flags],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment,
        )
        watchdog = threading.Timer(START_DEADLINE_SECONDS, self.process.kill)
        watchdog.start()
        self.stdout_lines = []
        for line in self.process.stdout:
            self.stdout_lines.append(line.rstrip("\n"))
            if line.strip() == "Ready.":
                break
        watchdog.cancel()
        if not self.stdout_lines or self.stdout_lines[-1] != "Ready.":
            self.process.kill()
            raise RuntimeError(f"Fanlight did not start: {self.stdout_lines}\n{self.log_text()}")
        self.url = re.search(r"http://\S+", self.stdout_lines[0]).group(0).rstrip("/")
        # Nothing more is expected, but a full pipe must never block the server.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        return self

    def log_text(self) -> str:
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Sends the signal and gives the exit code (negative for a signal's own)."""
        self.process.send_signal(how)
        try:
            return self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def admin(self, method: str, path: str, body: dict | None = None):
        """An administrative call; the decoded JSON answer, or None when there is no body."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else None


class Clock:
    """Steers one server's time, so that no test sleeps."""

    def __init__(self, server: Server):
        self.server = server

    def freeze(self) -> None:
        self.server.admin("POST", "/_fanlight/clock", {"freeze": True})

    def advance(self, seconds: float) -> None:
        self.server.admin("POST", "/_fanlight/clock", {"advanceMs": round(seconds * 1000)})

    def set(self, milliseconds: int) -> None:
        """Stands still at this moment, in milliseconds since 1970."""
        self.server.admin("POST", "/_fanlight/clock", {"freeze": True, "setMs": milliseconds})

    def now_ms(self) -> int:
        return self.server.admin("GET", "/_fanlight/clock")["nowMs"]
