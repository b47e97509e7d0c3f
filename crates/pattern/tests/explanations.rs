//! Why an event does not match.

use pattern::{AttributeValue, Event, Pattern, explain};

fn check(pattern: &str, event: &str, wanted: &str) {
    let pattern = Pattern::compile(pattern).expect("a pattern");
    let event = Event::parse(event).expect("an object");
    assert_eq!(explain(&pattern, &event).map(|why| why.to_string()).unwrap_or_default(), wanted);
}

#[test]
fn the_first_field_that_fails_is_named() {
    let pattern =
        r#"{"source":["aws.ec2"],"detail":{"state":["running",{"prefix":"st"}],"n":[{"numeric":[">",5]}]}}"#;
    check(pattern, r#"{"source":"aws.ec2","detail":{"state":"stopped","n":6}}"#, "");
    check(
        pattern,
        r#"{"source":"aws.ec2","detail":{"state":"gone","n":6}}"#,
        r#"detail.state: the pattern wants ["running", {"prefix":"st"}], the event has "gone""#,
    );
    check(
        pattern,
        r#"{"source":"aws.ec2","detail":{"state":"running"}}"#,
        r#"detail.n: the pattern wants [{"numeric":[">",5]}], the event has no such field"#,
    );
}

#[test]
fn fields_of_different_array_elements_do_not_match_together() {
    check(
        r#"{"a":{"x":[1],"y":[2]}}"#,
        r#"{"a":[{"x":1,"y":3},{"x":4,"y":2}]}"#,
        "the fields match, but in different elements of an array; the last is a.y: [2]",
    );
}

#[test]
fn of_several_branches_the_nearest_is_explained() {
    check(
        r#"{"$or":[{"a":[1],"b":[1],"c":[1]},{"a":[2],"d":[1]}]}"#,
        r#"{"a":1,"b":1,"c":2}"#,
        "c: the pattern wants [1], the event has 2",
    );
}

#[test]
fn attributes_are_values_of_their_type() {
    let matches = |pattern: &str, value| {
        let event = Event::from_attributes([("a.b", value)]);
        Pattern::compile(pattern).expect("a pattern").matches(&event)
    };
    assert!(matches(r#"{"a":{"b":["1"]}}"#, AttributeValue::Text("1")));
    assert!(!matches(r#"{"a":{"b":[1]}}"#, AttributeValue::Text("1")));
    assert!(matches(r#"{"a":{"b":[{"numeric":["=",100]}]}}"#, AttributeValue::Number("1e2")));
    assert!(matches(r#"{"a.b":["y"]}"#, AttributeValue::Array(r#"["x","y",1,null]"#)));
    assert!(matches(r#"{"a.b":[null]}"#, AttributeValue::Array(r#"["x","y",1,null]"#)));
    assert!(!matches(r#"{"a.b":[{"exists":true}]}"#, AttributeValue::Array("not json")));
}
