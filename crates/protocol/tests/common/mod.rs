//! Two small services, and shapes that need no generated types: an input is read into text, an output is a tree.

#![allow(dead_code, reason = "each test binary uses its part")]

use bytes::Bytes;
use http::request::Parts;
use protocol::{Payload, Rejection, Target, identify};
use service::{ErrorSchema, OperationSchema, ServiceSchema, WireProtocol};
use shape::{Kind, ListSchema, MapSchema, Member, Sink, Source, StructureSchema, Unreadable, WriteShape};

const fn member(name: &'static str, query: &'static str, kind: Kind) -> Member {
    Member { name, query, kind, required: false, checks: &[] }
}

const fn list(item: Kind, query: &'static str, flattened: bool) -> ListSchema {
    ListSchema { item, checks: &[], query, flattened }
}

const fn map(query_key: &'static str, query_value: &'static str, value: Kind, flattened: bool) -> MapSchema {
    MapSchema { query_key, query_value, key_checks: &[], value, value_checks: &[], flattened }
}

static NAMES: ListSchema = list(Kind::String, "AttributeName", true);
static BINARIES: ListSchema = list(Kind::Blob, "BinaryListValue", true);
static URLS: ListSchema = list(Kind::String, "QueueUrl", true);
static MESSAGES: ListSchema = list(Kind::Structure(&MESSAGE), "Message", true);
static ENTRIES: ListSchema = list(Kind::Structure(&ENTRY), "Entry", true);
static TAG_KEYS: ListSchema = list(Kind::String, "member", false);
static TIMES: ListSchema = list(Kind::Timestamp, "member", false);
static TEXTS: MapSchema = map("Name", "Value", Kind::String, true);
static NESTED_TEXTS: MapSchema = map("key", "value", Kind::String, false);
static ATTRIBUTES: MapSchema = map("Name", "Value", Kind::Structure(&ATTRIBUTE), true);

static ATTRIBUTE: StructureSchema = StructureSchema {
    name: "MessageAttributeValue",
    members: &[
        member("StringValue", "StringValue", Kind::String),
        member("BinaryValue", "BinaryValue", Kind::Blob),
        member("BinaryListValues", "BinaryListValue", Kind::List(&BINARIES)),
        member("DataType", "DataType", Kind::String),
    ],
};
static ENTRY: StructureSchema = StructureSchema {
    name: "Entry",
    members: &[member("Id", "Id", Kind::String), member("DelaySeconds", "DelaySeconds", Kind::Integer)],
};
pub(crate) static MESSAGE: StructureSchema = StructureSchema {
    name: "Message",
    members: &[
        member("MessageId", "MessageId", Kind::String),
        member("Body", "Body", Kind::String),
        member("Attributes", "Attribute", Kind::Map(&TEXTS)),
        member("MessageAttributes", "MessageAttribute", Kind::Map(&ATTRIBUTES)),
    ],
};
static NOTHING: StructureSchema = StructureSchema { name: "Nothing", members: &[] };
static SEND_INPUT: StructureSchema = StructureSchema {
    name: "SendMessageRequest",
    members: &[
        member("QueueUrl", "QueueUrl", Kind::String),
        member("MessageBody", "MessageBody", Kind::String),
        member("DelaySeconds", "DelaySeconds", Kind::Integer),
        member("MessageAttributes", "MessageAttribute", Kind::Map(&ATTRIBUTES)),
    ],
};
static GET_INPUT: StructureSchema = StructureSchema {
    name: "GetQueueAttributesRequest",
    members: &[
        member("QueueUrl", "QueueUrl", Kind::String),
        member("AttributeNames", "AttributeName", Kind::List(&NAMES)),
    ],
};
static SET_INPUT: StructureSchema = StructureSchema {
    name: "SetQueueAttributesRequest",
    members: &[
        member("QueueUrl", "QueueUrl", Kind::String),
        member("Attributes", "Attribute", Kind::Map(&TEXTS)),
    ],
};
static BATCH_INPUT: StructureSchema = StructureSchema {
    name: "SendMessageBatchRequest",
    members: &[
        member("QueueUrl", "QueueUrl", Kind::String),
        member("Entries", "Entry", Kind::List(&ENTRIES)),
    ],
};
pub(crate) static GET_OUTPUT: StructureSchema = StructureSchema {
    name: "GetQueueAttributesResult",
    members: &[member("Attributes", "Attribute", Kind::Map(&TEXTS))],
};
pub(crate) static RECEIVE_OUTPUT: StructureSchema = StructureSchema {
    name: "ReceiveMessageResult",
    members: &[member("Messages", "Message", Kind::List(&MESSAGES))],
};
pub(crate) static LIST_OUTPUT: StructureSchema = StructureSchema {
    name: "ListQueuesResult",
    members: &[member("QueueUrls", "QueueUrl", Kind::List(&URLS))],
};
static ADD_TO_QUEUE: StructureSchema = StructureSchema {
    name: "AddPermissionRequest",
    members: &[member("QueueUrl", "QueueUrl", Kind::String), member("Label", "Label", Kind::String)],
};
static ADD_TO_TOPIC: StructureSchema = StructureSchema {
    name: "AddPermissionInput",
    members: &[member("TopicArn", "TopicArn", Kind::String), member("Label", "Label", Kind::String)],
};
pub(crate) static EVERYTHING: StructureSchema = StructureSchema {
    name: "Everything",
    members: &[
        member("Text", "Text", Kind::String),
        member("Integer", "Integer", Kind::Integer),
        member("Long", "Long", Kind::Long),
        member("Double", "Double", Kind::Double),
        member("Boolean", "Boolean", Kind::Boolean),
        member("Blob", "Blob", Kind::Blob),
        member("At", "At", Kind::Timestamp),
        member("Keys", "Keys", Kind::List(&TAG_KEYS)),
        member("Times", "Times", Kind::List(&TIMES)),
        member("Texts", "Texts", Kind::Map(&NESTED_TEXTS)),
        member("Inner", "Inner", Kind::Structure(&ENTRY)),
    ],
};

pub(crate) static NO_QUEUE: ErrorSchema = ErrorSchema {
    shape: "QueueDoesNotExist",
    code: "AWS.SimpleQueueService.NonExistentQueue",
    status: 400,
    sender_fault: true,
    namespace: None,
};

macro_rules! operations {
    ($($name:ident $input:expr, $output:expr, $wrapper:expr;)*) => { &[$(&OperationSchema {
        name: stringify!($name), input: $input, output: $output, result_wrapper: $wrapper, errors: &[],
    }),*] };
}

pub(crate) static QUEUES: ServiceSchema = ServiceSchema {
    name: "sqs",
    target_prefix: Some("AmazonSQS"),
    version: "2012-11-05",
    xml_namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
    error_namespace: "com.amazonaws.sqs#",
    query_compatible: true,
    protocols: &[WireProtocol::AwsJson10, WireProtocol::AwsQuery],
    operations: operations! {
        SendMessage &SEND_INPUT, &NOTHING, Some("SendMessageResult");
        GetQueueAttributes &GET_INPUT, &GET_OUTPUT, Some("GetQueueAttributesResult");
        SetQueueAttributes &SET_INPUT, &NOTHING, None;
        SendMessageBatch &BATCH_INPUT, &NOTHING, Some("SendMessageBatchResult");
        ReceiveMessage &GET_INPUT, &RECEIVE_OUTPUT, Some("ReceiveMessageResult");
        ListQueues &NOTHING, &LIST_OUTPUT, Some("ListQueuesResult");
        AddPermission &ADD_TO_QUEUE, &NOTHING, None;
    },
};
pub(crate) static TOPICS: ServiceSchema = ServiceSchema {
    name: "sns",
    target_prefix: None,
    version: "2010-03-31",
    xml_namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    error_namespace: "",
    query_compatible: false,
    protocols: &[WireProtocol::AwsQuery],
    operations: operations! {
        AddPermission &ADD_TO_TOPIC, &NOTHING, None;
        Everything &EVERYTHING, &EVERYTHING, Some("EverythingResult");
    },
};
pub(crate) static EVENTS: ServiceSchema = ServiceSchema {
    name: "events",
    target_prefix: Some("AWSEvents"),
    version: "2015-10-07",
    xml_namespace: "",
    error_namespace: "",
    query_compatible: false,
    protocols: &[WireProtocol::AwsJson11],
    operations: operations! { Everything &EVERYTHING, &EVERYTHING, None; },
};
pub(crate) static SERVICES: [&ServiceSchema; 3] = [&QUEUES, &TOPICS, &EVENTS];

/// A request from its head and body: `POST /path`, then header lines.
pub(crate) fn request(head: &str) -> Parts {
    let mut lines = head.lines().map(str::trim);
    let (method, uri) = lines.next().and_then(|line| line.split_once(' ')).expect("method and path");
    let mut builder = http::Request::builder().method(method).uri(uri);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        builder = builder.header(name, value);
    }
    builder.body(()).expect("a request").into_parts().0
}

/// What is made of a request: service, operation and input as text, or the rejection.
pub(crate) fn outcome(
    parts: &Parts,
    body: &[u8],
    scope: Option<&str>,
) -> Result<(Target, String), Rejection> {
    let (target, mut payload) = identify(parts, body, &SERVICES, scope)?;
    let text = read(&target, &mut payload).map_err(|found| Rejection::unreadable(&target, found))?;
    Ok((target, text))
}

/// Reads a whole input by its operation's schema.
pub(crate) fn read(target: &Target, payload: &mut Payload<'_>) -> Result<String, Unreadable> {
    dump(payload, Kind::Structure(target.operation.input))
}

fn dump(source: &mut dyn Source, kind: Kind) -> Result<String, Unreadable> {
    let mut parts = Vec::new();
    match kind {
        Kind::String => Ok(format!("{:?}", source.string()?)),
        Kind::Integer => Ok(source.integer()?.to_string()),
        Kind::Long => Ok(source.long()?.to_string()),
        Kind::Double => Ok(format!("{:?}", source.double()?)),
        Kind::Boolean => Ok(source.boolean()?.to_string()),
        Kind::Blob => Ok(format!("b{:?}", source.blob()?)),
        Kind::Timestamp => Ok(format!("@{}", source.timestamp()?)),
        Kind::List(schema) => {
            source.list(schema, &mut |item| {
                parts.push(dump(item, schema.item)?);
                Ok(())
            })?;
            Ok(format!("[{}]", parts.join(" ")))
        }
        Kind::Map(schema) => {
            source.map(schema, &mut |key, value| {
                parts.push(format!("{key}={}", dump(value, schema.value)?));
                Ok(())
            })?;
            Ok(format!("<{}>", parts.join(" ")))
        }
        Kind::Structure(schema) => {
            source.structure(schema, &mut |index, value| {
                let member = &schema.members[index];
                if let Some(value) = value {
                    parts.push(format!("{}:{}", member.name, dump(value, member.kind)?));
                }
                Ok(())
            })?;
            Ok(format!("{{{}}}", parts.join(" ")))
        }
    }
}

/// A value to be written.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Text(String),
    Number(i64),
    Double(f64),
    Boolean(bool),
    Blob(Vec<u8>),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
    Structure(&'static StructureSchema, Vec<(&'static str, Tree)>),
}

pub(crate) fn text(value: &str) -> Tree {
    Tree::Text(value.to_owned())
}

impl Tree {
    fn write(&self, sink: &mut dyn Sink) {
        match self {
            Tree::Text(value) => sink.string(value),
            Tree::Number(value) => sink.number(*value),
            Tree::Double(value) => sink.double(*value),
            Tree::Boolean(value) => sink.boolean(*value),
            Tree::Blob(value) => sink.blob(value),
            Tree::List(items) => {
                sink.begin_list();
                for item in items {
                    sink.item();
                    item.write(sink);
                }
                sink.end_list();
            }
            Tree::Map(entries) => {
                sink.begin_map();
                for (key, value) in entries {
                    sink.key(key);
                    value.write(sink);
                }
                sink.end_map();
            }
            Tree::Structure(..) => {
                sink.begin_structure();
                self.write_members(sink);
                sink.end_structure();
            }
        }
    }
}

impl WriteShape for Tree {
    fn schema(&self) -> &'static StructureSchema {
        match self {
            Tree::Structure(schema, _) => schema,
            _ => &NOTHING,
        }
    }

    fn write_members(&self, sink: &mut dyn Sink) {
        let Tree::Structure(schema, members) = self else { return };
        for (name, value) in members {
            let member = schema.members.iter().find(|member| member.name == *name).expect("a member");
            sink.member(member);
            value.write(sink);
        }
    }
}

/// Status, headers in order and body of a response as one text.
pub(crate) fn shown(response: &http::Response<Bytes>) -> String {
    let mut lines = vec![response.status().as_u16().to_string()];
    for (name, value) in response.headers() {
        lines.push(format!("{name}: {}", value.to_str().expect("a readable header")));
    }
    lines.push(String::from_utf8(response.body().to_vec()).expect("UTF-8"));
    lines.join("\n")
}
