"""The command line: how it starts, says that it is ready, and ends."""

import concurrent.futures
import os
import re
import signal
import subprocess
import time

import pytest

from support.server import Server, binary
from support.world import World


def run(*arguments, **environment):
    return subprocess.run(
        [str(binary()), *arguments], capture_output=True, text=True, timeout=30,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("FANLIGHT_")}, **environment},
    )


@pytest.fixture
def own():
    """A server that this test may stop."""
    started = Server().start()
    yield started
    if started.process.poll() is None:
        started.stop(signal.SIGKILL)


def test_two_lines_on_stdout(own):
    assert re.search(r"http://127\.0\.0\.1:\d+", own.stdout_lines[0])
    assert own.stdout_lines[1:] == ["Ready."]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_ends_within_a_second_and_answers_open_polls(own, how):
    there = World(own, "123456789012")
    url = there.queue()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        poll = pool.submit(there.receive, url, WaitTimeSeconds=20)
        for _ in range(10):
            there.counts(url)
        started = time.monotonic()
        assert own.stop(how) == 0
        assert time.monotonic() - started < 1
        assert poll.result(timeout=5) == []


def test_health_command(own):
    assert run("health", "--endpoint", own.url).returncode == 0
    own.stop()
    assert run("health", "--endpoint", own.url).returncode != 0


def test_env_command():
    answer = run("env")
    assert answer.returncode == 0
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        assert re.search(rf"export {name}=", answer.stdout)


def test_bad_flags_are_explained():
    for arguments in (["--no-such-flag"], ["serve", "--listen", "nowhere"], ["--durability", "perhaps"]):
        answer = run(*arguments)
        assert answer.returncode != 0 and answer.stderr.strip()
        assert "panicked" not in answer.stderr


def test_port_in_use_is_explained(own):
    answer = run("--listen", own.url.removeprefix("http://"))
    assert answer.returncode != 0
    assert "panicked" not in answer.stderr and answer.stderr.strip()


def test_reset_of_everything(own):
    for account in ("123456789012", "210987654321"):
        there = World(own, account)
        there.send(there.queue("orders"))
    own.admin("POST", "/_fanlight/reset")
    for account in ("123456789012", "210987654321"):
        assert "QueueUrls" not in World(own, account).sqs.list_queues()


def test_region_and_account_flags():
    started = Server("--account", "111122223333", "--region", "eu-north-1").start()
    try:
        there = World(started, "test", region="eu-north-1")
        url = there.queue("orders")
        assert url == f"{started.url}/111122223333/orders"
        assert there.attributes(url, "QueueArn")["QueueArn"] == "arn:aws:sqs:eu-north-1:111122223333:orders"
    finally:
        started.stop()


def test_flags_have_environment_variables():
    answer = run("serve", FANLIGHT_DURABILITY="perhaps")
    assert answer.returncode != 0 and "perhaps" in answer.stderr


def test_empty_variables_are_none():
    assert run("env", FANLIGHT_LISTEN="", FANLIGHT_ACCOUNT="", FANLIGHT_CONFIG="", FANLIGHT_ENDPOINT="").returncode == 0


@pytest.mark.parametrize("variable", ["FANLIGHT_LISTEN", "GATEWAY_LISTEN"])
def test_env_and_health_look_where_it_listens(own, variable):
    address = own.url.removeprefix("http://")
    assert f"AWS_ENDPOINT_URL='{own.url}'" in run("env", **{variable: address}).stdout
    assert run("health", **{variable: address}).returncode == 0


@pytest.mark.parametrize(("file", "words"), [
    ("[server]\nallow_origins = ['example.com']", "is not an origin"),
    ("[server]\nhosts = ['bad host!']", "is not a host"),
    ("[server]\nworkers = 100000", "workers is from 1 to 64"),
    ("[limits.sqs]\nbatch_bytes = 0", "batch_bytes"),
    ("[[credentials]]\naccess_key = 'a'\nsecret_key = ''", "is empty"),
    ("[[credentials]]\naccess_key = 'a'\nsecret_key = 's'\naccount = '12'", "twelve digits"),
])
def test_what_cannot_work_is_refused_at_start(tmp_path, file, words):
    config = tmp_path / "fanlight.toml"
    config.write_text(file)
    answer = run("--listen", "127.0.0.1:0", "--config", str(config))
    assert answer.returncode == 2 and words in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
