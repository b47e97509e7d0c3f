//! Responses: an output, an error or a rejection in the form the caller reads.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use service::{Error, ServiceSchema, WireProtocol};
use shape::{Sink, WriteShape};

use crate::identify::Target;
use crate::json::{self, JsonSink, Style};
use crate::rejection::{Reason, Rejection};
use crate::xml::XmlSink;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
static QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// The namespace of errors that no service answered.
const FAULT_NAMESPACE: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

/// What precedes the names of the framework's own errors where `__type` has a namespace.
const FRAMEWORK: &str = "com.amazon.coral.service#";

/// Room for an answer without a body to speak of.
const ANSWER_BYTES: usize = 512;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyForm {
    /// AWS JSON 1.0.
    Json10,
    /// AWS JSON 1.1.
    Json11,
    /// The XML of AWS query.
    Xml,
    /// AWS query, answered in JSON because the caller asked for it with `Accept`.
    XmlAsJson,
    /// No protocol at all: `<UnknownOperationException/>`.
    Bare,
}

impl ReplyForm {
    /// Whether the caller speaks AWS query.
    pub fn is_query(self) -> bool {
        matches!(self, Self::Xml | Self::XmlAsJson)
    }

    /// The protocol the caller speaks.
    pub fn protocol(self) -> WireProtocol {
        match self {
            Self::Json10 => WireProtocol::AwsJson10,
            Self::Json11 => WireProtocol::AwsJson11,
            Self::Xml | Self::XmlAsJson | Self::Bare => WireProtocol::AwsQuery,
        }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json10 => "application/x-amz-json-1.0",
            Self::Json11 => "application/x-amz-json-1.1",
            Self::Xml | Self::Bare => "text/xml",
            Self::XmlAsJson => "application/json",
        })
    }

    /// An answer of this form.
    fn response(self, status: StatusCode, request_id: &str, body: Vec<u8>) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, self.content_type());
        if let Ok(id) = HeaderValue::from_str(request_id) {
            response.headers_mut().insert(REQUEST_ID.clone(), id);
        }
        response
    }
}

/// The answer of an operation that was done.
pub fn encode_output(target: &Target, request_id: &str, output: &dyn WriteShape) -> Response<Bytes> {
    let body = match target.form {
        ReplyForm::Json10 | ReplyForm::Json11 => {
            let mut sink = JsonSink::new(Vec::with_capacity(ANSWER_BYTES), Style::Plain);
            sink.begin_structure();
            output.write_members(&mut sink);
            sink.end_structure();
            sink.into_bytes()
        }
        ReplyForm::Xml | ReplyForm::Bare => xml_output(target, request_id, output),
        ReplyForm::XmlAsJson => json_rendering(target, request_id, output),
    };
    target.form.response(StatusCode::OK, request_id, body)
}

fn xml_output(target: &Target, request_id: &str, output: &dyn WriteShape) -> Vec<u8> {
    let (service, operation) = (target.service, target.operation);
    let mut out = open_document(operation.name, "Response", service.xml_namespace);
    if let Some(wrapper) = operation.result_wrapper {
        let mut sink = XmlSink::new(out);
        sink.start(wrapper);
        sink.begin_structure();
        output.write_members(&mut sink);
        sink.end_structure();
        sink.end(wrapper);
        out = sink.into_bytes();
    }
    let mut sink = XmlSink::new(out);
    sink.start("ResponseMetadata");
    sink.element("RequestId", request_id);
    sink.end("ResponseMetadata");
    let mut out = sink.into_bytes();
    out.extend_from_slice(b"</");
    out.extend_from_slice(operation.name.as_bytes());
    out.extend_from_slice(b"Response>");
    out
}

/// The declaration and the outermost element, `<` name suffix ` xmlns="…">`.
fn open_document(name: &str, suffix: &str, namespace: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(ANSWER_BYTES);
    for part in ["<?xml version=\"1.0\"?><", name, suffix, " xmlns=\"", namespace, "\">"] {
        out.extend_from_slice(part.as_bytes());
    }
    out
}

fn json_rendering(target: &Target, request_id: &str, output: &dyn WriteShape) -> Vec<u8> {
    let mut out = b"{".to_vec();
    json::write_text(&mut out, &format!("{}Response", target.operation.name));
    out.extend_from_slice(b":{");
    if let Some(wrapper) = target.operation.result_wrapper {
        json::write_text(&mut out, wrapper);
        out.push(b':');
        let mut sink = JsonSink::new(out, Style::LikeXml);
        sink.begin_structure();
        output.write_members(&mut sink);
        sink.end_structure();
        out = sink.into_bytes();
        out.push(b',');
    }
    out.extend_from_slice(b"\"ResponseMetadata\":{\"RequestId\":");
    json::write_text(&mut out, request_id);
    out.extend_from_slice(b"}}}");
    out
}

/// The answer of an operation that was refused. `service` is absent when the refusal came before one was known.
pub fn encode_error(
    form: ReplyForm,
    service: Option<&ServiceSchema>,
    request_id: &str,
    error: &Error,
) -> Response<Bytes> {
    let kind = error.kind;
    let status = StatusCode::from_u16(kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let envelope = Envelope {
        namespace: service.map(|service| service.xml_namespace),
        query_compatible: service.is_some_and(|service| service.query_compatible),
        code: kind.code,
        sender_fault: kind.sender_fault,
        message: &error.message,
    };
    let prefix =
        kind.namespace.or_else(|| service.map(|service| service.error_namespace)).unwrap_or_default();
    envelope.answer(form, status, request_id, &[prefix, kind.shape], "message")
}

/// The answer to a request that could not be read.
pub fn encode_rejection(rejection: &Rejection, request_id: &str) -> Response<Bytes> {
    let Rejection { form, reason, .. } = *rejection;
    if form == ReplyForm::Bare {
        let body = b"<UnknownOperationException/>\n".to_vec();
        return form.response(rejection.status(), request_id, body);
    }
    let envelope = Envelope {
        namespace: rejection.namespace,
        query_compatible: rejection.query_compatible,
        code: reason.code(),
        sender_fault: true,
        message: &rejection.message,
    };
    // JSON 1.0 services (SQS, DynamoDB) name the framework here, JSON 1.1 services (CloudWatch Logs) do not.
    let prefix = if form == ReplyForm::Json10 { FRAMEWORK } else { "" };
    envelope.answer(form, rejection.status(), request_id, &[prefix, reason.shape()], message_member(reason))
}

/// AWS's framework writes the message of a `SerializationException` with a capital.
fn message_member(reason: Reason) -> &'static str {
    match reason {
        Reason::Malformed | Reason::MalformedForm => "Message",
        Reason::UnknownOperation | Reason::MissingAction => "message",
    }
}

/// What every form of an error says.
struct Envelope<'a> {
    namespace: Option<&'static str>,
    query_compatible: bool,
    code: &'a str,
    sender_fault: bool,
    message: &'a str,
}

impl Envelope<'_> {
    fn answer(
        &self,
        form: ReplyForm,
        status: StatusCode,
        request_id: &str,
        shape: &[&str],
        message: &str,
    ) -> Response<Bytes> {
        let body = match form {
            ReplyForm::Xml | ReplyForm::Bare => self.xml(request_id),
            ReplyForm::XmlAsJson => self.json_rendering(request_id),
            ReplyForm::Json10 | ReplyForm::Json11 => self.json(&shape.concat(), message),
        };
        let mut response = form.response(status, request_id, body);
        if self.query_compatible && !form.is_query() {
            // Clients that grew up with the query protocol find the code they know here.
            let value = [self.code, ";", self.fault()].concat();
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(QUERY_ERROR.clone(), value);
            }
        }
        response
    }

    fn fault(&self) -> &'static str {
        if self.sender_fault { "Sender" } else { "Receiver" }
    }

    fn json(&self, shape: &str, message: &str) -> Vec<u8> {
        let mut out = b"{\"__type\":".to_vec();
        json::write_text(&mut out, shape);
        if !self.message.is_empty() {
            out.push(b',');
            json::write_text(&mut out, message);
            out.push(b':');
            json::write_text(&mut out, self.message);
        }
        out.push(b'}');
        out
    }

    fn xml(&self, request_id: &str) -> Vec<u8> {
        let namespace = self.namespace.unwrap_or(FAULT_NAMESPACE);
        let mut sink = XmlSink::new(open_document("Error", "Response", namespace));
        sink.start("Error");
        sink.element("Type", self.fault());
        sink.element("Code", self.code);
        sink.element("Message", self.message);
        if self.query_compatible {
            // AWS: SQS writes it, always empty; SNS and STS do not.
            sink.element("Detail", "");
        }
        sink.end("Error");
        sink.element("RequestId", request_id);
        let mut out = sink.into_bytes();
        out.extend_from_slice(b"</ErrorResponse>");
        out
    }

    fn json_rendering(&self, request_id: &str) -> Vec<u8> {
        let mut out = b"{\"Error\":{\"Code\":".to_vec();
        json::write_text(&mut out, self.code);
        out.extend_from_slice(b",\"Message\":");
        json::write_text(&mut out, self.message);
        out.extend_from_slice(b",\"Type\":");
        json::write_text(&mut out, self.fault());
        out.extend_from_slice(b"},\"RequestId\":");
        json::write_text(&mut out, request_id);
        out.push(b'}');
        out
    }
}
