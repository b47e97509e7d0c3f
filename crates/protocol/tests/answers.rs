//! This output or error in, these bytes out.

mod common;

use common::{NO_QUEUE, Tree, request, shown, text};
use protocol::{ReplyForm, Target, encode_error, encode_output, encode_rejection, identify};
use service::{Error, ServiceSchema};

#[track_caller]
fn check_output(
    service: &'static ServiceSchema,
    operation: &str,
    form: ReplyForm,
    output: &Tree,
    expected: &str,
) {
    let operation = service.operations.iter().find(|known| known.name == operation).expect("an operation");
    let target = Target { service, operation, form };
    assert_eq!(shown(&encode_output(&target, "id-1", output)), expected);
}

fn receive_output() -> Tree {
    let attribute = Tree::Structure(
        attribute_schema(),
        vec![("BinaryValue", Tree::Blob(vec![1, 2])), ("DataType", text("Binary"))],
    );
    let message = Tree::Structure(
        &common::MESSAGE,
        vec![
            ("MessageId", text("m-1")),
            ("Body", text("<a> \"q\" & \r\n\té 😀")),
            (
                "Attributes",
                Tree::Map(vec![("SentTimestamp".into(), text("1")), ("SenderId".into(), text("s"))]),
            ),
            ("MessageAttributes", Tree::Map(vec![("k".into(), attribute)])),
        ],
    );
    let empty = Tree::Structure(&common::MESSAGE, vec![("MessageId", text("m-2")), ("Body", text(""))]);
    Tree::Structure(&common::RECEIVE_OUTPUT, vec![("Messages", Tree::List(vec![message, empty]))])
}

fn attribute_schema() -> &'static shape::StructureSchema {
    let attributes = common::MESSAGE
        .members
        .iter()
        .find(|member| member.name == "MessageAttributes")
        .map(|member| member.kind);
    match attributes {
        Some(shape::Kind::Map(map)) => match map.value {
            shape::Kind::Structure(schema) => schema,
            _ => unreachable!("the fixture holds a structure"),
        },
        _ => unreachable!("the fixture holds a map"),
    }
}

fn everything() -> Tree {
    Tree::Structure(
        &common::EVERYTHING,
        vec![
            ("Text", text("t")),
            ("Integer", Tree::Number(-1)),
            ("Long", Tree::Number(i64::MAX)),
            ("Double", Tree::Double(1.5)),
            ("Boolean", Tree::Boolean(true)),
            ("Blob", Tree::Blob(vec![255])),
            ("At", Tree::Number(1_700_000_000_123)),
            ("Keys", Tree::List(vec![text("a"), text("b")])),
            ("Times", Tree::List(vec![Tree::Number(0), Tree::Number(1500)])),
            ("Texts", Tree::Map(vec![("x".into(), text("1")), ("y".into(), text("2"))])),
        ],
    )
}

#[test]
fn outputs_are_written_as_json() {
    check_output(
        &common::QUEUES,
        "ReceiveMessage",
        ReplyForm::Json10,
        &receive_output(),
        concat!(
            "200\ncontent-type: application/x-amz-json-1.0\nx-amzn-requestid: id-1\n",
            r#"{"Messages":[{"MessageId":"m-1","Body":"<a> \"q\" & \r\n\té 😀","Attributes":{"SentTimestamp":"1","SenderId":"s"},"#,
            r#""MessageAttributes":{"k":{"BinaryValue":"AQI=","DataType":"Binary"}}},{"MessageId":"m-2","Body":""}]}"#
        ),
    );
    check_output(
        &common::EVENTS,
        "Everything",
        ReplyForm::Json11,
        &everything(),
        concat!(
            "200\ncontent-type: application/x-amz-json-1.1\nx-amzn-requestid: id-1\n",
            r#"{"Text":"t","Integer":-1,"Long":9223372036854775807,"Double":1.5,"Boolean":true,"Blob":"/w==","#,
            r#""At":1700000000.123,"Keys":["a","b"],"Times":[0,1.5],"Texts":{"x":"1","y":"2"}}"#
        ),
    );
}

#[test]
fn outputs_are_written_as_xml() {
    check_output(
        &common::QUEUES,
        "ReceiveMessage",
        ReplyForm::Xml,
        &receive_output(),
        concat!(
            "200\ncontent-type: text/xml\nx-amzn-requestid: id-1\n<?xml version=\"1.0\"?>",
            "<ReceiveMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><ReceiveMessageResult>",
            "<Message><MessageId>m-1</MessageId><Body>&lt;a&gt; &quot;q&quot; &amp; &#xD;\n\té 😀</Body>",
            "<Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute>",
            "<Attribute><Name>SenderId</Name><Value>s</Value></Attribute>",
            "<MessageAttribute><Name>k</Name><Value><BinaryValue>AQI=</BinaryValue><DataType>Binary</DataType></Value>",
            "</MessageAttribute></Message><Message><MessageId>m-2</MessageId><Body/></Message></ReceiveMessageResult>",
            "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></ReceiveMessageResponse>"
        ),
    );
    check_output(
        &common::TOPICS,
        "Everything",
        ReplyForm::Xml,
        &everything(),
        concat!(
            "200\ncontent-type: text/xml\nx-amzn-requestid: id-1\n<?xml version=\"1.0\"?>",
            "<EverythingResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><EverythingResult><Text>t</Text>",
            "<Integer>-1</Integer><Long>9223372036854775807</Long><Double>1.5</Double><Boolean>true</Boolean>",
            "<Blob>/w==</Blob><At>2023-11-14T22:13:20.123Z</At><Keys><member>a</member><member>b</member></Keys>",
            "<Times><member>1970-01-01T00:00:00.000Z</member><member>1970-01-01T00:00:01.500Z</member></Times>",
            "<Texts><entry><key>x</key><value>1</value></entry><entry><key>y</key><value>2</value></entry></Texts>",
            "</EverythingResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></EverythingResponse>"
        ),
    );
}

#[test]
fn empty_outputs_have_their_own_forms() {
    let nothing = Tree::Structure(&common::RECEIVE_OUTPUT, vec![]);
    let json = "200\ncontent-type: application/x-amz-json-1.0\nx-amzn-requestid: id-1\n{}";
    check_output(&common::QUEUES, "ReceiveMessage", ReplyForm::Json10, &nothing, json);
    let xml = concat!(
        "200\ncontent-type: text/xml\nx-amzn-requestid: id-1\n<?xml version=\"1.0\"?>",
        "<ReceiveMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><ReceiveMessageResult/>",
        "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></ReceiveMessageResponse>"
    );
    check_output(&common::QUEUES, "ReceiveMessage", ReplyForm::Xml, &nothing, xml);
    let unwrapped = concat!(
        "200\ncontent-type: text/xml\nx-amzn-requestid: id-1\n<?xml version=\"1.0\"?>",
        "<SetQueueAttributesResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">",
        "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></SetQueueAttributesResponse>"
    );
    check_output(&common::QUEUES, "SetQueueAttributes", ReplyForm::Xml, &nothing, unwrapped);
}

#[test]
fn query_answers_are_json_when_asked_for() {
    let parts = request("GET /?Action=ListQueues\nAccept: application/json");
    let form = identify(&parts, b"", &common::SERVICES, None).map(|(target, _)| target.form);
    assert_eq!(form, Ok(ReplyForm::XmlAsJson));
    let attributes = Tree::Map(vec![("A".into(), text("1")), ("B".into(), text("2"))]);
    check_output(
        &common::QUEUES,
        "GetQueueAttributes",
        ReplyForm::XmlAsJson,
        &Tree::Structure(&common::GET_OUTPUT, vec![("Attributes", attributes)]),
        concat!(
            "200\ncontent-type: application/json\nx-amzn-requestid: id-1\n",
            r#"{"GetQueueAttributesResponse":{"GetQueueAttributesResult":{"Attributes":[{"Name":"A","Value":"1"},{"Name":"B","Value":"2"}]},"#,
            r#""ResponseMetadata":{"RequestId":"id-1"}}}"#
        ),
    );
    check_output(
        &common::QUEUES,
        "SetQueueAttributes",
        ReplyForm::XmlAsJson,
        &Tree::Structure(&common::GET_OUTPUT, vec![]),
        concat!(
            "200\ncontent-type: application/json\nx-amzn-requestid: id-1\n",
            r#"{"SetQueueAttributesResponse":{"ResponseMetadata":{"RequestId":"id-1"}}}"#
        ),
    );
}

#[track_caller]
fn check_error(form: ReplyForm, service: Option<&ServiceSchema>, error: &Error, expected: &str) {
    assert_eq!(shown(&encode_error(form, service, "id-1", error)), expected);
}

#[test]
fn errors_are_written_in_every_form() {
    let error = Error::new(&NO_QUEUE, "The <queue> does not exist.");
    let queues = Some(&common::QUEUES);
    check_error(
        ReplyForm::Json10,
        queues,
        &error,
        concat!(
            "400\ncontent-type: application/x-amz-json-1.0\nx-amzn-requestid: id-1\n",
            "x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender\n",
            r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The <queue> does not exist."}"#
        ),
    );
    let bare = concat!(
        "400\ncontent-type: application/x-amz-json-1.1\nx-amzn-requestid: id-1\n",
        r#"{"__type":"QueueDoesNotExist","message":"The <queue> does not exist."}"#
    );
    check_error(ReplyForm::Json11, Some(&common::EVENTS), &error, bare);
    let xml = concat!(
        "400\ncontent-type: text/xml\nx-amzn-requestid: id-1\n<?xml version=\"1.0\"?>",
        "<ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>Sender</Type>",
        "<Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The &lt;queue&gt; does not exist.</Message>",
        "<Detail/></Error><RequestId>id-1</RequestId></ErrorResponse>"
    );
    check_error(ReplyForm::Xml, queues, &error, xml);
    let topics = concat!(
        "500\ncontent-type: text/xml\nx-amzn-requestid: id-1\n<?xml version=\"1.0\"?>",
        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Receiver</Type>",
        "<Code>InternalFailure</Code><Message>The request processing has failed because of an unknown error, ",
        "exception or failure.</Message></Error><RequestId>id-1</RequestId></ErrorResponse>"
    );
    check_error(ReplyForm::Xml, Some(&common::TOPICS), &service::internal_failure(), topics);
    let rendered = concat!(
        "400\ncontent-type: application/json\nx-amzn-requestid: id-1\n",
        r#"{"Error":{"Code":"AWS.SimpleQueueService.NonExistentQueue","Message":"The <queue> does not exist.","Type":"Sender"},"#,
        r#""RequestId":"id-1"}"#
    );
    check_error(ReplyForm::XmlAsJson, queues, &error, rendered);
    let throttled = concat!(
        "400\ncontent-type: application/x-amz-json-1.0\nx-amzn-requestid: id-1\nx-amzn-query-error: Throttling;Sender\n",
        r#"{"__type":"com.amazon.coral.availability#ThrottlingException","message":"Rate exceeded"}"#
    );
    check_error(ReplyForm::Json10, queues, &service::throttled(), throttled);
}

#[track_caller]
fn check_rejection(head: &str, body: &str, expected: &str) {
    let parts = request(head);
    let rejection = match common::outcome(&parts, body.as_bytes(), None) {
        Err(rejection) => rejection,
        Ok((_, input)) => panic!("it was read: {input}"),
    };
    assert_eq!(shown(&encode_rejection(&rejection, "id-1")), expected);
}

#[test]
fn rejections_are_written_in_every_form() {
    check_rejection(
        "POST /\nContent-Type: application/x-amz-json-1.0\nX-Amz-Target: AmazonSQS.SendMessage",
        r#"{"DelaySeconds":"1"}"#,
        concat!(
            "400\ncontent-type: application/x-amz-json-1.0\nx-amzn-requestid: id-1\nx-amzn-query-error: MalformedInput;Sender\n",
            r#"{"__type":"com.amazon.coral.service#SerializationException","Message":"STRING_VALUE can not be converted to an Integer"}"#
        ),
    );
    check_rejection(
        "POST /\nContent-Type: application/x-amz-json-1.0\nX-Amz-Target: AmazonSQS.FooBar",
        "{}",
        concat!(
            "400\ncontent-type: application/x-amz-json-1.0\nx-amzn-requestid: id-1\nx-amzn-query-error: InvalidAction;Sender\n",
            r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#
        ),
    );
    check_rejection(
        "POST /\nContent-Type: application/x-amz-json-1.1\nX-Amz-Target: AWSEvents.FooBar",
        "{}",
        concat!(
            "400\ncontent-type: application/x-amz-json-1.1\nx-amzn-requestid: id-1\n",
            r#"{"__type":"UnknownOperationException"}"#
        ),
    );
    check_rejection(
        "GET /q?Action=Foo%3CBar",
        "",
        concat!(
            "400\ncontent-type: text/xml\nx-amzn-requestid: id-1\n<?xml version=\"1.0\"?>",
            "<ErrorResponse xmlns=\"http://webservices.amazon.com/AWSFault/2005-15-09\"><Error><Type>Sender</Type>",
            "<Code>InvalidAction</Code><Message>The action Foo&lt;Bar is not valid for this endpoint.</Message></Error>",
            "<RequestId>id-1</RequestId></ErrorResponse>"
        ),
    );
    check_rejection(
        "GET /",
        "",
        "404\ncontent-type: text/xml\nx-amzn-requestid: id-1\n<UnknownOperationException/>\n",
    );
}
