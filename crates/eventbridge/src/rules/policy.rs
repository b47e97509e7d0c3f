//! Resource policies of buses: the statements PutPermission and RemovePermission write. `access.rs` says who may do what.
//!
//! AWS: API_PutPermission; EventBridge User Guide, "Permissions for event buses".

mod access;
mod conditions;

use aws::Arn;
use serde_json::Value;
use service::Error;

use super::bus_name::BusKey;
use crate::api::types::Condition;
use crate::errors::{
    parameter_not_valid_because, policy_too_long, relative_id_invalid, statement_does_not_exist,
};
use crate::event::json;
pub(crate) use access::{Asking, Key, PUT_EVENTS, keys_of_event, lets_in};

/// AWS: "Amazon EventBridge quotas", the size of a bus's policy.
const POLICY_BYTES_MAX: usize = 10_240;

/// The policy of a bus that has none. Members stand in the order in which AWS shows them.
const EMPTY: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

/// A statement of PutPermission's parameters.
pub(crate) struct Statement<'a> {
    pub(crate) id: &'a str,
    pub(crate) action: &'a str,
    pub(crate) principal: &'a str,
    pub(crate) condition: Option<&'a Condition>,
}

/// The policy with one more statement, or with the one of its id replaced.
pub(crate) fn put(policy: Option<&str>, bus_arn: &str, statement: &Statement<'_>) -> Result<String, Error> {
    let policy = policy.unwrap_or(EMPTY);
    let written = written(bus_arn, statement);
    let mut all: Vec<&str> = statements(policy).filter(|known| !is_named(known, statement.id)).collect();
    all.push(&written);
    with_statements(policy, &all)
}

/// The policy without a statement; nothing when it was the last.
pub(crate) fn remove(policy: Option<&str>, id: &str) -> Result<Option<String>, Error> {
    let policy = policy.unwrap_or(EMPTY);
    let left: Vec<&str> = statements(policy).filter(|known| !is_named(known, id)).collect();
    if left.len() == statements(policy).count() {
        return Err(statement_does_not_exist());
    }
    if left.is_empty() { Ok(None) } else { with_statements(policy, &left).map(Some) }
}

/// Checks a whole policy document of a bus.
pub(crate) fn check(text: &str, bus: &BusKey) -> Result<(), Error> {
    let refused = |reason: &str| parameter_not_valid_because("Policy", reason);
    let no_json = || refused("The policy document is not valid JSON.");
    let document: Value = serde_json::from_str(text).map_err(|_| no_json())?;
    if !document["Statement"].is_array() && !document["Statement"].is_object() {
        return Err(no_json());
    }
    for statement in policy::statements(&document).unwrap_or_default() {
        let has =
            |element: &str| !statement[element].is_null() || !statement[format!("Not{element}")].is_null();
        // AWS: IAM User Guide, "Grammar of the IAM JSON policy language". The sentences are ours.
        if !["Allow", "Deny"].iter().any(|effect| statement["Effect"] == *effect) {
            return Err(refused("The effect of a statement must be Allow or Deny."));
        }
        if !has("Principal") || !has("Action") {
            return Err(refused("A statement must have a principal and an action."));
        }
        check_resources(&statement["Resource"], bus)?;
    }
    if text.len() > POLICY_BYTES_MAX { Err(policy_too_long()) } else { Ok(()) }
}

/// A statement is about this bus or about rules.
fn check_resources(resources: &Value, bus: &BusKey) -> Result<(), Error> {
    let own = format!("event-bus/{}", bus.name);
    for arn in policy::texts(resources).flatten() {
        let Some(Arn { resource, .. }) = Arn::parse(arn).filter(|arn| arn.service == "events") else {
            continue;
        };
        if resource.starts_with("event-bus/") && !policy::is_like(&resource, &own) {
            return Err(relative_id_invalid(&resource, arn));
        }
    }
    Ok(())
}

/// The statements as they are written. A single one need not stand in a list.
fn statements(policy: &str) -> impl Iterator<Item = &str> {
    let written = json::member(policy, "Statement").unwrap_or("[]");
    let only = Some(written).filter(|written| !written.starts_with('['));
    json::elements(written).chain(only)
}

fn is_named(statement: &str, id: &str) -> bool {
    json::member(statement, "Sid").is_some_and(|sid| json::text_of(sid) == id)
}

fn written(bus_arn: &str, statement: &Statement<'_>) -> String {
    let principal = match statement.principal {
        "*" => quoted("*"),
        account => {
            let partition = Arn::parse(bus_arn).map_or_else(|| "aws".to_owned(), |arn| arn.partition);
            format!(r#"{{"AWS":{}}}"#, quoted(&format!("arn:{partition}:iam::{account}:root")))
        }
    };
    let condition = statement.condition.map(|one| {
        format!(r#","Condition":{{"StringEquals":{{{}:{}}}}}"#, quoted(&one.key), quoted(&one.value))
    });
    format!(
        r#"{{"Sid":{},"Effect":"Allow","Principal":{principal},"Action":{},"Resource":{}{}}}"#,
        quoted(statement.id),
        quoted(statement.action),
        quoted(bus_arn),
        condition.unwrap_or_default(),
    )
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    json::push_string(&mut out, text);
    out
}

/// The policy with these statements; its other members stay as they are written.
fn with_statements(policy: &str, statements: &[&str]) -> Result<String, Error> {
    let statements = format!("[{}]", statements.join(","));
    let member = |(key, value)| {
        let value = if json::text_of(key) == "Statement" { statements.as_str() } else { value };
        format!("{key}:{value}")
    };
    let members: Vec<String> = json::members(policy).map(member).collect();
    let text = format!("{{{}}}", members.join(","));
    if text.len() > POLICY_BYTES_MAX { Err(policy_too_long()) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use aws::{AccountId, Region};

    use super::*;

    const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/orders";

    fn statement<'a>(id: &'a str, principal: &'a str) -> Statement<'a> {
        Statement { id, action: "events:PutEvents", principal, condition: None }
    }

    #[test]
    fn a_statement_is_added_replaced_and_removed() {
        let one = put(None, BUS, &statement("a", "111111111111")).unwrap();
        let two = put(Some(&one), BUS, &statement("b", "*")).unwrap();
        let replaced = put(Some(&two), BUS, &statement("b", "222222222222")).unwrap();
        assert!(is_let_in(&replaced, "111111111111"));
        assert!(is_let_in(&replaced, "222222222222"));
        assert!(!is_let_in(&replaced, "333333333333"));
        assert!(is_let_in(&two, "333333333333"));
        let rest = remove(Some(&replaced), "a").unwrap();
        assert!(!is_let_in(rest.as_deref().unwrap_or_default(), "111111111111"));
        assert_eq!(remove(rest.as_deref(), "b").unwrap(), None);
        assert!(remove(None, "b").is_err());
    }

    #[test]
    fn members_stand_in_the_order_of_aws() {
        let mut one = statement("a", "111111111111");
        let condition = Condition {
            key: "aws:PrincipalOrgID".into(),
            r#type: "StringEquals".into(),
            value: "o-1".into(),
        };
        one.condition = Some(&condition);
        let one = put(None, BUS, &one).unwrap();
        let expected = r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"events:PutEvents","Resource":"arn:aws:events:us-east-1:000000000000:event-bus/orders","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}]}"#;
        assert_eq!(one, expected);
        // What somebody wrote stays as it is written.
        let whole = r#"{ "Id": "x", "Statement": {"Effect": "Deny", "Sid": "z"}, "Version": "2008-10-17" }"#;
        let two = put(Some(whole), BUS, &statement("b", "*")).unwrap();
        assert!(
            two.starts_with(r#"{"Id":"x","Statement":[{"Effect": "Deny", "Sid": "z"},{"Sid":"b","#),
            "{two}"
        );
        assert!(two.ends_with(r#"}],"Version":"2008-10-17"}"#), "{two}");
    }

    #[test]
    fn a_policy_is_about_its_bus_and_rules() {
        let bus = BusKey { account: AccountId::default(), region: Region::default(), name: "orders".into() };
        let other = "arn:aws:events:us-east-1:000000000000:event-bus/else";
        let statement = |more: Value| {
            let mut statement = serde_json::json!({
                "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": BUS,
            });
            for (name, element) in more.as_object().unwrap() {
                statement[name] = element.clone();
            }
            let policy = serde_json::json!({ "Statement": [statement] }).to_string();
            check(&policy, &bus).map_err(|refused| refused.message.to_string())
        };
        for more in [
            serde_json::json!({}),
            serde_json::json!({ "Resource": null }),
            serde_json::json!({ "Resource": "*" }),
            serde_json::json!({ "Resource": "arn:aws:events:*:*:event-bus/*" }),
            serde_json::json!({ "Resource": ["arn:aws:events:us-east-1:000000000000:rule/orders/*", BUS] }),
            serde_json::json!({ "Resource": null, "NotResource": other }),
            serde_json::json!({ "Principal": null, "NotPrincipal": "*" }),
        ] {
            assert_eq!(statement(more.clone()), Ok(()), "{more}");
        }
        let refused = format!(r#"The relative-id "event-bus/else" is invalid for ARN "{other}""#);
        assert_eq!(statement(serde_json::json!({ "Resource": [BUS, other] })), Err(refused));
        for more in [
            serde_json::json!({ "Effect": "Maybe" }),
            serde_json::json!({ "Effect": null }),
            serde_json::json!({ "Principal": null }),
            serde_json::json!({ "Action": null }),
        ] {
            assert!(statement(more.clone()).is_err(), "{more}");
        }
    }

    fn is_let_in(policy: &str, account: &str) -> bool {
        let account = AccountId::parse(account).unwrap();
        let keys = keys_of_event("shop", "OrderCreated");
        lets_in(Some(policy), &Asking { account: &account, action: PUT_EVENTS, resource: BUS, keys: &keys })
    }
}
