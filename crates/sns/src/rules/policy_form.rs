//! The form of topic policies, in AWS's order of authority: what callers of the real service were told, then its
//! documentation.
//!
//! AWS: SNS Developer Guide, "Amazon SNS API permissions: Actions and resources reference". A resource of another topic
//! is let through, since nobody says how it is refused; so are the services and federations a statement names.

use std::collections::HashSet;

use aws::{AccountId, Arn};
use policy::{either, is_like, statements, texts};
use serde_json::Value;

use super::policy::{ACTIONS, OUT_OF_SCOPE, PRINCIPAL_NOT_FOUND};

/// AWS's own words for whatever it cannot read (recorded: serverless/serverless#5519,
/// cloudposse/terraform-aws-sns-topic#44).
const UNREADABLE: &str = "Policy Error: null";

/// Recorded: Bayer-Group/cloudformation-template-generator#138, serverless-operations/serverless-step-functions#801. To
/// have no id is to have the same.
const SAME_ID: &str = "Every policy statement must have a unique ID";

/// Recorded by callers who named several topics in one statement; "0 is invalid", says the reference.
const NOT_ONE_RESOURCE: &str = "Policy statement must apply to a single resource!";

/// AWS: "Policy quotas" of the same page. What is said of more is not known.
const BYTES_MAX: usize = 30 * 1024;
const STATEMENTS_MAX: usize = 100;
const PRINCIPALS_MAX: usize = 200;
const TOO_LONG: &str = "Policy Error: a policy must have at most 30720 bytes";
const TOO_MANY_STATEMENTS: &str = "Policy Error: a policy must have at most 100 statements";
const TOO_MANY_PRINCIPALS: &str = "Policy Error: a policy statement must have at most 200 principals";

/// Refuses a `Policy` attribute that is no policy; answers the sentence after `Invalid parameter: `.
pub(crate) fn check(policy: &str) -> Result<(), String> {
    let document: Value = serde_json::from_str(policy).map_err(|_| UNREADABLE)?;
    check_quotas(&document)?;
    let mut ids = HashSet::new();
    for statement in statements(&document).filter(|all| !all.is_empty()).ok_or(UNREADABLE)? {
        check_statement(statement)?;
        let id = statement.get("Sid").and_then(Value::as_str).unwrap_or_default();
        if !ids.insert(id) {
            return Err(SAME_ID.to_owned());
        }
    }
    Ok(())
}

/// Refuses a policy that is more than a topic can have. Blanks that say nothing are not counted, in favour of whoever
/// wrote it to be read.
pub(super) fn check_quotas(document: &Value) -> Result<(), &'static str> {
    if document.to_string().len() > BYTES_MAX {
        return Err(TOO_LONG);
    }
    let statements = statements(document).unwrap_or_default();
    if statements.len() > STATEMENTS_MAX {
        return Err(TOO_MANY_STATEMENTS);
    }
    let principals = |statement: &Value| match either(statement, "Principal") {
        Some(Value::Object(kinds)) => kinds.values().map(|named| texts(named).count()).sum(),
        _ => 1,
    };
    let fits = statements.iter().all(|statement| principals(statement) <= PRINCIPALS_MAX);
    if fits { Ok(()) } else { Err(TOO_MANY_PRINCIPALS) }
}

fn check_statement(statement: &Value) -> Result<(), &'static str> {
    if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
        return Err(UNREADABLE);
    }
    check_principal(either(statement, "Principal").ok_or(UNREADABLE)?)?;
    let actions = either(statement, "Action").ok_or(OUT_OF_SCOPE)?;
    if !texts(actions).all(|action| action.is_some_and(is_in_scope)) {
        return Err(OUT_OF_SCOPE);
    }
    match either(statement, "Resource") {
        Some(resources) if texts(resources).count() == 1 => Ok(()),
        _ => Err(NOT_ONE_RESOURCE),
    }
}

fn check_principal(principal: &Value) -> Result<(), &'static str> {
    let kinds = match principal {
        Value::String(everybody) if everybody == "*" => return Ok(()),
        Value::Object(kinds) => kinds,
        _ => return Err(UNREADABLE),
    };
    // "1 to 200 (0 is invalid.)"
    if kinds.values().all(|named| texts(named).next().is_none()) {
        return Err(UNREADABLE);
    }
    let found = kinds.get("AWS").is_none_or(|named| texts(named).all(|text| text.is_some_and(is_somebody)));
    if found { Ok(()) } else { Err(PRINCIPAL_NOT_FOUND) }
}

/// Whether there may be such a user, role or account; accounts, users and roles nobody knows are all there.
fn is_somebody(text: &str) -> bool {
    let has_name = |resource: &str| resource.split_once('/').is_some_and(|(_, name)| !name.is_empty());
    let Some(arn) = Arn::parse(text) else {
        // An id stands for a user or role, such as one that was deleted.
        let is_id = text.len() >= 16
            && text.starts_with('A')
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        return text == "*" || is_id || AccountId::parse(text).is_some();
    };
    let kind = arn.resource.split('/').next().unwrap_or_default();
    let account = AccountId::parse(&arn.account).is_some();
    match (arn.service.as_str(), kind) {
        ("iam", "root") => account && arn.resource == "root",
        // CloudFront's origins are users of no account.
        ("iam", "user") => (account || arn.account == "cloudfront") && has_name(&arn.resource),
        ("iam", "role") | ("sts", "assumed-role" | "federated-user") => account && has_name(&arn.resource),
        _ => false,
    }
}

/// Whether an action can be done to a topic. `sns:*` cannot: it stands for more than that. A name with wildcards has to
/// mean something.
fn is_in_scope(action: &str) -> bool {
    if action == "*" {
        return true;
    }
    let Some((service, name)) = action.split_once(':') else { return false };
    let name = name.to_ascii_lowercase();
    service.eq_ignore_ascii_case("sns")
        && !name.bytes().all(|byte| byte == b'*')
        && ACTIONS.iter().any(|known| is_like(&name, &known.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check_of(statement: &Value) -> Result<(), String> {
        check(&json!({ "Statement": statement }).to_string())
    }

    /// A statement that is fine, with one member replaced or, by null, left out.
    fn with(name: &str, value: Value) -> Value {
        let arn = "arn:aws:sns:us-east-1:000000000000:t";
        let mut statement =
            json!({ "Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": arn });
        if value.is_null() {
            statement.as_object_mut().unwrap().remove(name);
        } else {
            statement[name] = value;
        }
        statement
    }

    #[track_caller]
    fn refused(name: &str, value: Value, sentence: &str) {
        assert_eq!(check_of(&with(name, value)), Err(sentence.to_owned()));
    }

    #[track_caller]
    fn taken(name: &str, value: Value) {
        assert_eq!(check_of(&with(name, value)), Ok(()));
    }

    #[test]
    fn a_policy_has_statements() {
        let key = Arn::parse("arn:aws:sns:us-east-1:000000000000:t").unwrap();
        let key = crate::rules::topic_arn::TopicKey::of_arn(&key).unwrap();
        assert_eq!(check(&crate::rules::policy::default_policy(&key)), Ok(()));
        for bad in
            ["", "no policy", "[]", "{}", r#"{"Statement":[]}"#, r#"{"Statement":[{"Effect":"Allow"}]}"#]
        {
            assert_eq!(check(bad), Err(UNREADABLE.to_owned()), "{bad}");
        }
        refused("Effect", json!("Maybe"), UNREADABLE);
        refused("Principal", Value::Null, UNREADABLE);
    }

    #[test]
    fn statements_are_told_apart() {
        let named = |sid: Option<&str>| with("Sid", sid.map_or(Value::Null, |sid| json!(sid)));
        assert_eq!(check_of(&json!([named(None)])), Ok(()));
        assert_eq!(check_of(&json!([named(Some("a")), named(Some("b")), named(None)])), Ok(()));
        for (one, other) in [(Some("a"), Some("a")), (None, None), (Some(""), None)] {
            let same = check_of(&json!([named(one), named(other)]));
            assert_eq!(same, Err(SAME_ID.to_owned()), "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_policy_has_an_end() {
        let many = |count: usize| (0..count).map(|n| with("Sid", json!(n.to_string()))).collect::<Vec<_>>();
        assert_eq!(check_of(&json!(many(100))), Ok(()));
        assert_eq!(check_of(&json!(many(101))), Err(TOO_MANY_STATEMENTS.to_owned()));
        let accounts = |count: usize| json!({ "AWS": vec!["111122223333"; count] });
        taken("Principal", accounts(200));
        refused("Principal", accounts(201), TOO_MANY_PRINCIPALS);
        let wide = |bytes: usize| {
            let blank = json!({ "Statement": with("Sid", json!("")) }).to_string().len();
            json!({ "Statement": with("Sid", json!("s".repeat(bytes - blank))) })
        };
        assert_eq!(check(&wide(BYTES_MAX).to_string()), Ok(()));
        assert_eq!(check(&serde_json::to_string_pretty(&wide(BYTES_MAX)).unwrap()), Ok(()));
        assert_eq!(check(&wide(BYTES_MAX + 1).to_string()), Err(TOO_LONG.to_owned()));
    }

    #[test]
    fn actions_are_those_of_topics() {
        for fine in [
            json!("sns:Publish"),
            json!(["SNS:publish", "sns:Receive", "sns:TagResource"]),
            json!("sns:Get*"),
            json!("sns:*ublis?"),
            json!("*"),
        ] {
            taken("Action", fine);
        }
        for foreign in [
            Value::Null,
            json!(7),
            json!("Publish"),
            json!(["sns:Publish", "sqs:SendMessage"]),
            json!("sns:*"),
            json!("sns:Unsubscribe"),
            json!("sns:CreateTopic"),
            json!("sns:Foo*"),
            json!("sns:"),
        ] {
            refused("Action", foreign, OUT_OF_SCOPE);
        }
    }

    #[test]
    fn a_statement_is_about_one_resource() {
        for fine in [json!("*"), json!(["arn:aws:sns:us-east-1:000000000000:t"])] {
            taken("Resource", fine);
        }
        for bad in [Value::Null, json!([]), json!(["arn:aws:sns:us-east-1:000000000000:t", "*"])] {
            refused("Resource", bad, NOT_ONE_RESOURCE);
        }
    }

    #[test]
    fn principals_are_accounts_users_and_roles() {
        let arn = |rest: &str| format!("arn:aws:{rest}");
        for fine in [
            "*".to_owned(),
            "111122223333".to_owned(),
            arn("iam::111122223333:root"),
            arn("iam::111122223333:user/division/bob"),
            arn("iam::111122223333:role/r"),
            arn("sts::111122223333:assumed-role/r/s"),
            arn("iam::cloudfront:user/CloudFront Origin Access Identity E15MNIMTCFKK4C"),
            "arn:aws-cn:iam::111122223333:root".to_owned(),
            "AIDAJQABLZS4A3QDU576Q".to_owned(),
        ] {
            taken("Principal", json!({ "AWS": fine }));
        }
        taken("Principal", json!({ "AWS": ["*", "111122223333"] }));
        taken("Principal", json!({ "Service": "s3.amazonaws.com", "AWS": [] }));
        for nobody in [
            "nonsense".to_owned(),
            "sns.amazonaws.com".to_owned(),
            "1234567689".to_owned(),
            arn("iam::123:root"),
            arn("iam::*:root"),
            arn("iam::111122223333:role/"),
            arn("sns:us-east-1:111122223333:t"),
        ] {
            refused("Principal", json!({ "AWS": nobody }), PRINCIPAL_NOT_FOUND);
        }
        refused("Principal", json!({ "AWS": ["*", "nonsense"] }), PRINCIPAL_NOT_FOUND);
        for unreadable in [json!({}), json!({ "AWS": [] }), json!("nonsense"), json!([])] {
            refused("Principal", unreadable, UNREADABLE);
        }
    }
}
