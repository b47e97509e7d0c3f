//! Resource policies of buses: the statements PutPermission and RemovePermission write. `access.rs` says who may put events.
//!
//! AWS: API_PutPermission; EventBridge User Guide, "Permissions for event buses".

mod access;
mod conditions;
mod wildcard;

use aws::Arn;
use serde_json::{Value, json};
use service::Error;

use crate::api::types::Condition;
use crate::errors::{parameter_not_valid_because, policy_too_long, statement_does_not_exist};
pub(crate) use access::{Putting, lets_in};

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
    use aws::AccountId;

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

    fn is_let_in(policy: &str, account: &str) -> bool {
        let account = AccountId::parse(account).unwrap();
        let putting =
            Putting { account: &account, bus_arn: BUS, source: "shop", detail_type: "OrderCreated" };
        lets_in(Some(policy), &putting)
    }
}
