//! JSON documents in attributes: policies.

use pattern::Kind;
use pattern::filter_policy::{self, FilterPolicyError, Scope};
use serde_json::Value;

/// Reads the document of the attribute `name`. One that is no JSON is refused with what the parser behind SNS says
/// (recorded: `test_validate_set_sub_attributes`); the sentence follows `Invalid parameter: `.
pub(crate) fn parse(name: &str, text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|_| {
        // The parser of patterns speaks as SNS's does. Where it reads on (very deep documents, numbers beyond all measure,
        // halves of surrogate pairs), what it says is about patterns and nothing to be told here.
        match filter_policy::compile(text, Scope::MessageBody) {
            Err(FilterPolicyError::Pattern(error)) if error.kind() == Kind::Syntax => {
                format!("{name}: {}", error.in_filter_policy())
            }
            _ => format!("{name}: failed to parse JSON."),
        }
    })
}

/// Whether a document says nothing: that takes a policy away.
pub(crate) fn is_empty(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || matches!(serde_json::from_str(text), Ok(Value::Object(members)) if members.is_empty())
}

/// Whether two attribute values mean the same: equal texts, or equal documents.
pub(crate) fn same(one: Option<&String>, other: Option<&String>) -> bool {
    let document = |text: &String| serde_json::from_str::<Value>(text).ok().filter(Value::is_object);
    match (one, other) {
        (Some(one), Some(other)) => {
            one == other || document(one).is_some_and(|document_one| Some(document_one) == document(other))
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_refused_in_the_parsers_words() {
        let refused = parse("RedrivePolicy", "invalid").unwrap_err();
        assert!(refused.starts_with(
            "RedrivePolicy: failed to parse JSON. Unrecognized token 'invalid': was expecting (JSON String"
        ));
        assert!(refused.ends_with("line: 1, column: 8]"), "{refused}");
    }

    #[test]
    fn what_only_patterns_could_read_is_refused_without_speaking_of_patterns() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for text in [deep.as_str(), r#"{"numRetries": 1e999}"#, r#"{"a": ["\ud800"]}"#] {
            assert_eq!(
                parse("DeliveryPolicy", text),
                Err("DeliveryPolicy: failed to parse JSON.".to_owned())
            );
        }
    }

    #[test]
    fn documents_are_compared_by_what_they_say() {
        let text = |text: &str| text.to_owned();
        assert!(same(Some(&text(r#"{"a": 1, "b": 2}"#)), Some(&text(r#"{"b":2,"a":1}"#))));
        assert!(!same(Some(&text("{\"a\": 1}")), Some(&text("{}"))));
        assert!(same(None, None) && !same(Some(&text("true")), None));
    }

    #[test]
    fn an_empty_document_says_nothing() {
        assert!(["", " ", "{}", "{ }"].into_iter().all(is_empty));
        assert!(["[]", "null", "{\"a\": 1}", "x"].into_iter().all(|text| !is_empty(text)));
    }
}
