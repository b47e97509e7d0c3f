//! Whatever comes in, nothing panics; whatever text goes out, a parser gets it back.

mod common;

use common::{SERVICES, Tree, outcome, request};
use proptest::prelude::*;
use protocol::{ReplyForm, Target, encode_output, encode_rejection};
use quick_xml::Reader;
use quick_xml::events::Event;

const HEADS: [&str; 4] = [
    "POST /\nContent-Type: application/x-amz-json-1.0\nX-Amz-Target: AmazonSQS.SendMessage",
    "POST /\nContent-Type: application/x-amz-json-1.1\nX-Amz-Target: AWSEvents.Everything",
    "POST /\nContent-Type: application/x-www-form-urlencoded",
    "POST /\nAccept: application/json",
];

/// Reads a body every way there is; an answer can be given to whatever comes of it.
fn survives(body: &[u8]) {
    for head in HEADS {
        let parts = request(head);
        if let Err(rejection) = outcome(&parts, body, None) {
            let answer = encode_rejection(&rejection, "id");
            assert!(answer.status().is_client_error());
            assert!(std::str::from_utf8(answer.body()).is_ok());
        }
    }
}

/// The text of the first element of this name, as an XML parser reads it.
fn element_text(document: &str, name: &str) -> String {
    let mut reader = Reader::from_str(document);
    let mut inside = false;
    let mut found = String::new();
    loop {
        match reader.read_event().expect("a document that parses") {
            Event::Start(start) if start.name().as_ref() == name => inside = true,
            Event::End(end) if end.name().as_ref() == name => inside = false,
            Event::Text(text) if inside => found.push_str(&text),
            Event::GeneralRef(reference) if inside => match reference.resolve_char_ref() {
                Ok(Some(letter)) => found.push(letter),
                _ => found
                    .push_str(quick_xml::escape::resolve_predefined_entity(&reference).expect("an entity")),
            },
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn legal(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

fn target(form: ReplyForm) -> Target {
    let service = SERVICES[0];
    let operation =
        service.operations.iter().find(|known| known.name == "ReceiveMessage").expect("an operation");
    Target { service, operation, form }
}

fn answer_with(body: &str, form: ReplyForm) -> String {
    let message = Tree::Structure(&common::MESSAGE, vec![("Body", common::text(body))]);
    let output = Tree::Structure(&common::RECEIVE_OUTPUT, vec![("Messages", Tree::List(vec![message]))]);
    let answer = encode_output(&target(form), "id", &output);
    String::from_utf8(answer.body().to_vec()).expect("UTF-8")
}

/// Pieces of which nearly right requests are made.
fn pieces() -> impl Strategy<Value = String> {
    let json = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\u",
        "d800",
        "null",
        "1e9",
        "-",
        "\"DelaySeconds\"",
        "\"MessageAttributes\"",
        "\"a\"",
    ];
    let form = [
        "Action=SendMessage",
        "Action=Everything",
        "&",
        "=",
        ".",
        "MessageAttribute",
        "1",
        "99999999999",
        "Name",
        "Value",
        "%",
        "+",
        "Keys",
        "member",
        "At",
        "Entry",
    ];
    let piece = proptest::sample::select([&json[..], &form[..]].concat());
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Text rich in what the writers must look at twice, longer than the chunks they look at.
fn texts() -> impl Strategy<Value = String> {
    let special = proptest::sample::select(
        "\0\u{1}\u{8}\t\n\u{c}\r\u{1f}\"\\\\&<>'é\u{F8FF}\u{FEFF}\u{FFFD}\u{FFFE}\u{FFFF}😀"
            .chars()
            .collect::<Vec<_>>(),
    );
    let letter = prop_oneof![4 => Just('a'), 2 => special, 1 => any::<char>()];
    proptest::collection::vec(letter, 0..90).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        survives(&body);
    }

    #[test]
    fn no_nearly_right_request_panics(body in pieces(), form in pieces()) {
        survives(body.as_bytes());
        survives(format!("Action=Everything&{form}").as_bytes());
        survives(format!("Action=SendMessage&MessageAttribute.{form}").as_bytes());
        survives(format!("{{\"MessageAttributes\":{{\"a\":{body}}}}}").as_bytes());
    }

    #[test]
    fn every_text_comes_back_from_xml(body in texts()) {
        let expected: String = body.chars().map(|letter| if legal(letter) { letter } else { '\u{FFFD}' }).collect();
        prop_assert_eq!(element_text(&answer_with(&body, ReplyForm::Xml), "Body"), expected);
    }

    #[test]
    fn every_text_comes_back_from_json(body in texts()) {
        let answer = answer_with(&body, ReplyForm::Json10);
        let value: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        prop_assert_eq!(value["Messages"][0]["Body"].as_str(), Some(body.as_str()));
    }
}
