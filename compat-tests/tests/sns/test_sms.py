"""SMS: settings of an account, numbers that opted out, the sandbox, and publishing to a phone."""

import json
import re

import pytest

from support.sns_refusals import invalid, refused
from support.sns_world import text
from support.world import members

NUMBER = "+15551234567"


def settings(sns, *names) -> dict:
    return sns.sns.get_sms_attributes(**({"attributes": list(names)} if names else {}))["attributes"]


def test_a_fresh_region_has_one_setting(sns):
    """Recorded: test_get_sms_attributes_from_unmodified_region."""
    assert settings(sns) == {"MonthlySpendLimit": "1"}


def test_settings_are_added(sns):
    assert members(sns.sns.set_sms_attributes(attributes={"DefaultSMSType": "Transactional"})) == set()
    sns.sns.set_sms_attributes(attributes={"DefaultSenderID": "Shop"})
    everything = {"MonthlySpendLimit": "1", "DefaultSMSType": "Transactional", "DefaultSenderID": "Shop"}
    assert settings(sns) == everything
    assert settings(sns, "DefaultSenderID") == {"DefaultSenderID": "Shop"}


def test_settings_belong_to_a_region(sns):
    sns.sns.set_sms_attributes(attributes={"DefaultSenderID": "Shop"})
    assert settings(sns.in_region("eu-west-1")) == {"MonthlySpendLimit": "1"}


@pytest.mark.parametrize("wrong", [{"Colour": "blue"}, {"DefaultSMSType": "Urgent"}, {"MonthlySpendLimit": "much"}])
def test_settings_are_checked(sns, wrong):
    with refused("InvalidParameter"):
        sns.sns.set_sms_attributes(attributes=wrong)


def test_publish_to_a_phone(sns):
    answer = sns.sns.publish(PhoneNumber=NUMBER, Message="your code is 17", MessageAttributes={"k": text("v")})
    assert members(answer) == {"MessageId"}
    letter = sns.outbox.letter("sms")
    assert (letter["to"], letter["message"]) == (NUMBER, "your code is 17")
    assert letter["messageId"] == answer["MessageId"]
    assert not letter.get("topicArn")


def test_a_topic_writes_to_phones(sns, topic):
    subscription = sns.subscribe(topic, "sms", NUMBER)
    sns.publish(topic, "hello")
    letter = sns.outbox.letter("sms")
    assert (letter["to"], letter["topicArn"], letter["subscriptionArn"]) == (NUMBER, topic, subscription)


@pytest.mark.parametrize("number", ["NAA+15551234567", "phone"])
def test_not_every_number_is_a_phone(sns, number):
    """Recorded: test_publish_wrong_phone_format."""
    with invalid(f"PhoneNumber Reason: {number} is not valid to publish to"):
        sns.sns.publish(PhoneNumber=number, Message="hello")


def test_structure_holds_for_phones(sns):
    message = json.dumps({"default": "for all", "sms": "for phones"})
    sns.sns.publish(PhoneNumber=NUMBER, Message=message, MessageStructure="json")
    assert sns.outbox.letter("sms")["message"] == "for phones"


# -- opting out -----------------------------------------------------------------------------------


def opted_out(sns, number: str) -> bool:
    return sns.sns.check_if_phone_number_is_opted_out(phoneNumber=number)["isOptedOut"]


def opt_out(sns, number: str):
    """What a STOP from that phone does; LocalStack has the same path."""
    body = {"accountId": sns.account, "region": sns.region, "phoneNumber": number}
    sns.server.admin("POST", "/_aws/sns/phone-opt-outs", body)


def test_nobody_opted_out(sns):
    assert opted_out(sns, NUMBER) is False
    answer = sns.sns.list_phone_numbers_opted_out()
    assert members(answer) == {"phoneNumbers"}
    assert answer["phoneNumbers"] == []


def test_opting_in_without_having_opted_out(sns):
    """Recorded: test_opt_in_non_existing_phone_number."""
    answer = sns.sns.opt_in_phone_number(phoneNumber=NUMBER)
    assert members(answer) == set()


def test_a_phone_opts_out_and_in_again(sns):
    opt_out(sns, NUMBER)
    assert opted_out(sns, NUMBER) is True
    assert sns.sns.list_phone_numbers_opted_out()["phoneNumbers"] == [NUMBER]
    sns.sns.opt_in_phone_number(phoneNumber=NUMBER)
    assert opted_out(sns, NUMBER) is False


def test_who_opted_out_gets_nothing(sns, topic):
    sns.subscribe(topic, "sms", NUMBER)
    opt_out(sns, NUMBER)
    sns.publish(topic)
    assert sns.outbox.letters("sms") == []


# -- the sandbox ----------------------------------------------------------------------------------


def sandboxed(sns) -> list[dict]:
    return sns.sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"]


def test_the_account_says_where_it_is(sns):
    answer = sns.sns.get_sms_sandbox_account_status()
    assert members(answer) == {"IsInSandbox"}
    assert isinstance(answer["IsInSandbox"], bool)


def test_a_number_waits_for_its_code(sns):
    assert sandboxed(sns) == []
    assert members(sns.sns.create_sms_sandbox_phone_number(PhoneNumber=NUMBER)) == set()
    assert sandboxed(sns) == [{"PhoneNumber": NUMBER, "Status": "Pending"}]


def test_the_code_that_was_sent_verifies(sns):
    sns.sns.create_sms_sandbox_phone_number(PhoneNumber=NUMBER, LanguageCode="de-DE")
    code = re.search(r"\b\d{5,8}\b", sns.outbox.letter("sms", NUMBER)["message"]).group()
    assert members(sns.sns.verify_sms_sandbox_phone_number(PhoneNumber=NUMBER, OneTimePassword=code)) == set()
    assert sandboxed(sns) == [{"PhoneNumber": NUMBER, "Status": "Verified"}]


def test_another_code_does_not(sns):
    sns.sns.create_sms_sandbox_phone_number(PhoneNumber=NUMBER)
    code = re.search(r"\b\d{5,8}\b", sns.outbox.letter("sms", NUMBER)["message"]).group()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    with refused("VerificationException"):
        sns.sns.verify_sms_sandbox_phone_number(PhoneNumber=NUMBER, OneTimePassword=wrong)
    assert sandboxed(sns) == [{"PhoneNumber": NUMBER, "Status": "Pending"}]


def test_a_number_can_be_taken_out(sns):
    sns.sns.create_sms_sandbox_phone_number(PhoneNumber=NUMBER)
    assert members(sns.sns.delete_sms_sandbox_phone_number(PhoneNumber=NUMBER)) == set()
    assert sandboxed(sns) == []


@pytest.mark.parametrize("call", [
    lambda sns: sns.delete_sms_sandbox_phone_number(PhoneNumber=NUMBER),
    lambda sns: sns.verify_sms_sandbox_phone_number(PhoneNumber=NUMBER, OneTimePassword="123456"),
], ids=["delete", "verify"])
def test_unknown_number(sns, call):
    with refused("ResourceNotFound", status=404):
        call(sns.sns)


def test_numbers_come_in_pages(sns):
    numbers = [f"+1555000000{n}" for n in range(3)]
    for number in numbers:
        sns.sns.create_sms_sandbox_phone_number(PhoneNumber=number)
    first = sns.sns.list_sms_sandbox_phone_numbers(MaxResults=2)
    second = sns.sns.list_sms_sandbox_phone_numbers(MaxResults=2, NextToken=first["NextToken"])
    assert "NextToken" not in second
    found = [one["PhoneNumber"] for page in (first, second) for one in page["PhoneNumbers"]]
    assert sorted(found) == numbers


def test_an_account_has_no_numbers_of_its_own(sns):
    answer = sns.sns.list_origination_numbers()
    assert members(answer) == {"PhoneNumbers"}
    assert answer["PhoneNumbers"] == []
