//! The conditions of a statement. AWS: IAM User Guide, "IAM JSON policy elements: Condition operators"; EventBridge User
//! Guide, "Using IAM policy conditions".
//!
//! A request has the keys that [`given`] knows. Any other is treated as IAM treats a key that a request does not have:
//! what asks for a value does not hold, what asks for another value does, and so does anything `IfExists`.

use std::borrow::Cow;

use policy::is_like;
use serde_json::Value;

use super::access::Asking;

/// Whether all conditions hold.
pub(super) fn hold(condition: &Value, asking: &Asking<'_>) -> bool {
    let Value::Object(operators) = condition else { return condition.is_null() };
    operators.iter().all(|(operator, keys)| {
        let Value::Object(keys) = keys else { return false };
        keys.iter().all(|(key, wanted)| holds(operator, &given(key, asking), wanted, asking))
    })
}

/// A text of a policy with the one variable that buses' policies are written with.
pub(super) fn filled<'a>(text: &'a str, asking: &Asking<'_>) -> Cow<'a, str> {
    if !text.contains("${") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("${aws:PrincipalAccount}", asking.account.as_str()))
}

/// What a request has for a key.
enum Given<'a> {
    Nothing,
    Texts(Vec<Cow<'a, str>>),
    /// Whatever a condition names: organizations, which there are none of here (who names one means its own accounts), and
    /// where and when a request came from, which a test cannot choose.
    Named,
}

fn text(text: &str) -> Given<'_> {
    Given::Texts(vec![Cow::Borrowed(text)])
}

fn given<'a>(key: &str, asking: &Asking<'a>) -> Given<'a> {
    match key.to_ascii_lowercase().as_str() {
        "aws:principalaccount" | "aws:sourceaccount" => text(asking.account.as_str()),
        // AWS: IAM User Guide, "AWS global condition context keys": these are in every request.
        "aws:securetransport" => text("true"),
        "aws:principalisawsservice" | "aws:viaawsservice" => text("false"),
        "aws:requestedregion" => text(asking.resource.split(':').nth(3).unwrap_or_default()),
        "aws:principalarn" => {
            let partition = asking.resource.split(':').nth(1).unwrap_or("aws");
            Given::Texts(vec![format!("arn:{partition}:iam::{}:root", asking.account).into()])
        }
        "aws:principalorgid"
        | "aws:principalorgpaths"
        | "aws:sourceorgid"
        | "aws:sourceorgpaths"
        | "aws:currenttime"
        | "aws:epochtime"
        | "aws:sourceip" => Given::Named,
        key => {
            let has = asking.keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
            let values = has.into_iter().flat_map(|(_, values)| values);
            let texts: Vec<Cow<'_, str>> = values.map(|value| Cow::Borrowed(value.as_str())).collect();
            if texts.is_empty() { Given::Nothing } else { Given::Texts(texts) }
        }
    }
}

fn holds(operator: &str, given: &Given<'_>, wanted: &Value, asking: &Asking<'_>) -> bool {
    let (set, operator) = match operator.split_once(':') {
        Some((set, operator)) => (set, operator),
        None => ("", operator),
    };
    if operator == "Null" {
        let wants_nothing = wanted == &Value::Bool(true) || wanted.as_str() == Some("true");
        return matches!(given, Given::Nothing) == wants_nothing;
    }
    let (if_exists, operator) = match operator.strip_suffix("IfExists") {
        Some(operator) => (true, operator),
        None => (false, operator),
    };
    // `StringNotEquals`, `ArnNotLike`, `NotIpAddress` …
    let (negated, operator) = (operator.contains("Not"), operator.replacen("Not", "", 1));
    let texts = match given {
        Given::Texts(texts) => texts,
        Given::Named => return !negated,
        // AWS: IAM User Guide, "Set operators for multi-valued context keys": of nothing, all are as they should be and
        // none is.
        Given::Nothing if set == "ForAllValues" => return true,
        Given::Nothing if set == "ForAnyValue" => return if_exists,
        Given::Nothing => return if_exists || negated,
    };
    let fits: fn(&str, &str) -> bool = match operator.as_str() {
        "StringEquals" => |wanted, given| wanted == given,
        "StringEqualsIgnoreCase" | "Bool" => |wanted, given| wanted.eq_ignore_ascii_case(given),
        "StringLike" | "ArnEquals" | "ArnLike" => is_like,
        // None of the keys has a number, a date or an address.
        _ => return negated,
    };
    let wanted = match wanted {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let written = |wanted: &Value| match wanted {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    };
    let holds_of = |text: &Cow<'_, str>| {
        let mut wanted = wanted.iter().filter_map(written);
        wanted.any(|wanted| fits(&filled(&wanted, asking), text)) != negated
    };
    // Without a word about several values, one that is not to be there must not be among them.
    if set == "ForAllValues" || set.is_empty() && negated {
        texts.iter().all(holds_of)
    } else {
        texts.iter().any(holds_of)
    }
}
