//! Topic policies: the one AWS starts with, and the statements AddPermission and RemovePermission write. They are kept
//! and shown, not enforced.

use policy::one_or_many;
use serde_json::{Map, Value, json};
use service::Error;

use crate::errors::invalid_parameter;
use crate::rules::policy_form;
use crate::rules::topic_arn::TopicKey;

/// The sentence of an action that is not SNS's.
pub(super) const OUT_OF_SCOPE: &str = "Policy statement action out of service scope!";

/// The sentence of somebody who is not there.
pub(super) const PRINCIPAL_NOT_FOUND: &str = "Policy Error: PrincipalNotFound";

/// The actions a topic's policy can grant. AWS: SNS Developer Guide, "Amazon SNS API permissions"; `Receive` stands in
/// policies of old and is no operation.
pub(super) const ACTIONS: &[&str] = &[
    "AddPermission",
    "DeleteTopic",
    "GetDataProtectionPolicy",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "ListTagsForResource",
    "Publish",
    "PutDataProtectionPolicy",
    "Receive",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
    "TagResource",
    "UntagResource",
];

/// The policy of a topic nobody gave one, word for word.
pub(crate) fn default_policy(key: &TopicKey) -> String {
    format!(
        concat!(
            r#"{{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{{"Sid":"__default_statement_ID","#,
            r#""Effect":"Allow","Principal":{{"AWS":"*"}},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","#,
            r#""SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","#,
            r#""SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"{}","#,
            r#""Condition":{{"StringEquals":{{"AWS:SourceOwner":"{}"}}}}}}]}}"#
        ),
        key.arn(),
        key.account.as_str()
    )
}

/// The policy with one more statement.
pub(crate) fn add_permission(
    policy: &str,
    topic_arn: &str,
    label: &str,
    accounts: &[String],
    actions: &[String],
) -> Result<String, Error> {
    if actions.iter().any(|action| !ACTIONS.contains(&action.as_str())) {
        return Err(invalid_parameter(OUT_OF_SCOPE));
    }
    if accounts.iter().any(|account| aws::AccountId::parse(account).is_none()) {
        return Err(invalid_parameter(PRINCIPAL_NOT_FOUND));
    }
    let mut document = parse(policy);
    let mut statements = take_statements(&mut document);
    if statements.iter().any(|statement| statement["Sid"] == label) {
        return Err(invalid_parameter("Statement already exists"));
    }
    let principals = accounts.iter().map(|account| format!("arn:aws:iam::{account}:root"));
    let actions = actions.iter().map(|action| format!("SNS:{action}"));
    statements.push(json!({
        "Sid": label,
        "Effect": "Allow",
        "Principal": { "AWS": one_or_many(principals) },
        "Action": one_or_many(actions),
        "Resource": topic_arn,
    }));
    let policy = with_statements(document, statements);
    policy_form::check_quotas(&policy).map_err(invalid_parameter)?;
    Ok(policy.to_string())
}

/// The policy without the statement of this label; nothing when there is no such statement.
pub(crate) fn remove_permission(policy: &str, label: &str) -> Option<String> {
    let mut document = parse(policy);
    let mut statements = take_statements(&mut document);
    let before = statements.len();
    statements.retain(|statement| statement["Sid"] != label);
    let fewer = statements.len() < before;
    fewer.then(|| with_statements(document, statements).to_string())
}

fn parse(policy: &str) -> Map<String, Value> {
    serde_json::from_str(policy).unwrap_or_default()
}

/// Takes the statements out of a policy; a single one may stand without a list.
fn take_statements(document: &mut Map<String, Value>) -> Vec<Value> {
    match document.remove("Statement") {
        Some(Value::Array(statements)) => statements,
        Some(statement) => vec![statement],
        None => Vec::new(),
    }
}

/// The policy with these statements.
fn with_statements(mut document: Map<String, Value>, statements: Vec<Value>) -> Value {
    document.insert("Statement".to_owned(), statements.into());
    Value::Object(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:sns:us-east-1:000000000000:t";

    fn default() -> String {
        let call = aws::Arn::parse(ARN).unwrap();
        default_policy(&TopicKey::of_arn(&call).unwrap())
    }

    fn add(policy: &str, label: &str, accounts: &[&str], actions: &[&str]) -> Result<String, Error> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        add_permission(policy, ARN, label, &owned(accounts), &owned(actions))
    }

    #[test]
    fn a_permission_follows_the_default_statement() {
        let policy = add(&default(), "one", &["111122223333"], &["Publish"]).unwrap();
        let policy: Value = serde_json::from_str(&policy).unwrap();
        assert_eq!(policy["Id"], "__default_policy_ID");
        assert_eq!(policy["Statement"][0]["Sid"], "__default_statement_ID");
        let expected = json!({
            "Sid": "one",
            "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
            "Action": "SNS:Publish",
            "Resource": ARN,
        });
        assert_eq!(policy["Statement"][1], expected);
    }

    #[test]
    fn refusals_of_permissions() {
        let one = add(&default(), "one", &["111122223333"], &["Publish", "Subscribe"]).unwrap();
        for (label, account, action, message) in [
            ("one", "111122223333", "Publish", "Invalid parameter: Statement already exists"),
            (
                "two",
                "111122223333",
                "Dance",
                "Invalid parameter: Policy statement action out of service scope!",
            ),
            ("two", "somebody", "Publish", "Invalid parameter: Policy Error: PrincipalNotFound"),
        ] {
            assert_eq!(add(&one, label, &[account], &[action]).unwrap_err().message, message);
        }
        let account = "111122223333";
        let crowd = add(&one, "two", &[account; 201], &["Publish"]).unwrap_err();
        assert!(crowd.message.ends_with("at most 200 principals"), "{}", crowd.message);
        let full = (2..100).fold(one.clone(), |policy, label| {
            add(&policy, &label.to_string(), &[account], &["Publish"]).unwrap()
        });
        let refused = add(&full, "100", &[account], &["Publish"]).unwrap_err();
        assert!(refused.message.ends_with("at most 100 statements"), "{}", refused.message);
        assert_eq!(remove_permission(&one, "two"), None);
        let without: Value = serde_json::from_str(&remove_permission(&one, "one").unwrap()).unwrap();
        assert_eq!(without, serde_json::from_str::<Value>(&default()).unwrap());
    }
}
