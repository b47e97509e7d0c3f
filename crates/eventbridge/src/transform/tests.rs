//! Every recorded row, where the corpus is there, and our own cases.

use serde_json::Value;

use super::*;
use crate::event::{self, Event, rows};

const VARIABLES: Variables<'_> = Variables {
    rule_arn: "arn:aws:events:us-east-1:111111111111:rule/bus/rule",
    rule_name: "rule",
    ingestion_time_ms: 1_447_277_394_500,
};

/// A target as a row of the corpus has it.
fn compile(row: &Value) -> Result<InputShape, InvalidInput> {
    let paths: Vec<(String, String)> = row["InputPathsMap"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, path)| (name.clone(), path.as_str().unwrap_or_default().to_owned()))
        .collect();
    let transformer = row["InputTemplate"].as_str().map(|template| Transformer { paths: &paths, template });
    let (input, input_path) = (row["Input"].as_str(), row["InputPath"].as_str());
    InputShape::compile(&TargetInput { input, input_path, transformer }, "<target-id>")
}

/// What a row's event is here: recordings have words in place of what changes.
fn event_of(row: &Value) -> String {
    let event = &row["event"];
    let text = |name: &str| event[name].as_str().unwrap_or_default();
    Event {
        id: text("id"),
        detail_type: text("detail-type"),
        source: text("source"),
        account: text("account"),
        time_ms: 0,
        region: text("region"),
        replay_name: None,
        resources: &[],
        detail: &event["detail"].to_string(),
    }
    .to_json()
    .replace("1970-01-01T00:00:00Z", "date")
}

#[test]
fn recorded_transformations_come_out_the_same() {
    let variables = Variables {
        rule_arn: "arn:<partition>:events:<region>:111111111111:rule/<bus-name>/<rule-name>",
        rule_name: "<rule-name>",
        ingestion_time_ms: 0,
    };
    let mut wrong = Vec::new();
    for row in rows::of("input-transformer.jsonl") {
        let shape = compile(&row);
        if let Some(error) = row["error"].as_str() {
            // The row names only what it is about, not the target.
            let both = TargetInput {
                input_path: Some("$.detail"),
                transformer: Some(Transformer { paths: &[], template: "\"x\"" }),
                ..TargetInput::default()
            };
            let refusal = InputShape::compile(&both, "<target-id>").expect_err("both are given");
            assert_eq!(refusal.to_string(), error);
            continue;
        }
        let body = shape.expect("a recorded target").apply(&event_of(&row), &variables);
        let body = body.map(|body| body.replace("1970-01-01T00:00:00Z", "date"));
        let right = if row["delivered"] == Value::Bool(false) {
            body == Err(NotDeliverable::NotJson)
        } else if let Some(text) = row["output_text"].as_str() {
            body.as_deref() == Ok(text)
        } else {
            body.as_deref().map(|body| serde_json::from_str(body).ok())
                == Ok(Some(row["output_json"].clone()))
        };
        if !right {
            wrong.push(format!("{row}\n  gives {body:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The example event of the page "Amazon EventBridge input transformation".
fn example() -> String {
    Event {
        id: "7bf73129-1428-4cd3-a780-95db273d1602",
        detail_type: "EC2 Instance State-change Notification",
        source: "aws.ec2",
        account: "123456789012",
        time_ms: 1_447_277_394_000,
        region: "us-east-1",
        replay_name: None,
        resources: &["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111".to_owned()],
        detail: r#"{"instance-id":"i-0123456789","state":"RUNNING","n":1.50,"no":null,"say":"\"hi\"\n","o":{"a":[1,"b"]}}"#,
    }
    .to_json()
}

fn transformed(template: &str) -> Result<String, String> {
    let paths = [
        ("timestamp", "$.time"),
        ("instance", "$.detail.instance-id"),
        ("state", "$.detail.state"),
        ("n", "$.detail.n"),
        ("no", "$.detail.no"),
        ("say", "$.detail.say"),
        ("o", "$.detail.o"),
        ("missing", "$.detail.nowhere"),
        ("broken", "detail["),
    ]
    .map(|(name, path)| (name.to_owned(), path.to_owned()));
    let transformer = Some(Transformer { paths: &paths, template });
    let target = TargetInput { transformer, ..TargetInput::default() };
    let shape = InputShape::compile(&target, "t1").map_err(|refusal| refusal.to_string())?;
    shape.apply(&example(), &VARIABLES).map_err(|fault| fault.to_string())
}

#[track_caller]
fn gives(template: &str, expected: &str) {
    assert_eq!(transformed(template).as_deref(), Ok(expected), "{template}");
}

#[test]
fn examples_of_the_documentation() {
    gives("\"instance <instance> is in <state>\"", "\"instance i-0123456789 is in RUNNING\"");
    gives(r#""instance \"<instance>\" is in <state>""#, r#""instance \"i-0123456789\" is in RUNNING""#);
    gives(
        "{\n  \"instance\" : <instance>,\n  \"state\": <state>\n}",
        r#"{"instance":"i-0123456789","state":"RUNNING"}"#,
    );
    gives(
        r#"{ "instance" : <instance>, "state": "<state>", "instanceStatus": "instance \"<instance>\" is in <state>" }"#,
        r#"{"instance":"i-0123456789","state":"RUNNING","instanceStatus":"instance \"i-0123456789\" is in RUNNING"}"#,
    );
    gives(
        "{ \"instance\" : <instance>, \"state\": [ 9, <state>, true ], \"Transformed\" : \"Yes\" }\n",
        r#"{"instance":"i-0123456789","state":[9,"RUNNING",true],"Transformed":"Yes"}"#,
    );
    gives("\"<aws.events.rule-name> triggered\"", "\"rule triggered\"");
}

#[test]
fn values_keep_their_kind_outside_quotes() {
    gives(
        "{\"n\": <n>, \"no\": <no>, \"say\": <say>, \"o\": <o>, \"m\": <missing>, \"b\": <broken>}",
        r#"{"n":1.50,"no":null,"say":"\"hi\"\n","o":{"a":[1,"b"]},"m":"","b":""}"#,
    );
    gives("<instance>", "\"i-0123456789\"");
    gives("<o>", r#"{"a":[1,"b"]}"#);
    gives("<o>\n", "{\"a\":[1,\"b\"]}\n");
    gives("<missing>", "\"\"");
    gives("[<n>,<n>]", "[1.50,1.50]");
}

#[test]
fn values_are_text_within_quotes() {
    gives("\"<n> <no> <missing>.\"", "\"1.50 null .\"");
    gives("\"<o>\"", "\"{a:[1,b]}\"");
    gives("\"<say>\"", "\"\"hi\"\n\"");
    gives("\"<o>\"\n\"<instance>\"", "\"{a:[1,b]}\"\n\"i-0123456789\"");
    gives("{\"a\": \"<n>/<missing>/<instance>\"}", r#"{"a":"1.50//i-0123456789"}"#);
}

#[test]
fn json_templates_that_become_no_json_are_not_delivered() {
    for template in [r#"{"a": "<o>"}"#, r#"{"a": "<say>"}"#, r#"["<aws.events.event.json>"]"#] {
        let fault = "The input transformer's result is not valid JSON.".to_owned();
        assert_eq!(transformed(template), Err(fault), "{template}");
    }
}

#[test]
fn results_have_an_end() {
    let template = format!("[{}1]", "<aws.events.event.json>,".repeat(300));
    let shape = InputShape::compile(
        &TargetInput {
            transformer: Some(Transformer { paths: &[], template: &template }),
            ..TargetInput::default()
        },
        "t1",
    )
    .expect("nothing to refuse");
    let event = |length: usize| format!("{{\"detail\":\"{}\"}}", "x".repeat(length));
    assert_eq!(shape.apply(&event(100_000), &VARIABLES), Err(NotDeliverable::TooLong));
    assert!(shape.apply(&event(10_000), &VARIABLES).is_ok());
}

#[test]
fn reserved_variables_need_no_path() {
    gives(
        "{\"a\": <aws.events.rule-arn>, \"n\": \"<aws.events.rule-name>\", \"t\": <aws.events.event.ingestion-time>}",
        r#"{"a":"arn:aws:events:us-east-1:111111111111:rule/bus/rule","n":"rule","t":"2015-11-11T21:29:54Z"}"#,
    );
    gives("{\"e\": <aws.events.event.json>}", &format!("{{\"e\":{}}}", example()));
    gives("<aws.events.event.json>\n", &format!("{}\n", example()));
    gives(
        "{\"e\": <aws.events.event>}",
        "{\"e\":{\"id\":\"7bf73129-1428-4cd3-a780-95db273d1602\",\"account\":\"123456789012\",\
         \"detailType\":\"EC2 Instance State-change Notification\",\"time\":\"2015-11-11T21:29:54Z\",\
         \"source\":\"aws.ec2\",\"region\":\"us-east-1\",\
         \"resources\":[\"arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111\"],\"version\":\"0\"}}",
    );
}

#[track_caller]
fn refuses(template: &str, message: &str) {
    assert_eq!(transformed(template), Err(message.to_owned()), "{template}");
}

#[test]
fn unknown_placeholders_are_refused() {
    for (template, name) in [
        ("\"<nobody>\"", "nobody"),
        ("{\"a\": <nobody>}", "nobody"),
        ("\"<instance> <aws.events.rule>\"", "aws.events.rule"),
        ("\"<b>bold</b>\"", "b"),
        ("\"<>\"", ""),
        ("\"1 < 2 <nobody>\"", "nobody"),
        ("< instance >", " instance "),
        ("\"1 < 2, 2 > 1\"", " 2, 2 "),
    ] {
        refuses(template, &format!("InputTemplate for target t1 contains invalid placeholder {name}."));
    }
    gives("\"1 < 2 <state> >\"", "\"1 < 2 RUNNING >\"");
}

#[test]
fn templates_that_are_no_json_are_refused() {
    for (template, line, column) in [
        ("EC2 instance <instance>", 1, 1),
        ("<instance> is in <state>", 1, 12),
        ("{\"a\": <instance>", 1, 17),
        ("{<instance>: 1}", 1, 2),
        ("{\n\"ä\": ä}", 2, 6),
        ("\"two\nlines\"", 1, 5),
        ("{\"a\": <instance>-<state>}", 1, 17),
    ] {
        refuses(
            template,
            &format!(
                "Invalid InputTemplate for target t1 : [Source: (String)\"{template}\"; line: {line}, \
                 column: {column}]."
            ),
        );
    }
}

#[test]
fn fixed_input_is_json_and_sent_as_it_is() {
    let fixed =
        |input| InputShape::compile(&TargetInput { input: Some(input), ..TargetInput::default() }, "t1");
    for input in ["{ \"a\": 1 }", "\"text\"", "7", "[]"] {
        let body = fixed(input).map(|shape| shape.apply("{}", &VARIABLES));
        assert_eq!(body, Ok(Ok(input.to_owned())));
    }
    for input in ["text", "{", "{} {}", " "] {
        let refusal = fixed(input).expect_err(input);
        assert_eq!(refusal.to_string(), "Input for target t1 is not a valid JSON text.");
    }
}

#[test]
fn parts_and_whole_events_are_sent() {
    let event = example();
    let sent = |input_path| {
        let target = TargetInput { input: Some(""), input_path, transformer: None };
        InputShape::compile(&target, "t1").expect("nothing to refuse").apply(&event, &VARIABLES)
    };
    assert_eq!(sent(None), Ok(event.clone()));
    assert_eq!(sent(Some("")), Ok(event.clone()));
    assert_eq!(sent(Some("$")), Ok(event.clone()));
    assert_eq!(sent(Some("$.detail.state")), Ok("\"RUNNING\"".to_owned()));
    assert_eq!(sent(Some("$.detail.n")), Ok("1.50".to_owned()));
    for path in ["$.detail.nowhere", "no path"] {
        assert_eq!(sent(Some(path)), Err(NotDeliverable::NothingThere), "{path}");
    }
}

#[test]
fn only_one_of_the_three_may_be_given() {
    let transformer = Some(Transformer { paths: &[], template: "\"x\"" });
    let (input, input_path) = (Some("{}"), Some("$"));
    for target in [
        TargetInput { input, input_path, transformer: None },
        TargetInput { input, input_path: None, transformer },
        TargetInput { input: None, input_path, transformer },
        TargetInput { input, input_path, transformer },
    ] {
        let refusal = InputShape::compile(&target, "t1").expect_err("two are given");
        let message = "Only one of Input, InputPath, or InputTransformer must be provided for target t1.";
        assert_eq!(refusal.to_string(), message);
    }
}

#[test]
fn recorded_events_of_patterns_can_be_tested() {
    for row in rows::of("patterns-aws-recorded.jsonl") {
        let Some(event) = row["event"].as_str().filter(|_| row.get("match").is_some()) else { continue };
        assert!(event::is_testable(event), "{row}");
    }
}
