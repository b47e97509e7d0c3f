//! How a resource policy is written: statements, elements and their opposites, wildcards.
//!
//! *Knows*: the grammar of IAM's policy language, as far as the services share it.
//! *Must not know*: which policies a service takes, and with which words it refuses the others.
//!
//! Start at [`statements`]. AWS: IAM User Guide, "Grammar of the IAM JSON policy language".

use std::slice;

use serde_json::Value;

/// The statements of a policy, of which a single one may stand without a list; nothing in place of anything else.
pub fn statements(policy: &Value) -> Option<&[Value]> {
    match policy.get("Statement")? {
        Value::Array(statements) => Some(statements),
        statement @ Value::Object(_) => Some(slice::from_ref(statement)),
        _ => None,
    }
}

/// An element of a statement, or the one that says the contrary: `NotAction` for `Action`.
pub fn either<'a>(statement: &'a Value, element: &str) -> Option<&'a Value> {
    statement.get(element).or_else(|| statement.get(format!("Not{element}")))
}

/// A list's texts, or the one that stands for a list of itself; nothing in place of what is no text.
pub fn texts(value: &Value) -> impl Iterator<Item = Option<&str>> {
    value.as_array().map_or(slice::from_ref(value), Vec::as_slice).iter().map(Value::as_str)
}

/// How AWS writes texts: one stands without a list.
pub fn one_or_many(mut texts: impl ExactSizeIterator<Item = String>) -> Value {
    if texts.len() == 1 { texts.next().into() } else { texts.collect::<Vec<_>>().into() }
}

/// Whether a text is like another in which `*` stands for any text and `?` for one character. Greedy, with one place to
/// come back to, so it is never slow.
pub fn is_like(wanted: &str, given: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_single_statement_need_not_stand_in_a_list() {
        let one = json!({ "Effect": "Allow" });
        assert_eq!(statements(&json!({ "Statement": one })), Some([one.clone()].as_slice()));
        assert_eq!(statements(&json!({ "Statement": [one, one] })).map(<[Value]>::len), Some(2));
        assert_eq!(statements(&json!({ "Statement": [] })), Some([].as_slice()));
        for none in [json!({}), json!({ "Statement": "all" }), json!([])] {
            assert_eq!(statements(&none), None, "{none}");
        }
    }

    #[test]
    fn an_element_or_its_opposite() {
        assert_eq!(either(&json!({ "Action": "a" }), "Action"), Some(&json!("a")));
        assert_eq!(either(&json!({ "NotAction": "b" }), "Action"), Some(&json!("b")));
        assert_eq!(either(&json!({ "Action": "a" }), "Principal"), None);
    }

    #[test]
    fn a_single_text_need_not_stand_in_a_list() {
        let read = |value: &Value| texts(value).map(|text| text.map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(read(&json!("a")), [Some("a".to_owned())]);
        assert_eq!(read(&json!(["a", 1])), [Some("a".to_owned()), None]);
        assert_eq!(one_or_many(["a".to_owned()].into_iter()), json!("a"));
        assert_eq!(one_or_many(["a".to_owned(), "b".to_owned()].into_iter()), json!(["a", "b"]));
    }

    #[test]
    fn stars_and_question_marks() {
        for (wanted, given, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c*e", "abcde", true),
            ("a*c*d", "abcde", false),
            ("a?c", "abc", true),
            ("a?", "a", false),
            ("A", "a", false),
            ("*ab", "aab", true),
            ("?", "ä", true),
        ] {
            assert_eq!(is_like(wanted, given), expected, "{wanted} {given}");
        }
    }
}
