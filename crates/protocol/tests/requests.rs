//! These bytes in, this operation and input out.

mod common;

use common::{outcome, request};
use protocol::{encode_rejection, identify};

const JSON: &str = "POST /\nContent-Type: application/x-amz-json-1.0\nX-Amz-Target: AmazonSQS.";
const EVENTS: &str = "POST /\nContent-Type: application/x-amz-json-1.1\nX-Amz-Target: AWSEvents.Everything";
const FORM: &str = "POST /\nContent-Type: application/x-www-form-urlencoded; charset=utf-8";

/// The expected text is `service.operation {input}`, or status, code and message of the rejection.
#[track_caller]
fn check_scoped(head: &str, body: &str, scope: Option<&str>, expected: &str) {
    check_bytes(head, body.as_bytes(), scope, expected);
}

#[track_caller]
fn check_bytes(head: &str, body: &[u8], scope: Option<&str>, expected: &str) {
    let parts = request(head);
    let found = match outcome(&parts, body, scope) {
        Ok((target, input)) => format!("{}.{} {input}", target.service.name, target.operation.name),
        Err(rejection) => {
            let answer = encode_rejection(&rejection, "id");
            let body = String::from_utf8_lossy(answer.body()).into_owned();
            let message = between(&body, "<Message>", "</Message>").or(between(&body, "essage\":\"", "\"}"));
            format!("{} {} {}", answer.status().as_u16(), rejection.code(), message.unwrap_or_default())
        }
    };
    assert_eq!(found.trim(), expected, "{head}\n\n{}", String::from_utf8_lossy(body));
}

#[track_caller]
fn check(head: &str, body: &str, expected: &str) {
    check_scoped(head, body, None, expected);
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let after = text.split_once(start)?.1;
    Some(after.split_once(end)?.0)
}

#[track_caller]
fn check_json(operation: &str, body: &str, expected: &str) {
    check(&format!("{JSON}{operation}"), body, expected);
}

#[test]
fn json_inputs_are_read() {
    check_json(
        "SendMessage",
        r#"{"MessageBody":"a\nb \u00e9 \ud83d\ude00","QueueUrl":"u","DelaySeconds":5,"Unknown":[{}]}"#,
        r#"sqs.SendMessage {QueueUrl:"u" MessageBody:"a\nb é 😀" DelaySeconds:5}"#,
    );
    check_json(
        "SendMessage",
        r#"{"MessageAttributes":{"b":{"BinaryValue":"AQI=","DataType":"Binary"},"a":{"StringValue":"x"}}}"#,
        r#"sqs.SendMessage {MessageAttributes:<b={BinaryValue:b[1, 2] DataType:"Binary"} a={StringValue:"x"}>}"#,
    );
    check_json("ReceiveMessage", r#"{"AttributeNames":[]}"#, "sqs.ReceiveMessage {AttributeNames:[]}");
    check_json("ReceiveMessage", r#"{"AttributeNames":null,"QueueUrl":null}"#, "sqs.ReceiveMessage {}");
    check_json(
        "SetQueueAttributes",
        r#"{"Attributes":{"A":"1","B":null}}"#,
        r#"sqs.SetQueueAttributes {Attributes:<A="1">}"#,
    );
    check_json("ListQueues", "", "sqs.ListQueues {}");
    check_json("ListQueues", " {} ", "sqs.ListQueues {}");
    check(
        EVENTS,
        r#"{"Long":9007199254740993,"Double":1,"Boolean":true,"At":1700000000.123,"Times":[1],"Texts":{"b":"","a":"x"}}"#,
        r#"events.Everything {Long:9007199254740993 Double:1.0 Boolean:true At:@1700000000123 Times:[@1000] Texts:<b="" a="x">}"#,
    );
}

#[test]
fn decimals_are_cut_off_where_a_whole_number_is_wanted() {
    check_json("SendMessage", r#"{"DelaySeconds":10.9}"#, "sqs.SendMessage {DelaySeconds:10}");
    check_json("SendMessage", r#"{"DelaySeconds":-1e2}"#, "sqs.SendMessage {DelaySeconds:-100}");
}

#[test]
fn json_that_does_not_fit_is_named_as_aws_names_it() {
    let no_integer = "400 SerializationException NUMBER_VALUE can not be converted to an Integer";
    let list = "400 SerializationException Start of list found where not expected";
    let structure = "400 SerializationException Start of structure or map found where not expected.";
    for (body, expected) in [
        (
            r#"{"DelaySeconds":"5"}"#,
            "400 SerializationException STRING_VALUE can not be converted to an Integer",
        ),
        (r#"{"DelaySeconds":2147483648}"#, no_integer),
        (r#"{"DelaySeconds":1e300}"#, no_integer),
        (r#"{"DelaySeconds":18446744073709551615}"#, no_integer),
        (
            r#"{"DelaySeconds":true}"#,
            "400 SerializationException TRUE_VALUE can not be converted to an Integer",
        ),
        (r#"{"DelaySeconds":[]}"#, list),
        (r#"{"DelaySeconds":{}}"#, structure),
        (r#"{"MessageBody":1}"#, "400 SerializationException NUMBER_VALUE can not be converted to a String"),
        (
            r#"{"MessageBody":false}"#,
            "400 SerializationException FALSE_VALUE can not be converted to a String",
        ),
        (r#"{"MessageAttributes":[]}"#, list),
        (r#"{"MessageAttributes":"x"}"#, "400 SerializationException Expected map or null"),
        (r#"{"MessageAttributes":{"a":1}}"#, "400 SerializationException Expected structure or null"),
        (r#"{"MessageAttributes":{"a":{"BinaryListValues":{}}}}"#, structure),
        (
            r#"{"MessageAttributes":{"a":{"BinaryListValues":3}}}"#,
            "400 SerializationException Expected list or null",
        ),
        (
            r#"{"MessageAttributes":{"a":{"BinaryValue":"abc"}}}"#,
            "400 SerializationException Base64 encoded length is expected a multiple of 4 bytes but found: 3",
        ),
        (
            r#"{"MessageAttributes":{"a":{"BinaryValue":"a!c="}}}"#,
            "400 SerializationException Invalid Base64 encoded data",
        ),
        ("[]", list),
    ] {
        check_json("SendMessage", body, expected);
    }
}

#[test]
fn what_is_no_json_object_is_refused() {
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    let brackets = "[".repeat(1_000_000);
    let many = (0..20).map(|at| format!(r#""k{}":1"#, at % 19)).collect::<Vec<_>>().join(",");
    for body in [
        "{",
        "nul",
        "null",
        "1",
        "\"a\"",
        "{}x",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":NaN}",
        "{\"a\":1e999}",
        "\u{FEFF}{}",
        r#"{"MessageBody":"\ud800"}"#,
        r#"{"MessageBody":"\udc00\ud800"}"#,
        "{\"MessageBody\":\"a\nb\"}",
        r#"{"MessageBody":"a","MessageBody":"b"}"#,
        r#"{"MessageBody":"a","\u004dessageBody":"b"}"#,
        &deep,
        &brackets,
        &format!("{{{many}}}"),
    ] {
        check_json("SendMessage", body, "400 SerializationException");
    }
    check_bytes(
        &format!("{JSON}SendMessage"),
        b"{\"MessageBody\":\"\xff\"}",
        None,
        "400 SerializationException",
    );
}

#[test]
fn unknown_targets_are_refused() {
    for target in ["AmazonSQS.FooBar", "AmazonSNS.Publish", "AmazonSQS", "", ".", "AWSEvents.SendMessage"] {
        let head = format!("POST /\nContent-Type: application/x-amz-json-1.0\nX-Amz-Target: {target}");
        check(&head, "{}", "400 UnknownOperationException");
    }
    check("POST /\nContent-Type: application/x-amz-json-1.0", "{}", "400 UnknownOperationException");
}

#[test]
fn a_target_without_its_content_type_is_nobodys() {
    let head = "POST /\nContent-Type: application/json\nX-Amz-Target: AmazonSQS.ListQueues";
    check(head, "{}", "404 UnknownOperationException");
    check("GET /", "", "404 UnknownOperationException");
    check("PUT /?Action=ListQueues", "", "404 UnknownOperationException");
}

#[test]
fn query_inputs_are_read() {
    check(
        FORM,
        "Action=SendMessage&QueueUrl=u&MessageBody=a%0D%0Ab+%C3%A9&DelaySeconds=-5&Unknown.1.x=1",
        r#"sqs.SendMessage {QueueUrl:"u" MessageBody:"a\r\nb é" DelaySeconds:-5}"#,
    );
    check(
        FORM,
        "Action=SendMessage&MessageAttribute.1.Name=a&MessageAttribute.1.Value.BinaryValue=AQI%3D\
         &MessageAttribute.1.Value.DataType=Binary&MessageAttribute.10.Name=c&MessageAttribute.10.Value.StringValue=y\
         &MessageAttribute.2.Name=b&MessageAttribute.2.Value.StringValue=x",
        r#"sqs.SendMessage {MessageAttributes:<a={BinaryValue:b[1, 2] DataType:"Binary"} b={StringValue:"x"} c={StringValue:"y"}>}"#,
    );
    check(
        FORM,
        "Action=SendMessageBatch&Entry.2.Id=b&Entry.10.Id=c&Entry.1.Id=a&Entry.1.DelaySeconds=1",
        r#"sqs.SendMessageBatch {Entries:[{Id:"a" DelaySeconds:1} {Id:"b"} {Id:"c"}]}"#,
    );
    check(
        FORM,
        "Action=Everything&Boolean=true&Double=1.5&Long=3&At=2026-11-20T20:40:00Z&Keys.member.1=a&Keys.member.3=b\
         &Texts.entry.1.key=k&Texts.entry.1.value=v&Inner.Id=i&Times=",
        r#"sns.Everything {Long:3 Double:1.5 Boolean:true At:@1795207200000 Keys:["a" "b"] Times:[] Texts:<k="v"> Inner:{Id:"i"}}"#,
    );
}

#[test]
fn old_and_short_spellings_are_read() {
    let all = r#"sqs.GetQueueAttributes {AttributeNames:["All"]}"#;
    for names in [
        "AttributeName.1=All",
        "AttributeName=All",
        "AttributeNames.1=All",
        "AttributeNames.AttributeName.1=All",
    ] {
        check(FORM, &format!("Action=GetQueueAttributes&{names}"), all);
    }
    let policy = r#"sqs.SetQueueAttributes {Attributes:<Policy="{}">}"#;
    for attributes in [
        "Attribute.1.Name=Policy&Attribute.1.Value={}",
        "Attribute.Name=Policy&Attribute.Value={}",
        "Attributes.entry.1.Name=Policy&Attributes.entry.1.Value={}",
    ] {
        check(FORM, &format!("Action=SetQueueAttributes&{attributes}"), policy);
    }
    check(FORM, "Action=GetQueueAttributes&AttributeName=", "sqs.GetQueueAttributes {AttributeNames:[]}");
}

#[test]
fn parameters_come_in_the_url_too() {
    check(
        "GET /000000000000/q?Action=SendMessage&MessageBody=a%20b",
        "",
        r#"sqs.SendMessage {MessageBody:"a b"}"#,
    );
    check(
        "POST /?Action=ListQueues&QueueUrl=url\nContent-Type: application/x-www-form-urlencoded",
        "Action=SendMessage&QueueUrl=body",
        r#"sqs.SendMessage {QueueUrl:"body"}"#,
    );
    check("POST /", "Action=ListQueues", "sqs.ListQueues {}");
    check("POST /?Action=ListQueues\nContent-Type: text/plain", "Action=Nothing", "sqs.ListQueues {}");
}

#[test]
fn form_input_that_does_not_fit_is_refused() {
    for (body, expected) in [
        ("Action=SendMessage&DelaySeconds=abc", "400 MalformedInput integer must follow xsd1.1 definition"),
        ("Action=SendMessage&DelaySeconds=", "400 MalformedInput integer must follow xsd1.1 definition"),
        (
            "Action=SendMessage&DelaySeconds=2147483648",
            "400 MalformedInput integer must follow xsd1.1 definition",
        ),
        ("Action=Everything&Boolean=yes", "400 MalformedInput boolean must follow xsd1.1 definition"),
        ("Action=Everything&At=now", "400 MalformedInput timestamp must follow xsd1.1 definition"),
        ("Action=SendMessageBatch&Entry.0.Id=a", "400 MalformedInput 0 is not a valid index"),
        ("Action=SendMessage&MessageBody.1=a", "400 MalformedInput Start of list found where not expected"),
        (
            "Action=SendMessage&MessageBody.a=a",
            "400 MalformedInput Start of structure or map found where not expected.",
        ),
        (
            "Action=SendMessageBatch&Entry.x.Id=a",
            "400 MalformedInput Start of structure or map found where not expected.",
        ),
        ("Action=Everything&Keys=a", "400 MalformedInput Value found where not expected"),
        (
            "Action=SetQueueAttributes&Attribute.1.Name=a",
            "400 MalformedInput The request must contain the parameter Value.",
        ),
        ("Action=ListQueues&a=%ZZ", "400 InvalidQueryParameter The request holds an invalid percent escape"),
        ("Action=ListQueues&a=%ff", "400 InvalidQueryParameter The request is not valid UTF-8"),
        (
            "a%00=1&Action=ListQueues",
            "400 InvalidQueryParameter A parameter name holds a character that is not allowed",
        ),
    ] {
        check(FORM, body, expected);
    }
    let deep = format!("Action=ListQueues&{}=1", vec!["a"; 33].join("."));
    check(FORM, &deep, "400 InvalidQueryParameter A parameter name has too many parts");
    let many = format!("Action=ListQueues{}", "&a=1".repeat(5000));
    check(FORM, &many, "400 InvalidQueryParameter The request holds too many parameters");
}

#[test]
fn an_action_finds_its_service() {
    let action = "Action=AddPermission&Label=l";
    check_scoped(FORM, action, Some("sns"), r#"sns.AddPermission {Label:"l"}"#);
    check_scoped(FORM, action, Some("sqs"), r#"sqs.AddPermission {Label:"l"}"#);
    check(FORM, &format!("{action}&Version=2010-03-31"), r#"sns.AddPermission {Label:"l"}"#);
    check(FORM, &format!("{action}&TopicArn=t"), r#"sns.AddPermission {TopicArn:"t" Label:"l"}"#);
    check(FORM, &format!("{action}&QueueUrl=u"), r#"sqs.AddPermission {QueueUrl:"u" Label:"l"}"#);
    check(&format!("{FORM}\nHost: sns.localhost:4566"), action, r#"sns.AddPermission {Label:"l"}"#);
    check(FORM, action, r#"sqs.AddPermission {Label:"l"}"#);
    check_scoped(FORM, "Action=SendMessage", Some("iam"), "sqs.SendMessage {}");
}

#[test]
fn unknown_actions_are_refused() {
    let invalid = "400 InvalidAction The action FooBar is not valid for this endpoint.";
    check_scoped(FORM, "Action=FooBar", Some("sqs"), invalid);
    check(FORM, "Action=FooBar&Version=2012-11-05", invalid);
    check(FORM, "Action=FooBar", invalid);
    let not_here = "400 InvalidAction Could not find operation SendMessage for version 2010-03-31";
    check_scoped(FORM, "Action=SendMessage&Version=2010-03-31", Some("sns"), not_here);
    let unversioned = "400 InvalidAction Could not find operation FooBar for version NO_VERSION_SPECIFIED";
    check_scoped(FORM, "Action=FooBar", Some("sns"), unversioned);
    check(FORM, "Version=2012-11-05", "400 MissingAction The request must contain the parameter Action.");
    check(FORM, "", "400 MissingAction The request must contain the parameter Action.");
    check(FORM, "Action=&QueueUrl=u", "400 InvalidAction The action  is not valid for this endpoint.");
}

#[test]
fn older_versions_are_served_and_others_are_not() {
    check_scoped(FORM, "Action=ListQueues&Version=2009-02-01", Some("sqs"), "sqs.ListQueues {}");
    for version in ["2099-01-01", "latest", "2012-11-5", "2012x11x05"] {
        let expected = format!("400 InvalidAction Could not find operation ListQueues for version {version}");
        check_scoped(FORM, &format!("Action=ListQueues&Version={version}"), Some("sqs"), &expected);
    }
}

#[test]
fn path_parameters_fill_only_what_is_missing() {
    for (body, json, expected) in [
        (r#"{"MessageBody":"b"}"#, true, "path"),
        (r#"{"QueueUrl":null}"#, true, "path"),
        (r#"{"QueueUrl":"own"}"#, true, "own"),
        ("Action=SendMessage", false, "path"),
        ("Action=SendMessage&QueueUrl=own", false, "own"),
    ] {
        let parts = request(&if json { format!("{JSON}SendMessage") } else { FORM.to_owned() });
        let (target, mut payload) = identify(&parts, body.as_bytes(), &common::SERVICES, None).expect(body);
        payload.set_missing("QueueUrl", "path".to_owned());
        let input = common::read(&target, &mut payload).expect(body);
        assert!(input.contains(&format!("QueueUrl:{expected:?}")), "{input}");
    }
}
