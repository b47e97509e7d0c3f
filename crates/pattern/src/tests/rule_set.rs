//! What a set of rules does that one pattern does not.

use crate::{Pattern, RuleSet};

fn set(patterns: &[&str]) -> RuleSet<String> {
    let mut set = RuleSet::new();
    for text in patterns {
        let pattern = Pattern::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        set.insert((*text).to_owned(), &pattern);
    }
    set
}

fn check(patterns: &[&str], event: &str, wanted: &[&str]) {
    assert_eq!(
        set(patterns).matches_json(event),
        Ok(wanted.iter().map(|text| (*text).to_owned()).collect()),
        "{event}"
    );
}

#[test]
fn each_rule_is_told_once_and_in_order() {
    let several = r#"{"$or":[{"a":[1,{"numeric":[">",0]}]},{"b":[{"exists":true}]}]}"#;
    check(&[several, r#"{"a":[1]}"#], r#"{"a":[1,1.0,2],"b":[1,2]}"#, &[several, r#"{"a":[1]}"#]);
}

#[test]
fn rules_that_need_no_value_are_asked_always() {
    let absent = r#"{"a":[{"exists":false}]}"#;
    check(&[absent, r#"{"a":[1]}"#], "{}", &[absent]);
    check(&[absent, r#"{"a":[1]}"#], r#"{"a":1}"#, &[r#"{"a":[1]}"#]);
}

#[test]
fn two_exclusions_in_one_list_exclude_nothing() {
    let both = r#"{"a":[{"anything-but":"x"},{"anything-but":"y"}]}"#;
    check(&[both], r#"{"a":"x"}"#, &[both]);
}

#[test]
fn a_key_that_is_taken_gets_the_new_pattern() {
    let compile = |text| Pattern::compile(text).unwrap_or_else(|error| panic!("{error}"));
    let mut set = RuleSet::new();
    set.insert(1, &compile(r#"{"a":["x"]}"#));
    set.insert(1, &compile(r#"{"b":["x"]}"#));
    assert_eq!(set.matches_json(r#"{"a":"x"}"#), Ok(vec![]));
    assert_eq!(set.matches_json(r#"{"a":"y","b":"x"}"#), Ok(vec![1]));
    assert_eq!(set.len(), 1);
}

#[test]
fn empty_keys_are_as_odd_as_the_library_has_them() {
    let (dotted, nested) = (r#"{".a":["x"]}"#, r#"{"":{"a":["x"]}}"#);
    check(&[dotted, nested], r#"{"":{"a":"x"}}"#, &[dotted]);
    check(&[dotted, nested], r#"{"a":"x"}"#, &[nested]);
    let inner = r#"{"a.":["x"]}"#;
    check(&[inner], r#"{"a.":"x"}"#, &[inner]);
    check(&[inner], r#"{"a":{"":"x"}}"#, &[]);
}

#[test]
fn what_no_rule_asks_for_is_passed_over() {
    let wanted = r#"{"detail":{"b":["x"]}}"#;
    check(
        &[wanted],
        r#"{"big":[{"detail":{"b":"x"}},"]}\"{"],"detail":{"a":{"b":"x"},"b":"x","c":[[]]}}"#,
        &[wanted],
    );
}

#[test]
fn arrays_that_do_not_touch_are_tried_for_themselves() {
    let fields = ["a", "b", "c", "d", "e", "f"];
    let pattern: Vec<String> = fields
        .iter()
        .map(|field| format!(r#""{field}":{{"x":[1],"y":[{}]}}"#, 1 + usize::from(*field == "f")))
        .collect();
    let pattern = format!("{{{}}}", pattern.join(","));
    let elements = vec![r#"{"x":1,"y":1}"#; 200].join(",");
    let event: Vec<String> =
        fields.iter().map(|field| format!(r#""{field}":[{elements},{{"y":2}}]"#)).collect();
    check(&[&pattern], &format!("{{{}}}", event.join(",")), &[]);
}
