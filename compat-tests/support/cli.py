"""The two AWS CLIs: v1 from PyPI (JSON) and v2 from Debian (query/XML)."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys

from support.server import REPOSITORY


def program(version: str) -> list[str] | None:
    """How to start that CLI, or None where it is not installed."""
    if version == "v1":
        beside = pathlib.Path(sys.executable).parent / "aws"
        return [str(beside)] if beside.exists() else None
    unpacked = REPOSITORY / ".tools" / "bin" / "aws2"
    named = os.environ.get("FANLIGHT_AWS_CLI_V2") or (str(unpacked) if unpacked.exists() else None)
    return [named] if named and shutil.which(named) else None


class Refused(Exception):
    """The CLI ended with an error; its text is the message."""


class Cli:
    def __init__(self, version: str, endpoint: str, account: str):
        self.version = version
        self.command = program(version) + ["--endpoint-url", endpoint, "--output", "json", "--no-cli-pager"]
        if version == "v1":
            self.command.remove("--no-cli-pager")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PYTHON"))}
        self.environment = {
            **kept,
            "AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true", "PYTHONWARNINGS": "ignore",
        }

    def __call__(self, *arguments: str) -> dict | None:
        """Runs one command; the decoded answer, or None when the CLI prints nothing."""
        ended = subprocess.run(
            [*self.command, *arguments], capture_output=True, text=True, timeout=60, env=self.environment
        )
        if ended.returncode != 0:
            raise Refused(ended.stderr.strip())
        return json.loads(ended.stdout) if ended.stdout.strip() else None

    def sqs(self, *arguments: str) -> dict | None:
        return self("sqs", *arguments)

    def sns(self, *arguments: str) -> dict | None:
        return self("sns", *arguments)

    def events(self, *arguments: str) -> dict | None:
        return self("events", *arguments)
