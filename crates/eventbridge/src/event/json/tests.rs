//! By hand, and against serde_json.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

#[track_caller]
fn check(text: &str, expected: Option<&str>) {
    assert_eq!(compact(text, ANY).as_deref(), expected, "{text:?}");
    let known: Result<Value, _> = serde_json::from_str(text);
    assert_eq!(known.is_ok(), expected.is_some(), "serde_json of {text:?}");
}

#[test]
fn white_space_goes_and_nothing_else() {
    check(" { \"b\" : 1.0 ,\n\t\"a\" : [ ] , \"a\" : { } } ", Some(r#"{"b":1.0,"a":[],"a":{}}"#));
    check(
        r#"[1e3, -0, 12345678901234567890, " a\u00e9\/ "]"#,
        Some(r#"[1e3,-0,12345678901234567890," a\u00e9\/ "]"#),
    );
    check(" null ", Some("null"));
    check("\"ä\"", Some("\"ä\""));
    check("[[[true]],{\"a\":{\"b\":[false,{}]}}]", Some("[[[true]],{\"a\":{\"b\":[false,{}]}}]"));
}

#[test]
fn what_is_not_json_is_refused() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "[",
        "[1",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "nul",
        "nulll",
        "True",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u12",
        "\"a\nb\"",
        "{}{}",
        "1 2",
        "{} x",
        "[}",
        "{]",
        "'a'",
        "[1]]",
        "-a",
        "\"\\",
    ] {
        check(text, None);
    }
}

#[test]
fn bounds_hold() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let bounds = Bounds { depth_max: 5, int64: true };
    assert!(compact(&deep(5), bounds).is_some());
    assert!(compact(&deep(6), bounds).is_none());
    assert!(compact(&deep(100_000), ANY).is_some(), "needs no stack");
    for (number, fits) in [
        ("9223372036854775807", true),
        ("9223372036854775808", false),
        ("-9223372036854775808", true),
        ("-9223372036854775809", false),
        ("9223372036854775808.0", true),
        ("1e99", true),
        ("-0", true),
    ] {
        assert_eq!(compact(number, bounds).is_some(), fits, "{number}");
    }
}

#[test]
fn several_values_are_counted() {
    let read = sequence("\"a\" \"b\"\n{\"c\": 1}[2] 3", ANY).unwrap_or_else(|at| panic!("at {at}"));
    assert_eq!((read.values, read.text.as_str()), (5, r#""a""b"{"c":1}[2]3"#));
    assert_eq!(sequence("[1, x]", ANY).err(), Some(4));
    assert_eq!(sequence("EC2", ANY).err(), Some(0));
}

#[test]
fn objects_and_arrays_come_apart() {
    let object = r#"{ "a" : "x,}" , "b\"":[1,{"c":2}],"d":null , "a": "\u00e9" }"#;
    let parts: Vec<_> = members(object).collect();
    assert_eq!(
        parts,
        [("\"a\"", "\"x,}\""), (r#""b\"""#, r#"[1,{"c":2}]"#), ("\"d\"", "null"), ("\"a\"", r#""\u00e9""#)]
    );
    assert_eq!(member(object, "a").map(text_of).as_deref(), Some("é"));
    assert_eq!(member(object, "b\""), Some(r#"[1,{"c":2}]"#));
    assert_eq!(member(object, "c"), None);
    assert_eq!(elements(" [ 1 , \"]\" ,[ ],{}] ").collect::<Vec<_>>(), ["1", "\"]\"", "[ ]", "{}"]);
    for empty in ["{}", "[]", "7", "\"x\"", "", "{", "null"] {
        assert_eq!((members(empty).count(), elements(empty).count()), (0, 0), "{empty:?}");
    }
}

#[test]
fn an_object_gets_more_members_and_keeps_its_own() {
    for (object, expected) in [
        ("{}", Some(r#"{"c":"","b":"x\"y"}"#)),
        (r#"{"n": 1e400, "d":1E2}"#, Some(r#"{"n":1e400,"d":1E2,"c":"","b":"x\"y"}"#)),
        (
            r#"{"n":0.10000000000000000555,"b":{},"\u0062":1,"e":"\u00e9"}"#,
            Some(r#"{"n":0.10000000000000000555,"e":"\u00e9","c":"","b":"x\"y"}"#),
        ),
        ("[]", None),
        ("\"{}\"", None),
        ("{", None),
        ("", None),
    ] {
        let more = [("b", "x"), ("c", ""), ("b", "x\"y")];
        assert_eq!(with_texts(object, more).as_deref(), expected, "{object}");
    }
}

#[test]
fn strings_are_read_and_written() {
    for (literal, text) in
        [("\"a\\\"b\"", "a\"b"), ("\"a\"", "a"), ("1.0", "1.0"), (r#""\ud800x""#, r"\ud800x")]
    {
        assert_eq!(text_of(literal), text);
    }
    let mut out = String::new();
    push_string(&mut out, "a\"\\\né");
    assert_eq!(out, r#""a\"\\\né""#);
}

/// Any JSON with a few members, elements and levels.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn any_json_is_kept_and_comes_apart(value in any_value()) {
        let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
        let kept = compact(&pretty, ANY);
        prop_assert_eq!(&kept, &Some(value.to_string()));
        for text in [pretty.as_str(), kept.as_deref().unwrap_or_default()] {
            let read = |part: &str| serde_json::from_str::<Value>(part).ok();
            let elements: Vec<Option<Value>> = elements(text).map(read).collect();
            let expected = value.as_array().into_iter().flatten().cloned().map(Some);
            prop_assert_eq!(elements, expected.collect::<Vec<_>>());
            for (name, inner) in value.as_object().into_iter().flatten() {
                prop_assert_eq!(member(text, name).and_then(read), Some(inner.clone()));
            }
            prop_assert_eq!(members(text).count(), value.as_object().map_or(0, serde_json::Map::len));
        }
    }

    #[test]
    fn any_soup_of_letters_is_judged_as_serde_json_does(text in "[\\[\\]{}:,\"\\\\ \n01.-]{0,12}") {
        let known = serde_json::from_str::<Value>(&text).is_ok();
        prop_assert_eq!(compact(&text, ANY).is_some(), known, "{:?}", text);
        // Texts that are no JSON come apart somehow, without a panic.
        let _ = (members(&text).count(), elements(&text).count(), member(&text, "0"), text_of(&text));
    }
}
