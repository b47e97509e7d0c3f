"""GetCallerIdentity, which SDKs and Terraform ask before anything else."""

import pytest

from support import clients
from support.raw import authorization
from support.world import members


@pytest.mark.parametrize("key, account", [("123456789012", "123456789012"), ("test", "000000000000")])
def test_access_key_is_the_account(server, key, account):
    answer = clients.client("sts", server.url, key).get_caller_identity()
    assert members(answer) == {"UserId", "Account", "Arn"}
    assert answer["Account"] == account
    assert answer["Arn"].startswith(f"arn:aws:iam::{account}:")
    assert answer["UserId"]


def signed(account):
    return {"Authorization": authorization(account, service="sts")}


def test_xml(raw):
    answer = raw.form(Action="GetCallerIdentity", Version="2011-06-15", headers=signed(raw.account))
    assert b'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"' in answer.body
    assert answer.xml().findtext("GetCallerIdentityResult/Account") == raw.account
    assert answer.xml().findtext("ResponseMetadata/RequestId")


def test_get(raw):
    answer = raw.get(Action="GetCallerIdentity", Version="2011-06-15", headers=signed(raw.account))
    assert answer.xml().findtext("GetCallerIdentityResult/Account") == raw.account
