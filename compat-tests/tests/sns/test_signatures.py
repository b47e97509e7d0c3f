"""Signatures, checked by the validators that people use and by the documentation."""

import json
import urllib.error
import urllib.request

import pytest

from support import validators
from support.server import Server
from support.sns_world import SnsWorld, text

VERSIONS = pytest.mark.parametrize("version", ["1", "2"])
MESSAGES = {
    "plain": ("hello", {}),
    "subject": ("hello", {"Subject": "News & more"}),
    "unicode": ("grüße 🎈 <&> \"quoted\" \\ back", {"Subject": "for you"}),
    "lines": ("one\r\ntwo\n\nMessageId\nthree\n", {}),
    "attributes": ("hello", {"MessageAttributes": {"k": text("v")}}),
    "large": ("x" * 200_000, {}),
}


def notification(sns, version: str, message="hello", **more) -> dict:
    topic = sns.topic(SignatureVersion=version)
    listener = sns.listen(topic)
    sns.publish(topic, message, **more)
    return listener.envelope()


@pytest.fixture
def three_kinds(sns, receiver):
    """A function that gives one message of each type in a signature version."""

    def make(version: str) -> dict[str, dict]:
        topic = sns.topic(SignatureVersion=version)
        arn = sns.subscribe(topic, "http", receiver.url)
        asked = receiver.next("SubscriptionConfirmation").json()
        sns.sns.confirm_subscription(TopicArn=topic, Token=asked["Token"])
        sns.publish(topic)
        told = receiver.next("Notification").json()
        sns.sns.unsubscribe(SubscriptionArn=arn)
        return {"asked": asked, "told": told, "goodbye": receiver.next("UnsubscribeConfirmation").json()}

    return make


@VERSIONS
@pytest.mark.parametrize("which", MESSAGES)
def test_notifications(sns, version, which):
    message, more = MESSAGES[which]
    envelope = notification(sns, version, message, **more)
    assert envelope["SignatureVersion"] == version
    assert validators.documented(sns.server.url, envelope)
    assert validators.npm(sns.server.url, [envelope]) == [None]
    if version == "1":
        assert validators.pypi(sns.server.url, envelope) is None


@VERSIONS
def test_all_three_kinds_by_the_documentation(sns, three_kinds, version):
    for kind, message in three_kinds(version).items():
        assert message["SignatureVersion"] == version
        assert validators.documented(sns.server.url, message), kind


@VERSIONS
def test_questions_and_notifications_by_npm(sns, three_kinds, version):
    """It knows no Token in an UnsubscribeConfirmation, so it refuses the real ones, too."""
    kinds = three_kinds(version)
    assert validators.npm(sns.server.url, [kinds["asked"], kinds["told"]]) == [None, None]


def test_all_three_kinds_by_pypi(sns, three_kinds):
    """It knows version 1 only."""
    for kind, message in three_kinds("1").items():
        assert validators.pypi(sns.server.url, message) is None, kind


@VERSIONS
def test_one_changed_character_is_noticed_by_npm(sns, version):
    envelope = notification(sns, version, "grüße", Subject="News")
    changed = validators.mutations(envelope)
    assert len(changed) > 400
    told = validators.npm(sns.server.url, changed)
    assert set(told) == {"The message signature is invalid."}


def test_one_changed_character_is_noticed_by_pypi(sns, three_kinds):
    for message in three_kinds("1").values():
        for changed in validators.mutations(message):
            assert validators.pypi(sns.server.url, changed) == "Invalid signature.", changed


def test_the_versions_are_not_interchangeable(sns):
    envelopes = [notification(sns, version) for version in ("1", "2")]
    swapped = [{**envelope, "SignatureVersion": other} for envelope, other in zip(envelopes, ("2", "1"))]
    assert validators.npm(sns.server.url, swapped) == ["The message signature is invalid."] * 2


def test_the_certificate_is_a_page_on_any_path(sns):
    name = notification(sns, "1")["SigningCertURL"].rsplit("/", 1)[1]
    pages = []
    for path in ("/", "/_aws/sns/", "/anything/else/"):
        with urllib.request.urlopen(sns.server.url + path + name, timeout=10) as answer:
            assert answer.status == 200
            pages.append(answer.read())
    assert pages[0].startswith(b"-----BEGIN CERTIFICATE-----") and len(set(pages)) == 1


def test_another_certificate_is_not_there(sns):
    name = f"SimpleNotificationService-{'0' * 32}.pem"
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{sns.server.url}/{name}", timeout=10)
    assert refusal.value.code in (403, 404)


# -- where the certificate is said to be ----------------------------------------------------------


@pytest.fixture
def configured(tmp_path, account):
    """A function that starts a server with this sns.cert_url."""
    servers = []

    def start(cert_url: str) -> SnsWorld:
        file = tmp_path / "fanlight.toml"
        file.write_text(f'[sns]\ncert_url = "{cert_url}"\n')
        servers.append(Server("--config", str(file)).start())
        return SnsWorld(servers[-1], account)

    yield start
    for server in servers:
        server.stop()


def test_local_is_the_server_itself(configured):
    """A validator that is told the host pattern, and no more, is satisfied."""
    sns = configured("local")
    envelope = notification(sns, "1")
    assert envelope["SigningCertURL"].startswith(sns.server.url + "/")
    assert validators.pypi(sns.server.url, envelope, pattern="^http://127[.]0[.]0[.]1:") is None
    assert validators.pypi(sns.server.url, envelope) == "Invalid certificate URL."


def test_a_host_of_ones_own(configured):
    sns = configured("certificates.example.com")
    envelope = notification(sns, "2")
    assert envelope["SigningCertURL"].startswith("https://certificates.example.com/")
    assert validators.npm(sns.server.url, [envelope], pattern="^certificates[.]example[.]com$") == [None]
    assert validators.npm(sns.server.url, [envelope]) == ["The certificate is located on an invalid domain."]


def test_it_verifies_after_a_restart(tmp_path, account):
    first = Server("--data", str(tmp_path)).start()
    sns = SnsWorld(first, account)
    topic = sns.topic()
    sns.subscribe(topic, "sqs", sns.arn(sns.queue("orders")))
    sns.publish(topic, "before")
    first.stop()
    second = Server("--data", str(tmp_path)).start()
    try:
        again = SnsWorld(second, account)
        again.publish(topic, "after")
        envelopes = [json.loads(body) for body in again.bodies("orders")]
        assert sorted(envelope["Message"] for envelope in envelopes) == ["after", "before"]
        assert all(validators.documented(second.url, envelope) for envelope in envelopes)
    finally:
        second.stop()
