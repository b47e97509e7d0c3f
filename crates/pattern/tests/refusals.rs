//! Patterns and filter policies that are refused, and in which words.

use pattern::filter_policy::{self, Scope};
use pattern::{Kind, Pattern};

/// The reason, and the positions after it as `line:column`.
fn refusal(text: &str) -> String {
    let error = Pattern::compile(text).expect_err("refused").to_string();
    let source = format!("\n at [Source: (String)\"{text}\"; line: ");
    error.replace(&source, " @").replace("; line: ", ":").replace(", column: ", ":").replace(']', "")
}

#[test]
fn broken_json_is_told_as_jackson_tells_it() {
    for (text, wanted) in [
        (
            "{'a':1}",
            "Unexpected character (''' (code 39)): was expecting double-quote to start field name @1:2",
        ),
        (
            r#"{"a" 1}"#,
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value @1:6",
        ),
        (
            "{\n\"a\":[1 2]}",
            "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries @2:8",
        ),
        (r#"{"a":["x]}"#, "Unexpected end-of-input: was expecting closing quote for a string value @1:11"),
        (r#"{"a":["\x"]}"#, "Unrecognized character escape 'x' (code 120) @1:9"),
        (r#"{"a":[01]}"#, "Invalid numeric value: Leading zeroes not allowed @1:8"),
        (
            r#"{"é日":[é]}"#,
            "Unrecognized token 'é': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') @1:9",
        ),
        ("", "Filter is not an object @1:1"),
    ] {
        assert_eq!(refusal(text), wanted, "{text}");
    }
    assert_eq!(Pattern::compile("nope").expect_err("refused").kind(), Kind::Syntax);
}

#[test]
fn an_error_inside_a_list_has_two_positions() {
    assert_eq!(
        refusal(r#"{"a":[{"anything-but":["x",null]}]}"#),
        "Inside anything but list, start|null|boolean is not supported. @1:32 @1:32"
    );
}

#[test]
fn a_long_pattern_is_quoted_in_part() {
    let text = format!(r#"{{"{}":1}}"#, "x".repeat(600));
    let error = Pattern::compile(&text).expect_err("refused").to_string();
    assert!(error.contains("\"[truncated 106 chars]; line: 1, column: 606]"), "{error}");
}

#[test]
fn the_limits_of_the_service_hold() {
    let objects: Vec<String> = (0..32).map(|number| format!(r#"{{"f{number}":[1]}}"#)).collect();
    let or = format!(r#""$or":[{}]"#, objects.join(","));
    assert!(Pattern::compile(&format!("{{{or}}}")).is_ok());
    let error = Pattern::compile(&format!("{{{or},{or}}}")).expect_err("1,024 combinations");
    assert_eq!(error.kind(), Kind::Limit);
    assert_eq!(
        refusal(r#"{"a":[{"wildcard":"*:*:*:*:*:event-bus/*"}]}"#),
        "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a \
         wildcard character"
    );
    let deep = format!("{}{}", r#"{"a":"#.repeat(2000), "}".repeat(2000));
    assert!(refusal(&deep).starts_with("Document nesting depth (1001) exceeds the maximum allowed"));
}

fn policy(text: &str, scope: Scope) -> String {
    filter_policy::compile(text, scope).err().map(|error| error.to_string()).unwrap_or_default()
}

fn list(values: usize) -> String {
    format!("[{}]", (0..values).map(|value| value.to_string()).collect::<Vec<_>>().join(","))
}

#[test]
fn filter_policies_have_limits_of_their_own() {
    use Scope::{MessageAttributes, MessageBody};
    let too_complex = "FilterPolicy: Filter policy is too complex";
    let flat = |a, b| format!(r#"{{"a":{},"b":{}}}"#, list(a), list(b));
    assert_eq!(policy(&flat(15, 10), MessageAttributes), "");
    assert_eq!(policy(&flat(15, 11), MessageAttributes), too_complex);
    // AWS: 3 * (6 + 4 * (4 + 7)) is accepted, 4 * (6 + 4 * (4 + 4)) is not.
    let or = |a, b, c, d, e| {
        let [a, b, c, d, e] = [a, b, c, d, e].map(list);
        format!(r#"{{"a":{a},"$or":[{{"b":{b}}},{{"c":{c},"$or":[{{"d":{d}}},{{"e":{e}}}]}}]}}"#)
    };
    assert_eq!(policy(&or(3, 6, 4, 4, 7), MessageBody), "");
    assert_eq!(policy(&or(4, 6, 4, 4, 4), MessageBody), too_complex);
    // Values count as often as they are deep.
    let nested = format!(r#"{{"a":{{"b":{}}}}}"#, list(75));
    assert_eq!(policy(&nested, MessageBody), "");
    assert_eq!(policy(&nested.replace("[0,", "[-1,0,"), MessageBody), too_complex);
    assert_eq!(
        policy(&nested, MessageAttributes),
        "Filter policy scope MessageAttributes does not support nested filter policy"
    );
    let keys = r#"{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}"#;
    assert_eq!(policy(keys, MessageAttributes), "FilterPolicy: Filter policy can not have more than 5 keys");
}

#[test]
fn filter_policies_know_an_older_set_of_operators() {
    let refused = policy(r#"{"a":[{"anything-but":{"suffix":"x"}}]}"#, Scope::MessageBody);
    assert!(
        refused.starts_with("FilterPolicy: Unsupported anything-but pattern: suffix\n at [Source: (String)")
    );
    assert_eq!(policy(r#"{"a":[{"anything-but":{"prefix":"x"}},{"suffix":"y"}]}"#, Scope::MessageBody), "");
}

#[test]
fn a_filter_policy_that_is_not_json_is_not_quoted() {
    assert_eq!(
        policy("invalid", Scope::MessageAttributes),
        "FilterPolicy: failed to parse JSON. Unrecognized token 'invalid': was expecting (JSON String, Number, Array, \
         Object or token 'null', 'true' or 'false')\n at [Source: REDACTED \
         (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 8]"
    );
}
