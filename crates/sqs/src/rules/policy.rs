//! Queue policies: their form, and the statements AddPermission and RemovePermission write.

use policy::{either, one_or_many, statements, texts};
use serde_json::{Map, Value, json};
use service::Error;

use crate::errors::{
    invalid_attribute_value, invalid_value, over_permission_limit, over_statement_limit, policy_too_long,
    too_many_statements,
};

/// AWS: SQS Developer Guide, "Amazon SQS policy quotas". Actions are counted a statement; so are principals and
/// conditions here, as twenty statements with a condition each are taken (dapr/components-contrib#1780).
const BYTES_MAX: usize = 8192;
const STATEMENTS_MAX: usize = 20;
const ACTIONS_MAX: usize = 7;
const PRINCIPALS_MAX: usize = 50;
const CONDITIONS_MAX: usize = 10;

/// The actions AddPermission can grant. AWS: API_AddPermission, Actions.
const ACTIONS: &[&str] = &[
    "*",
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
];

/// The versions of the policy language. AWS: IAM User Guide, "IAM JSON policy elements: Version".
const VERSIONS: &[&str] = &["2008-10-17", "2012-10-17"];

/// Refuses a `Policy` attribute that is no queue policy, or too much of one. Which conditions there are is left open.
pub(crate) fn check(policy: &str) -> Result<(), Error> {
    let parsed: Option<Value> = serde_json::from_str(policy).ok();
    // Blanks that say nothing are not counted, in favour of whoever wrote it to be read.
    let bytes = parsed.as_ref().map_or(policy.len(), |policy| policy.to_string().len());
    if bytes > BYTES_MAX {
        return Err(policy_too_long());
    }
    let policy = parsed.filter(is_queue_policy).ok_or_else(|| invalid_attribute_value("Policy"))?;
    let statements = statements(&policy).unwrap_or_default();
    if statements.len() > STATEMENTS_MAX {
        return Err(too_many_statements(statements.len(), STATEMENTS_MAX));
    }
    statements.iter().try_for_each(check_quotas)
}

fn check_quotas(statement: &Value) -> Result<(), Error> {
    let conditions = statement["Condition"].as_object().into_iter().flat_map(Map::values);
    let conditions = conditions.filter_map(Value::as_object).map(Map::len).sum();
    for (what, found, most) in [
        ("actions", values_in(either(statement, "Action")), ACTIONS_MAX),
        ("principals", values_in(either(statement, "Principal")), PRINCIPALS_MAX),
        ("conditions", conditions, CONDITIONS_MAX),
    ] {
        if found > most {
            return Err(over_statement_limit(what, found, most));
        }
    }
    Ok(())
}

/// How many a value names: a list's or map's items, and one that stands by itself.
fn values_in(value: Option<&Value>) -> usize {
    match value {
        None => 0,
        Some(Value::Array(items)) => items.len(),
        Some(Value::Object(kinds)) => kinds.values().map(|items| values_in(Some(items))).sum(),
        Some(_) => 1,
    }
}

/// AWS: IAM User Guide, "Grammar of the IAM JSON policy language": a resource's policy names principals, and each `Sid`
/// stands once.
fn is_queue_policy(policy: &Value) -> bool {
    let Some(statements) = statements(policy) else { return false };
    // An empty one is none: Terraform writes it for every statement without a name (terraform-provider-aws#28537).
    let is_sid = |sid: &&Value| !sid.is_null() && sid.as_str() != Some("");
    let sids = statements.iter().filter_map(|statement| statement.get("Sid")).filter(is_sid);
    let sids: Vec<&Value> = sids.collect();
    policy.get("Version").is_none_or(|version| version.as_str().is_some_and(|name| VERSIONS.contains(&name)))
        && statements.iter().all(is_statement)
        && sids.iter().enumerate().all(|(place, sid)| sid.is_string() && !sids[..place].contains(sid))
}

fn is_statement(statement: &Value) -> bool {
    matches!(statement["Effect"].as_str(), Some("Allow" | "Deny"))
        && either(statement, "Principal").is_some()
        && either(statement, "Action").is_some_and(are_of_sqs)
}

/// An action of another service makes the whole policy invalid (aws-cdk#15602).
fn are_of_sqs(actions: &Value) -> bool {
    texts(actions).all(|action| {
        action.is_some_and(|action| {
            action == "*" || action.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sqs:"))
        })
    })
}

/// The policy with one more statement.
pub(crate) fn add_permission(
    policy: Option<&str>,
    queue_arn: &str,
    label: &str,
    accounts: &[String],
    actions: &[String],
) -> Result<String, Error> {
    check_label(label)?;
    if let Some(action) = actions.iter().find(|action| !ACTIONS.contains(&action.as_str())) {
        let reason = "Please refer to the appropriate WSDL for a list of valid actions.";
        return Err(invalid_value(format!("SQS:{action}"), "ActionName", reason));
    }
    if actions.len() > ACTIONS_MAX {
        return Err(over_permission_limit("Actions", actions.len(), ACTIONS_MAX));
    }
    if accounts.len() > PRINCIPALS_MAX {
        return Err(over_permission_limit("Principals", accounts.len(), PRINCIPALS_MAX));
    }
    if let Some(account) = accounts.iter().find(|account| aws::AccountId::parse(account).is_none()) {
        return Err(invalid_value(format!("[{account}]"), "PrincipalId", "Unable to verify."));
    }
    let mut document = parse(policy, queue_arn);
    let statements = statements_of(&mut document);
    if statements.iter().any(|statement| statement["Sid"] == label) {
        return Err(invalid_value(label, "Label", "Already exists."));
    }
    let principals = accounts.iter().map(|account| format!("arn:aws:iam::{account}:root"));
    let actions = actions.iter().map(|action| format!("SQS:{action}"));
    statements.push(json!({
        "Sid": label,
        "Effect": "Allow",
        "Principal": { "AWS": one_or_many(principals) },
        "Action": one_or_many(actions),
        "Resource": queue_arn,
    }));
    let grown = document.to_string();
    check(&grown).map(|()| grown)
}

/// The policy without the statement of this label; nothing when it was the last.
pub(crate) fn remove_permission(
    policy: Option<&str>,
    queue_arn: &str,
    label: &str,
) -> Result<Option<String>, Error> {
    let mut document = parse(policy, queue_arn);
    let statements = statements_of(&mut document);
    let before = statements.len();
    statements.retain(|statement| statement["Sid"] != label);
    if statements.len() == before {
        return Err(invalid_value(label, "Label", "can't find label."));
    }
    let empty = statements.is_empty();
    Ok((!empty).then(|| document.to_string()))
}

fn check_label(label: &str) -> Result<(), Error> {
    let fits = (1..=80).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if fits {
        return Ok(());
    }
    let reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
    Err(invalid_value(label, "Label", reason))
}

/// The queue's policy, or the one AWS starts with.
fn parse(policy: Option<&str>, queue_arn: &str) -> Value {
    let parsed = policy.and_then(|policy| serde_json::from_str(policy).ok());
    parsed.filter(Value::is_object).unwrap_or_else(
        || json!({ "Version": "2008-10-17", "Id": format!("{queue_arn}/SQSDefaultPolicy"), "Statement": [] }),
    )
}

/// The statements; a single one that stands without a list is put into one.
fn statements_of(document: &mut Value) -> &mut Vec<Value> {
    static NO_OBJECT: &str = "`parse` gives an object";
    let document: &mut Map<String, Value> = document.as_object_mut().expect(NO_OBJECT);
    let statement = document.entry("Statement").or_insert_with(|| json!([]));
    if !statement.is_array() {
        *statement = Value::Array(vec![statement.take()]);
    }
    statement.as_array_mut().expect(NO_OBJECT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:sqs:us-east-1:000000000000:q";

    fn add(policy: Option<&str>, label: &str) -> Result<String, Error> {
        add_permission(policy, ARN, label, &["111122223333".into()], &["ReceiveMessage".into()])
    }

    #[test]
    fn the_form_of_policies() {
        let policy = |statement: &str| format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
        let good = r#"{"Sid":"a","Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}"#;
        let other = good.replace("\"a\"", "\"b\"").replace("\"sqs:*\"", r#"["SQS:SendMessage","*"]"#);
        let unnamed = good.replace("\"a\"", "\"\"");
        for fine in [
            policy(good),
            policy(&format!("[{good},{other}]")),
            policy(&format!("[{unnamed},{unnamed}]")),
            policy("[]"),
        ] {
            assert_eq!(check(&fine), Ok(()), "{fine}");
        }
        for bad in [
            "no policy".to_owned(),
            "[]".to_owned(),
            "{}".to_owned(),
            policy(good).replace("2012", "2011"),
            policy(&good.replace("Allow", "allow")),
            policy(&good.replace("Principal", "Principle")),
            policy(&good.replace("sqs:*", "sns:Publish")),
            policy(&other.replace("\"*\"]", "\"s3:GetObject\"]")),
            policy(&format!("[{good},{good}]")),
        ] {
            assert_eq!(check(&bad), Err(invalid_attribute_value("Policy")), "{bad}");
        }
    }

    #[test]
    fn policies_keep_within_their_quotas() {
        let statement = |number: usize| {
            json!({
                "Sid": number.to_string(), "Effect": "Allow", "Principal": "*", "Action": "sqs:*",
                "Condition": { "ArnEquals": { "aws:SourceArn": ARN } },
            })
        };
        let refusal = |statements: Vec<Value>| {
            let refusal = check(&json!({ "Statement": statements }).to_string()).err()?;
            Some((refusal.kind.code, refusal.kind.status, refusal.message))
        };
        let over = |message: &str| Some(("OverLimit", 403, message.to_owned()));
        let with = |member: &str, value: Value| {
            let mut statement = statement(0);
            statement[member] = value;
            vec![statement]
        };
        let accounts = |count: usize| -> Vec<String> { (0..count).map(|n| format!("{n:012}")).collect() };
        let keys = |count: usize| -> Map<String, Value> {
            (0..count).map(|n| (format!("aws:PrincipalTag/{n}"), json!("x"))).collect()
        };
        assert_eq!(refusal((0..20).map(statement).collect()), None);
        assert_eq!(
            refusal((0..21).map(statement).collect()),
            over("21 statements were found in the submitted policy, max allowed is 20")
        );
        assert_eq!(refusal(with("Action", json!(vec!["sqs:SendMessage"; 7]))), None);
        assert_eq!(
            refusal(with("Action", json!(vec!["sqs:SendMessage"; 10]))),
            over("10 actions were found in a statement from the submitted policy, max allowed is 7")
        );
        assert_eq!(refusal(with("Principal", json!({ "AWS": accounts(49), "Service": "a" }))), None);
        assert_eq!(
            refusal(with("Principal", json!({ "AWS": accounts(50), "Service": "a" }))),
            over("51 principals were found in a statement from the submitted policy, max allowed is 50")
        );
        assert_eq!(refusal(with("Condition", json!({ "StringLike": keys(9), "Bool": keys(1) }))), None);
        assert_eq!(
            refusal(with("Condition", json!({ "StringLike": keys(9), "Bool": keys(2) }))),
            over("11 conditions were found in a statement from the submitted policy, max allowed is 10")
        );
        let spaces = 8192 - json!({ "Statement": with("Sid", json!("")) }).to_string().len();
        assert_eq!(refusal(with("Sid", json!(" ".repeat(spaces)))), None);
        let too_long = over("Submitted policy is over max allowed size.");
        assert_eq!(refusal(with("Sid", json!(" ".repeat(spaces + 1)))), too_long);
    }

    #[test]
    fn a_policy_does_not_outgrow_its_quotas() {
        let grow = |accounts: &[String]| {
            let mut policy = None;
            for number in 0..30 {
                let actions = ["ReceiveMessage".to_owned()];
                match add_permission(policy.as_deref(), ARN, &number.to_string(), accounts, &actions) {
                    Ok(grown) => policy = Some(grown),
                    Err(refusal) => return (number, refusal.message),
                }
            }
            (30, String::new())
        };
        let most = "21 statements were found in the submitted policy, max allowed is 20".to_owned();
        assert_eq!(grow(&["111122223333".to_owned()]), (20, most));
        let accounts: Vec<String> = (0..50).map(|n| format!("{n:012}")).collect();
        assert_eq!(grow(&accounts), (4, "Submitted policy is over max allowed size.".to_owned()));
    }

    #[test]
    fn a_first_permission_makes_the_default_policy() {
        let policy: Value = serde_json::from_str(&add(None, "one").unwrap()).unwrap();
        let expected = json!({
            "Version": "2008-10-17",
            "Id": format!("{ARN}/SQSDefaultPolicy"),
            "Statement": [{
                "Sid": "one",
                "Effect": "Allow",
                "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
                "Action": "SQS:ReceiveMessage",
                "Resource": ARN,
            }],
        });
        assert_eq!(policy, expected);
    }

    #[test]
    fn labels_are_distinct_and_the_last_takes_the_policy_with_it() {
        let one = add(None, "one").unwrap();
        assert_eq!(
            add(Some(&one), "one").unwrap_err().message,
            "Value one for parameter Label is invalid. Reason: Already exists."
        );
        assert_eq!(
            remove_permission(Some(&one), ARN, "two").unwrap_err().message,
            "Value two for parameter Label is invalid. Reason: can't find label."
        );
        assert_eq!(remove_permission(Some(&one), ARN, "one"), Ok(None));
    }
}
