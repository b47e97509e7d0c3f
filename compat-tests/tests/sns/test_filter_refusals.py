"""Filter policies that are refused, in AWS's words.

The whole recorded corpus is in test_filter_corpus.py; here stands what the rules are.
"""

import json
import re

import pytest

from support.sns_refusals import invalid, refused

NUMERIC = [
    ('[]', "Invalid member in numeric match: ]"),
    ('["operator"]', "Unrecognized numeric range operator: operator"),
    ('[1, "<="]', "Invalid member in numeric match: 1"),
    ('["=", "000"]', "Value of equals must be numeric"),
    ('[">="]', "Value of >= must be numeric"),
    ('["<", 100, ">", 10]', "Too many elements in numeric expression"),
    ('[">=", 1, ">", 2]', "Bad numeric range operator: >"),
    ('[">", 3, "<", 1]', "Bottom must be less than top"),
    ('[">", 20, 30]', "Bad value in numeric range: 30"),
    ('[">", 20, "<", 30, "<", 50]', "Too many terms in numeric range expression"),
]
OTHERS = [
    ('{"key": [{"wrong-operator": true}]}', "Unrecognized match type wrong-operator"),
    ('{"key": [{"suffix": "a", "prefix": "b"}]}', "Only one key allowed in match expression"),
    ('{"key": [{"suffix": 100}]}', "suffix match pattern must be a string"),
    ('{"key": [{"prefix": 100}]}', "prefix match pattern must be a string"),
    ('{"key": [{"exists": "no"}]}', "exists match pattern must be either true or false."),
    ('{"key": "value"}', '"key" must be an object or an array'),
    ('{"key": []}', "Empty arrays are not allowed"),
    ('{"key": [{"anything-but": {"prefix": false}}]}', "prefix match pattern must be a string"),
    ('{"key": [{"anything-but": {"suffix": "a"}}]}', "Unsupported anything-but pattern: suffix"),
]
WITHOUT_POSITION = [
    ('{"key": [{"cidr": "bad-filter"}]}', "Malformed CIDR, one '/' required"),
    ('{"key": [{"cidr": "bad-/64filter"}]}', "Malformed CIDR, mask bits must be an integer"),
    ('{"key": [{"cidr": "xx.11.xx/8"}]}', "Nonstandard IP address: xx.11.xx"),
]


def refusal(sns, topic, policy: str, reason: str):
    """Refused for this reason, with where in the policy."""
    told = re.escape(f'Invalid parameter: Attributes Reason: FilterPolicy: {reason}\n at [Source: (String)"{policy}"; ')
    with refused("InvalidParameter", re.compile(f"^{told}line: 1, column: \\d+\\]")):
        sns.listen(topic, FilterPolicy=policy)


@pytest.mark.parametrize("range, reason", NUMERIC)
def test_numeric_ranges(sns, topic, range, reason):
    """Recorded: test_validate_policy_numeric_operator."""
    refusal(sns, topic, f'{{"key": [{{"numeric": {range}}}]}}', reason)


@pytest.mark.parametrize("policy, reason", OTHERS)
def test_other_operators(sns, topic, policy, reason):
    """Recorded: test_validate_policy and its kin for string, exists and nested anything-but operators."""
    refusal(sns, topic, policy, reason)


@pytest.mark.parametrize("policy, reason", WITHOUT_POSITION)
def test_addresses(sns, topic, policy, reason):
    """Recorded: test_validate_policy_string_operators."""
    with invalid(f"Attributes Reason: FilterPolicy: {reason}"):
        sns.listen(topic, FilterPolicy=policy)


def test_setting_leaves_the_reason_out(sns, topic):
    """Recorded: test_sub_filter_policy_nested_property_constraints."""
    policy = '{"key_a":"value_one"}'
    where = f' at [Source: (String)"{policy}"; line: 1, column: 11]'
    with invalid(f'FilterPolicy: "key_a" must be an object or an array\n{where}'):
        sns.set_subscription(sns.listen(topic).arn, "FilterPolicy", policy)


def test_attributes_have_no_depth(sns, topic):
    """Recorded: test_sub_filter_policy_nested_property."""
    words = "Filter policy scope MessageAttributes does not support nested filter policy"
    nested = {"object": {"key": ["value"]}}
    listener = sns.listen(topic)
    with invalid(words):
        sns.set_subscription(listener.arn, "FilterPolicy", nested)
    sns.set_subscription(listener.arn, "FilterPolicyScope", "MessageBody")
    sns.set_subscription(listener.arn, "FilterPolicy", nested)


def test_five_keys_are_the_limit(sns, topic):
    """AWS: filter policy constraints."""
    five = {f"k{n}": ["v"] for n in range(5)}
    sns.listen(topic, FilterPolicy=five)
    with invalid("Attributes Reason: FilterPolicy: Filter policy can not have more than 5 keys"):
        sns.listen(topic, FilterPolicy=five | {"k5": ["v"]})


def values(count: int) -> list[str]:
    return [f"v{n}" for n in range(count)]


def either(*counts: int) -> list[dict]:
    return [{f"o{n}": values(count)} for n, count in enumerate(counts)]


# Keys side by side multiply, branches of $or add up, and depth multiplies the count of values.
FITS = [
    ("MessageAttributes", {"a": values(150)}),
    ("MessageAttributes", {"a": values(3), "b": values(50)}),
    ("MessageBody", {"a": {"b": {"c": values(50)}}}),
    ("MessageBody", {"a": values(3), "b": values(5), "c": values(10)}),
]
TOO_COMPLEX = [
    ("MessageAttributes", {"a": values(151)}),
    ("MessageAttributes", {"a": values(4), "b": values(38)}),
    ("MessageBody", {"a": {"b": {"c": values(51)}}}),
    ("MessageBody", {"a": {"b": {"c": values(8)}}, "d": values(7)}),
]
# Recorded: 3*(6+4*(4+7)) = 150, and 4*(6+4*(4+4)) = 152.
OR_FITS = {"a": values(3), "$or": [{"b": values(6)}, {"c": values(4), "$or": either(4, 7)}]}
OR_TOO_COMPLEX = {"a": values(4), "$or": [{"b": values(6)}, {"c": values(4), "$or": either(4, 4)}]}
# Recorded: 5*4*8 = 160 at depth 2.
DEEP_TOO_COMPLEX = {"a": values(5), "b": values(4), "c": {"d": values(4)}}


@pytest.mark.parametrize("scope, policy", [*FITS, ("MessageAttributes", OR_FITS), ("MessageBody", OR_FITS)])
def test_150_combinations_fit(sns, topic, scope, policy):
    """Recorded: test_policy_complexity, test_policy_complexity_with_or."""
    listener = sns.listen(topic, FilterPolicy=policy, FilterPolicyScope=scope)
    assert json.loads(sns.subscription(listener.arn)["FilterPolicy"]) == policy


@pytest.mark.parametrize("scope, policy", [
    *TOO_COMPLEX, ("MessageAttributes", OR_TOO_COMPLEX), ("MessageBody", OR_TOO_COMPLEX),
    ("MessageBody", DEEP_TOO_COMPLEX),
])
def test_more_do_not(sns, topic, scope, policy):
    """Recorded: test_policy_complexity, test_policy_complexity_with_or."""
    with invalid("Attributes Reason: FilterPolicy: Filter policy is too complex"):
        sns.listen(topic, FilterPolicy=policy, FilterPolicyScope=scope)
