"""Platform applications."""

import pytest

from support.sns_refusals import invalid, missing, not_an_arn, refused
from support.world import members

PAIR = {"PlatformPrincipal": "principal", "PlatformCredential": "credential"}
NO_ATTRIBUTES = (
    "1 validation error detected: Value null at 'attributes' failed to satisfy constraint: Member must not be null"
)


def application(sns, name="app", platform="ADM", **attributes) -> str:
    return sns.sns.create_platform_application(
        Name=name, Platform=platform, Attributes=attributes or PAIR
    )["PlatformApplicationArn"]


def shown(sns, arn) -> dict:
    return sns.sns.get_platform_application_attributes(PlatformApplicationArn=arn)["Attributes"]


@pytest.mark.parametrize("platform", ["ADM", "APNS", "APNS_SANDBOX", "BAIDU", "GCM", "MPNS", "WNS"])
def test_its_arn_names_platform_and_name(sns, platform):
    """Recorded: test_create_platform_application."""
    assert application(sns, "app", platform) == f"arn:aws:sns:us-east-1:{sns.account}:app/{platform}/app"


def test_it_is_listed_without_its_secrets(sns):
    """Recorded: test_list_platform_applications."""
    arn = application(sns)
    answer = sns.sns.list_platform_applications()
    assert members(answer) == {"PlatformApplications"}
    assert answer["PlatformApplications"] == [{"PlatformApplicationArn": arn, "Attributes": {"Enabled": "true"}}]


def test_none_are_an_empty_list(sns):
    assert sns.sns.list_platform_applications()["PlatformApplications"] == []


def test_made_again_it_is_the_same(sns):
    assert application(sns) == application(sns)


def test_attributes_are_needed(sns):
    """Recorded: test_create_platform_application_invalid_attributes."""
    with refused("ValidationError", NO_ATTRIBUTES):
        sns.sns.create_platform_application(Name="app", Platform="ADM", Attributes={})


@pytest.mark.parametrize("given, lacking", [
    ("PlatformPrincipal", "PlatformCredential"), ("PlatformCredential", "PlatformPrincipal"),
])
def test_one_of_the_pair_needs_the_other(sns, given, lacking):
    """Recorded: test_create_platform_application_invalid_attributes."""
    with invalid(f"Attributes Reason: {given} attribute provided without {lacking}"):
        application(sns, **{given: "x"})


def test_unknown_platform(sns):
    """Recorded: test_create_platform_application_invalid_platform."""
    with invalid("Platform Reason: AAA is not supported"):
        application(sns, platform="AAA")


def test_what_is_set_is_shown_but_no_secret(sns, topic):
    arn = application(sns)
    answer = sns.sns.set_platform_application_attributes(
        PlatformApplicationArn=arn, Attributes={"EventEndpointCreated": topic, "PlatformCredential": "new"}
    )
    assert members(answer) == set()
    assert shown(sns, arn) == {"Enabled": "true", "EventEndpointCreated": topic}


def test_unknown_application(sns):
    """Recorded: test_get_platform_application_attributes_non_existing_app."""
    nothing = f"arn:aws:sns:us-east-1:{sns.account}:app/ADM/nothing"
    with missing("PlatformApplication"):
        shown(sns, nothing)
    with missing("PlatformApplication"):
        sns.sns.set_platform_application_attributes(PlatformApplicationArn=nothing, Attributes={"Enabled": "false"})
    with missing("PlatformApplication"):
        sns.sns.list_endpoints_by_platform_application(PlatformApplicationArn=nothing)


def test_the_arn_is_looked_at_before_the_attributes(sns):
    """Recorded: test_set_platform_application_attributes_invalid_arn."""
    with not_an_arn("PlatformApplicationArn"):
        sns.sns.set_platform_application_attributes(PlatformApplicationArn="app", Attributes={"Colour": "blue"})


def test_deleting_twice_is_no_error(sns):
    arn = application(sns)
    for _ in range(2):
        assert members(sns.sns.delete_platform_application(PlatformApplicationArn=arn)) == set()
    assert sns.sns.list_platform_applications()["PlatformApplications"] == []
