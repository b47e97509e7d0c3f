"""The validators that people use: npm's sns-validator and PyPI's sns-message-validator, as they are published.

Both fetch the certificate from the URL in the message, which names Amazon's host by default. Here that host is mapped
to Fanlight, as an entry in /etc/hosts would: the path is asked for at `base`. Nothing else about them is changed.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import shutil
import subprocess
import unittest.mock
import urllib.parse
import urllib.request

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from support.server import REPOSITORY

PACKAGES = REPOSITORY / ".tools" / "js"
AMAZON = r"^https://sns\.[-a-z0-9]+\.amazonaws\.com/"
SIGNED = {
    "Notification": ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
    "SubscriptionConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
    "UnsubscribeConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
}
SCRIPT = """
const http = require('http'), https = require('https'), Validator = require('sns-validator');
const { base, pattern, messages } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
https.get = (url, done) => http.get(base + new URL(url).pathname, done);
const validator = pattern ? new Validator(new RegExp(pattern)) : new Validator();
const check = message => new Promise(told => validator.validate(message, error => told(error ? error.message : null)));
(async () => {
    const told = [];
    for (const message of messages) told.push(await check(message));
    console.log(JSON.stringify(told));
})();
"""


@functools.cache
def certificate(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def mapped(base: str, url: str) -> str:
    """Where the certificate is asked for when its host is mapped to `base`."""
    return base + urllib.parse.urlsplit(url).path


def npm(base: str, messages: list[dict | str], pattern: str | None = None) -> list[str | None]:
    """What sns-validator has against each message; None where it is satisfied. `pattern` is its host pattern."""
    if not shutil.which("node") or not PACKAGES.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("sns-validator is missing; run scripts/install-test-tools")
        pytest.skip("sns-validator is not installed; run scripts/install-test-tools")
    asked = json.dumps({"base": base, "pattern": pattern, "messages": messages})
    ended = subprocess.run(
        ["node", "-e", SCRIPT], input=asked, capture_output=True, text=True, timeout=60, cwd=PACKAGES
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def pypi(base: str, message: dict, pattern: str = AMAZON) -> str | None:
    """What sns-message-validator has against it. It knows SignatureVersion 1 only."""
    from sns_message_validator import SNSMessageValidator

    def get(url):
        answer = unittest.mock.Mock()
        answer.content = certificate(mapped(base, url))
        return answer

    with unittest.mock.patch("requests.get", get):
        try:
            SNSMessageValidator(cert_url_regex=pattern).validate_message(message)
        except Exception as refusal:
            return str(refusal) or type(refusal).__name__
    return None


def documented(base: str, message: dict) -> bool:
    """Whether the signature is right by the documentation ("Verifying the signatures of Amazon SNS messages")."""
    names = [name for name in SIGNED[message["Type"]] if name in message]
    told = "".join(f"{name}\n{message[name]}\n" for name in names).encode()
    digest = {"1": hashes.SHA1, "2": hashes.SHA256}[message["SignatureVersion"]]()
    pem = x509.load_pem_x509_certificate(certificate(mapped(base, message["SigningCertURL"])))
    try:
        pem.public_key().verify(base64.b64decode(message["Signature"]), told, padding.PKCS1v15(), digest)
    except InvalidSignature:
        return False
    return True


def mutations(message: dict) -> list[dict]:
    """The message with one character changed, for each character of each signed member, and of the signature."""
    changed = []
    for name in [*SIGNED[message["Type"]], "Signature"]:
        value = message.get(name, "")
        for at, character in enumerate(value):
            # The last characters of the signature are padding and bits that decode to nothing.
            if name == "Signature" and at > len(value) - 4 or name == "Type":
                continue
            other = "A" if character != "A" else "B"
            changed.append({**message, name: value[:at] + other + value[at + 1:]})
    return changed
