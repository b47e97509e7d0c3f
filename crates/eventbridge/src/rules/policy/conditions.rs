//! The conditions of a statement. AWS: IAM User Guide, "IAM JSON policy elements: Condition operators"; EventBridge User
//! Guide, "Using IAM policy conditions".

use serde_json::Value;

use super::Putting;

/// Whether all conditions hold.
pub(super) fn hold(condition: &Value, putting: &Putting<'_>) -> bool {
    let Value::Object(operators) = condition else { return condition.is_null() };
    operators.iter().all(|(operator, keys)| {
        let Value::Object(keys) = keys else { return false };
        keys.iter().all(|(key, wanted)| holds(operator, key, wanted, putting))
    })
}

fn holds(operator: &str, key: &str, wanted: &Value, putting: &Putting<'_>) -> bool {
    let given = match key.to_ascii_lowercase().as_str() {
        "events:source" => putting.source,
        "events:detail-type" => putting.detail_type,
        "aws:principalaccount" | "aws:sourceaccount" => putting.account.as_str(),
        // There are no organizations here; who names one means its own accounts.
        "aws:principalorgid" => return true,
        _ => return false,
    };
    let any = |fits: fn(&str, &str) -> bool| match wanted {
        Value::Array(all) => all.iter().filter_map(Value::as_str).any(|wanted| fits(wanted, given)),
        one => one.as_str().is_some_and(|wanted| fits(wanted, given)),
    };
    let operator = operator.trim_start_matches("ForAnyValue:").trim_start_matches("ForAllValues:");
    match operator.trim_end_matches("IfExists") {
        "StringEquals" => any(|wanted, given| wanted == given),
        "StringNotEquals" => !any(|wanted, given| wanted == given),
        "StringEqualsIgnoreCase" => any(|wanted, given| wanted.eq_ignore_ascii_case(given)),
        "StringNotEqualsIgnoreCase" => !any(|wanted, given| wanted.eq_ignore_ascii_case(given)),
        "StringLike" => any(is_like),
        "StringNotLike" => !any(is_like),
        _ => false,
    }
}

/// `*` stands for any text, `?` for one character. Greedy, with one place to come back to, so it is never slow.
fn is_like(wanted: &str, given: &str) -> bool {
    let (wanted, given): (Vec<char>, Vec<char>) = (wanted.chars().collect(), given.chars().collect());
    let (mut at, mut of, mut star) = (0, 0, None);
    while of < given.len() {
        if wanted.get(at) == Some(&'*') {
            star = Some((at, of));
            at += 1;
        } else if wanted.get(at).is_some_and(|letter| *letter == '?' || *letter == given[of]) {
            at += 1;
            of += 1;
        } else if let Some((star_at, star_of)) = star {
            star = Some((star_at, star_of + 1));
            at = star_at + 1;
            of = star_of + 1;
        } else {
            return false;
        }
    }
    wanted[at..].iter().all(|letter| *letter == '*')
}
