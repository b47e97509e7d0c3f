//! The conditions of a statement. AWS: IAM User Guide, "IAM JSON policy elements: Condition operators"; EventBridge User
//! Guide, "Using IAM policy conditions".
//!
//! A request has the keys that [`given`] knows. Any other is treated as IAM treats a key that a request does not have:
//! what asks for a value does not hold, what asks for another value does, and so does anything `IfExists`.

use serde_json::Value;

use super::access::Putting;
use super::wildcard::is_like;

/// Whether all conditions hold.
pub(super) fn hold(condition: &Value, putting: &Putting<'_>) -> bool {
    let Value::Object(operators) = condition else { return condition.is_null() };
    operators.iter().all(|(operator, keys)| {
        let Value::Object(keys) = keys else { return false };
        keys.iter().all(|(key, wanted)| holds(operator, &given(key, putting), wanted))
    })
}

/// What a request has for a key.
enum Given<'a> {
    Nothing,
    Text(&'a str),
    /// Whatever a condition names. There are no organizations here; who names one means its own accounts.
    Named,
}

fn given<'a>(key: &str, putting: &Putting<'a>) -> Given<'a> {
    match key.to_ascii_lowercase().as_str() {
        "events:source" => Given::Text(putting.source),
        "events:detail-type" => Given::Text(putting.detail_type),
        "aws:principalaccount" | "aws:sourceaccount" => Given::Text(putting.account.as_str()),
        "aws:principalorgid" | "aws:principalorgpaths" | "aws:sourceorgid" | "aws:sourceorgpaths" => {
            Given::Named
        }
        _ => Given::Nothing,
    }
}

fn holds(operator: &str, given: &Given<'_>, wanted: &Value) -> bool {
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
    let text = match given {
        Given::Text(text) => *text,
        Given::Named => return !negated,
        // AWS: IAM User Guide, "Set operators for multi-valued context keys": of nothing, all are as they should be and
        // none is.
        Given::Nothing if set == "ForAllValues" => return true,
        Given::Nothing if set == "ForAnyValue" => return if_exists,
        Given::Nothing => return if_exists || negated,
    };
    let fits: fn(&str, &str) -> bool = match operator.as_str() {
        "StringEquals" => |wanted, given| wanted == given,
        "StringEqualsIgnoreCase" => |wanted, given| wanted.eq_ignore_ascii_case(given),
        "StringLike" => is_like,
        // None of the keys has a number, a date, an address or an ARN.
        _ => return negated,
    };
    let any = match wanted {
        Value::Array(all) => all.iter().filter_map(Value::as_str).any(|wanted| fits(wanted, text)),
        one => one.as_str().is_some_and(|wanted| fits(wanted, text)),
    };
    any != negated
}
