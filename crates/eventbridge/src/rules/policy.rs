//! Resource policies of buses: the statements PutPermission and RemovePermission write, and who may put events.
//!
//! AWS: API_PutPermission; EventBridge User Guide, "Permissions for event buses".

mod conditions;

use aws::{AccountId, Arn};
use serde_json::{Value, json};
use service::Error;

use crate::api::types::Condition;
use crate::errors::{parameter_not_valid_because, policy_too_long, statement_does_not_exist};

/// AWS: "Amazon EventBridge quotas", the size of a bus's policy.
const POLICY_BYTES_MAX: usize = 10_240;

/// A statement of PutPermission's parameters.
pub(crate) struct Statement<'a> {
    pub(crate) id: &'a str,
    pub(crate) action: &'a str,
    pub(crate) principal: &'a str,
    pub(crate) condition: Option<&'a Condition>,
}

/// The policy with one more statement, or with the one of its id replaced.
pub(crate) fn put(policy: Option<&str>, bus_arn: &str, statement: &Statement<'_>) -> Result<String, Error> {
    let mut document = read(policy);
    let principal = match statement.principal {
        "*" => json!("*"),
        account => {
            let partition = Arn::parse(bus_arn).map_or_else(|| "aws".to_owned(), |arn| arn.partition);
            json!({ "AWS": format!("arn:{partition}:iam::{account}:root") })
        }
    };
    let mut written = json!({
        "Sid": statement.id,
        "Effect": "Allow",
        "Principal": principal,
        "Action": statement.action,
        "Resource": bus_arn,
    });
    if let Some(condition) = statement.condition {
        written["Condition"] = json!({ "StringEquals": { &condition.key: condition.value } });
    }
    let mut statements = take_statements(&mut document);
    statements.retain(|known| known["Sid"] != statement.id);
    statements.push(written);
    document["Statement"] = Value::Array(statements);
    write(&document)
}

/// The policy without a statement; nothing when it was the last.
pub(crate) fn remove(policy: Option<&str>, id: &str) -> Result<Option<String>, Error> {
    let mut document = read(policy);
    let mut statements = take_statements(&mut document);
    let before = statements.len();
    statements.retain(|known| known["Sid"] != id);
    if statements.len() == before {
        return Err(statement_does_not_exist());
    }
    if statements.is_empty() {
        return Ok(None);
    }
    document["Statement"] = Value::Array(statements);
    write(&document).map(Some)
}

/// Checks a whole policy document.
pub(crate) fn check(policy: &str) -> Result<(), Error> {
    let refused = || parameter_not_valid_because("Policy", "The policy document is not valid JSON.");
    let document: Value = serde_json::from_str(policy).map_err(|_| refused())?;
    if !document["Statement"].is_array() && !document["Statement"].is_object() {
        return Err(refused());
    }
    if policy.len() > POLICY_BYTES_MAX { Err(policy_too_long()) } else { Ok(()) }
}

/// Who puts which event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Putting<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) source: &'a str,
    pub(crate) detail_type: &'a str,
}

/// Whether a policy lets another account put an event.
pub(crate) fn lets_in(policy: Option<&str>, putting: &Putting<'_>) -> bool {
    let statements = take_statements(&mut read(policy));
    let applies = |statement: &Value| {
        covers_action(&statement["Action"])
            && names(&statement["Principal"], putting.account)
            && conditions::hold(&statement["Condition"], putting)
    };
    let effect = |wanted: &str| statements.iter().any(|one| one["Effect"] == wanted && applies(one));
    effect("Allow") && !effect("Deny")
}

fn covers_action(action: &Value) -> bool {
    let covers = |action: &Value| {
        action.as_str().is_some_and(|action| {
            let action = action.to_ascii_lowercase();
            matches!(action.as_str(), "*" | "events:*" | "events:put*" | "events:putevents")
        })
    };
    match action {
        Value::Array(actions) => actions.iter().any(covers),
        action => covers(action),
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

fn read(policy: Option<&str>) -> Value {
    let document: Option<Value> = policy.and_then(|policy| serde_json::from_str(policy).ok());
    document.filter(Value::is_object).unwrap_or_else(|| json!({ "Version": "2012-10-17", "Statement": [] }))
}

/// A single statement need not stand in a list.
fn take_statements(document: &mut Value) -> Vec<Value> {
    match document["Statement"].take() {
        Value::Array(statements) => statements,
        Value::Null => Vec::new(),
        only => vec![only],
    }
}

fn write(document: &Value) -> Result<String, Error> {
    let text = document.to_string();
    if text.len() > POLICY_BYTES_MAX { Err(policy_too_long()) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
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
        assert!(is_let_in(&replaced, "111111111111", "shop"));
        assert!(is_let_in(&replaced, "222222222222", "shop"));
        assert!(!is_let_in(&replaced, "333333333333", "shop"));
        assert!(is_let_in(&two, "333333333333", "shop"));
        let rest = remove(Some(&replaced), "a").unwrap();
        assert!(!is_let_in(rest.as_deref().unwrap_or_default(), "111111111111", "shop"));
        assert_eq!(remove(rest.as_deref(), "b").unwrap(), None);
        assert!(remove(None, "b").is_err());
    }

    #[test]
    fn a_denial_outweighs_a_permission() {
        let policy = json!({ "Statement": [
            { "Effect": "Allow", "Principal": "*", "Action": "events:*" },
            { "Effect": "Deny", "Principal": { "AWS": ["111111111111"] }, "Action": ["events:PutEvents"] },
        ]});
        let policy = policy.to_string();
        assert!(!is_let_in(&policy, "111111111111", "shop"));
        assert!(is_let_in(&policy, "222222222222", "shop"));
    }

    #[test]
    fn a_condition_looks_at_the_event() {
        let policy = |operator: &str, wanted: Value| {
            let condition = json!({ operator: { "events:source": wanted } });
            let statement = json!({ "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Condition": condition });
            json!({ "Statement": statement }).to_string()
        };
        for (operator, wanted, source, expected) in [
            ("StringEquals", json!("shop"), "shop", true),
            ("StringEquals", json!(["a", "shop"]), "shop", true),
            ("StringEquals", json!("shop"), "else", false),
            ("StringNotEquals", json!("shop"), "else", true),
            ("StringLike", json!("sh*"), "shop", true),
            ("StringLike", json!("s?p"), "shop", false),
            ("StringEqualsIgnoreCase", json!("SHOP"), "shop", true),
            ("NumericEquals", json!("1"), "shop", false),
        ] {
            let policy = policy(operator, wanted.clone());
            assert_eq!(is_let_in(&policy, "111111111111", source), expected, "{operator} {wanted} {source}");
        }
    }

    fn is_let_in(policy: &str, account: &str, source: &str) -> bool {
        let account = AccountId::parse(account).unwrap();
        lets_in(Some(policy), &Putting { account: &account, source, detail_type: "OrderCreated" })
    }
}
