//! Who may do what to a bus. AWS: IAM User Guide, "Policy evaluation logic".

use aws::{AccountId, Arn};
use policy::{is_like, statements, texts};
use serde_json::Value;

use super::conditions;

/// The action of whoever puts events on a bus.
pub(crate) const PUT_EVENTS: &str = "events:PutEvents";

/// A condition key and the values that a request has for it.
pub(crate) type Key = (&'static str, Vec<String>);

/// What another account asks of a bus.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    /// Who asks.
    pub(crate) account: &'a AccountId,
    /// Such as [`PUT_EVENTS`].
    pub(crate) action: &'a str,
    /// The ARN of the bus, or of the rule that is meant.
    pub(crate) resource: &'a str,
    pub(crate) keys: &'a [Key],
}

/// What conditions may ask about an event.
pub(crate) fn keys_of_event(source: &str, detail_type: &str) -> [Key; 2] {
    [("events:source", vec![source.to_owned()]), ("events:detail-type", vec![detail_type.to_owned()])]
}

/// Whether a policy lets another account do what it asks.
pub(crate) fn lets_in(policy: Option<&str>, asking: &Asking<'_>) -> bool {
    let policy: Option<Value> = policy.and_then(|policy| serde_json::from_str(policy).ok());
    let statements = policy.as_ref().and_then(statements).unwrap_or_default();
    let effect = |wanted: &str| statements.iter().any(|one| one["Effect"] == wanted && applies(one, asking));
    effect("Allow") && !effect("Deny")
}

fn applies(statement: &Value, asking: &Asking<'_>) -> bool {
    let action = asking.action.to_ascii_lowercase();
    let is_action = |wanted: &str| is_like(&wanted.to_ascii_lowercase(), &action);
    let is_resource = |arn: &str| is_like(&conditions::filled(arn, asking), asking.resource);
    // Whoever leaves the resource out means the bus the policy is of.
    let anywhere = statement["Resource"].is_null() && statement["NotResource"].is_null();
    concerns(statement, "Principal", |principal| names(principal, asking.account))
        && concerns(statement, "Action", |actions| texts(actions).flatten().any(is_action))
        && (anywhere || concerns(statement, "Resource", |arns| texts(arns).flatten().any(is_resource)))
        && conditions::hold(&statement["Condition"], asking)
}

/// Whether an element names what is asked; its opposite, `NotAction` for `Action`, whether it does not.
fn concerns(statement: &Value, element: &str, named: impl Fn(&Value) -> bool) -> bool {
    match (&statement[element], &statement[format!("Not{element}")]) {
        (Value::Null, Value::Null) => false,
        (Value::Null, opposite) => !named(opposite),
        (element, _) => named(element),
    }
}

fn names(principal: &Value, account: &AccountId) -> bool {
    match principal {
        Value::String(text) => {
            text == "*"
                || text == account.as_str()
                || Arn::parse(text).is_some_and(|arn| arn.account == account.as_str())
        }
        Value::Array(items) => items.iter().any(|item| names(item, account)),
        Value::Object(members) => members.get("AWS").is_some_and(|members| names(members, account)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/orders";
    const ONE: &str = "111111111111";
    const TWO: &str = "222222222222";

    fn is_let_in(statements: &Value, account: &str, source: &str) -> bool {
        let account = AccountId::parse(account).unwrap();
        let keys = keys_of_event(source, "OrderCreated");
        let asking = Asking { account: &account, action: PUT_EVENTS, resource: BUS, keys: &keys };
        lets_in(Some(&json!({ "Statement": statements }).to_string()), &asking)
    }

    /// A statement that lets everybody in, with other elements; null takes one away.
    fn allow(other: Value) -> Value {
        let mut statement =
            json!({ "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": BUS });
        for (name, element) in other.as_object().unwrap() {
            statement[name] = element.clone();
        }
        statement
    }

    #[test]
    fn a_denial_outweighs_a_permission() {
        let statements = json!([
            { "Effect": "Allow", "Principal": "*", "Action": "events:*" },
            { "Effect": "Deny", "Principal": { "AWS": [ONE] }, "Action": ["events:PutEvents"] },
        ]);
        assert!(!is_let_in(&statements, ONE, "shop"));
        assert!(is_let_in(&statements, TWO, "shop"));
    }

    #[test]
    fn a_statement_holds_for_its_resources_and_actions() {
        for (other, expected) in [
            (json!({}), true),
            (json!({ "Resource": null }), true),
            (json!({ "Resource": "*" }), true),
            (json!({ "Resource": "arn:aws:events:*:*:event-bus/ord?rs" }), true),
            (json!({ "Resource": ["arn:aws:events:us-east-1:000000000000:event-bus/x", BUS] }), true),
            (json!({ "Resource": "arn:aws:events:us-east-1:000000000000:event-bus/x" }), false),
            (json!({ "Resource": "arn:aws:events:us-east-1:000000000000:rule/*" }), false),
            (json!({ "Resource": [] }), false),
            (json!({ "Resource": null, "NotResource": BUS }), false),
            (json!({ "Resource": null, "NotResource": ["arn:aws:events:*:*:event-bus/x"] }), true),
            (json!({ "Action": "*" }), true),
            (json!({ "Action": "EVENTS:putevents" }), true),
            (json!({ "Action": "events:P*Events" }), true),
            (json!({ "Action": ["events:PutRule", "events:Put?vents"] }), true),
            (json!({ "Action": "events:PutRule" }), false),
            (json!({ "Action": null }), false),
            (json!({ "Action": null, "NotAction": "events:Put*" }), false),
            (json!({ "Action": null, "NotAction": ["events:PutRule", "events:List*"] }), true),
            (json!({ "Principal": null }), false),
            (json!({ "Principal": null, "NotPrincipal": { "AWS": ONE } }), false),
            (json!({ "Principal": null, "NotPrincipal": { "AWS": TWO } }), true),
            (json!({ "Principal": { "AWS": "arn:aws:iam::111111111111:user/me" } }), true),
            (json!({ "Principal": { "Service": "events.amazonaws.com" } }), false),
        ] {
            assert_eq!(is_let_in(&json!([allow(other.clone())]), ONE, "shop"), expected, "{other}");
        }
    }

    #[test]
    fn a_denial_may_name_who_is_not_denied() {
        let deny = json!({ "Effect": "Deny", "NotPrincipal": { "AWS": ONE }, "NotAction": "events:PutRule" });
        let statements = json!([allow(json!({})), deny]);
        assert!(is_let_in(&statements, ONE, "shop"));
        assert!(!is_let_in(&statements, TWO, "shop"));
    }

    #[test]
    fn a_condition_looks_at_the_event() {
        for (operator, wanted, source, expected) in [
            ("StringEquals", json!("shop"), "shop", true),
            ("StringEquals", json!(["a", "shop"]), "shop", true),
            ("StringEquals", json!("shop"), "else", false),
            ("StringNotEquals", json!("shop"), "else", true),
            ("StringNotEquals", json!(["shop", "else"]), "else", false),
            ("StringLike", json!("sh*"), "shop", true),
            ("StringLike", json!("s?p"), "shop", false),
            ("StringNotLike", json!("sh*"), "shop", false),
            ("StringEqualsIgnoreCase", json!("SHOP"), "shop", true),
            ("StringNotEqualsIgnoreCase", json!("SHOP"), "shop", false),
            ("StringEqualsIfExists", json!("shop"), "else", false),
            ("ForAnyValue:StringEquals", json!("shop"), "shop", true),
            ("ForAllValues:StringLike", json!("s*"), "else", false),
            ("NumericEquals", json!("1"), "shop", false),
            ("Null", json!("false"), "shop", true),
            ("Null", json!(true), "shop", false),
        ] {
            let condition = json!({ operator: { "events:source": wanted } });
            let statements = json!(allow(json!({ "Condition": condition })));
            assert_eq!(is_let_in(&statements, ONE, source), expected, "{condition} {source}");
        }
    }

    #[test]
    fn a_key_nobody_knows_is_one_the_request_does_not_have() {
        for (operator, wanted, holds) in [
            ("Bool", json!("false"), false),
            ("StringEquals", json!("x"), false),
            ("StringNotEquals", json!("x"), true),
            ("ArnNotLike", json!("x"), true),
            ("NotIpAddress", json!("10.0.0.0/8"), true),
            ("BoolIfExists", json!("false"), true),
            ("StringNotLikeIfExists", json!("x"), true),
            ("Null", json!("true"), true),
            ("Null", json!(false), false),
            ("ForAllValues:StringEquals", json!("x"), true),
            ("ForAnyValue:StringNotEquals", json!("x"), false),
        ] {
            let condition = json!({ operator: { "aws:MultiFactorAuthPresent": wanted } });
            let allowed = json!(allow(json!({ "Condition": condition })));
            assert_eq!(is_let_in(&allowed, ONE, "shop"), holds, "{condition}");
            let denied = json!({ "Effect": "Deny", "Principal": "*", "Action": "*", "Condition": condition });
            assert_eq!(is_let_in(&json!([allow(json!({})), denied]), ONE, "shop"), !holds, "{condition}");
        }
    }

    #[test]
    fn what_every_request_has_is_known() {
        for (operator, key, wanted, holds) in [
            ("Bool", "aws:SecureTransport", json!("true"), true),
            ("Bool", "aws:SecureTransport", json!(false), false),
            ("BoolIfExists", "aws:SecureTransport", json!("false"), false),
            ("BoolIfExists", "aws:PrincipalIsAWSService", json!("true"), false),
            ("StringEquals", "aws:RequestedRegion", json!("us-east-1"), true),
            ("ArnLike", "aws:PrincipalArn", json!("arn:aws:iam::111111111111:*"), true),
            ("ArnEquals", "aws:PrincipalArn", json!("arn:aws:iam::222222222222:root"), false),
            ("IpAddress", "aws:SourceIp", json!("0.0.0.0/0"), true),
            ("DateGreaterThan", "aws:CurrentTime", json!("2020-01-01T00:00:00Z"), true),
        ] {
            let condition = json!({ operator: { key: wanted } });
            let allowed = json!(allow(json!({ "Condition": condition })));
            assert_eq!(is_let_in(&allowed, ONE, "shop"), holds, "{condition}");
        }
    }

    #[test]
    fn who_names_an_organization_means_its_own_accounts() {
        let guarded = |operator: &str| {
            let condition = json!({ operator: { "aws:PrincipalOrgID": "o-1" } });
            let deny = json!({ "Effect": "Deny", "Principal": "*", "Action": "*", "Condition": condition });
            is_let_in(&json!([allow(json!({})), deny]), ONE, "shop")
        };
        assert!(guarded("StringNotEquals"));
        assert!(!guarded("StringEquals"));
        let condition = json!({ "StringEquals": { "aws:PrincipalOrgID": "o-1" } });
        assert!(is_let_in(&json!(allow(json!({ "Condition": condition }))), ONE, "shop"));
    }

    #[test]
    fn whoever_makes_rules_may_change_their_own() {
        // AWS: EventBridge User Guide, "Example policy: Send events to the same account and restrict updates".
        let rule = "arn:aws:events:us-east-1:000000000000:rule/orders/r";
        let policy = json!({ "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::111111111111:root" },
            "Action": ["events:PutRule", "events:PutTargets"],
            "Resource": "arn:aws:events:us-east-1:000000000000:rule/orders/*",
            "Condition": {
                "StringEqualsIfExists": {
                    "events:creatorAccount": "${aws:PrincipalAccount}",
                    "events:source": "shop",
                }
            },
        }] })
        .to_string();
        let check = |account: &str, action: &str, resource: &str, keys: &[Key], expected: bool| {
            let account = AccountId::parse(account).unwrap();
            let asking = Asking { account: &account, action, resource, keys };
            assert_eq!(lets_in(Some(&policy), &asking), expected, "{asking:?}");
        };
        let by = |account: &str| ("events:creatorAccount", vec![account.to_owned()]);
        check(ONE, "events:PutRule", rule, &[], true);
        check(ONE, "events:PutRule", rule, &[("events:source", Vec::new())], true);
        check(ONE, "events:PutRule", rule, &[("events:source", vec!["else".into()])], false);
        check(ONE, "events:PutTargets", rule, &[by(ONE)], true);
        check(ONE, "events:PutTargets", rule, &[by(TWO)], false);
        check(ONE, "events:DeleteRule", rule, &[by(ONE)], false);
        check(ONE, "events:PutRule", BUS, &[], false);
        check(ONE, PUT_EVENTS, BUS, &[], false);
        check(TWO, "events:PutRule", rule, &[], false);
    }

    #[test]
    fn a_key_may_have_several_values() {
        for (operator, values, expected) in [
            ("StringEquals", vec!["a", "x"], true),
            ("StringNotEquals", vec!["a", "x"], false),
            ("StringNotEquals", vec!["x"], true),
            ("ForAllValues:StringEquals", vec!["a", "b"], true),
            ("ForAllValues:StringEquals", vec!["a", "x"], false),
            ("ForAnyValue:StringEquals", vec!["a", "x"], true),
            ("ForAnyValue:StringEquals", vec!["x"], false),
            ("ForAnyValue:StringNotEquals", vec!["a", "x"], true),
            ("ForAllValues:StringEquals", vec![], true),
            ("StringEquals", vec![], false),
            ("ArnLike", vec!["a"], true),
        ] {
            let account = AccountId::parse(ONE).unwrap();
            let keys: [Key; 1] = [("events:source", values.iter().map(|&value| value.into()).collect())];
            let asking = Asking { account: &account, action: PUT_EVENTS, resource: BUS, keys: &keys };
            let condition = json!({ operator: { "events:source": ["a", "b"] } });
            let policy = json!({ "Statement": allow(json!({ "Condition": condition })) }).to_string();
            assert_eq!(lets_in(Some(&policy), &asking), expected, "{operator} {values:?}");
        }
    }
}
