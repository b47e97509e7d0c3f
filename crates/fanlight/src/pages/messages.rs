//! Looking into a queue without receiving: as a page of ours, and as LocalStack's developer endpoint.

use std::borrow::Cow;

use aws::{AccountId, Arn, Call, Region};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{Method, Response, StatusCode};
use protocol::{ReplyForm, Target};
use serde_json::{Value, json};
use server::Visit;
use sqs::api::operations::{RECEIVE_MESSAGE, SERVICE};
use sqs::api::outputs::ReceiveMessageOutput;
use sqs::{InspectedMessage, State};

use super::parameters::{self, parameter};
use super::{Pages, answer_json, problem, refusal};

impl Pages {
    /// `GET /_fanlight/sqs/messages?queueUrl=&region=&account=`
    pub(super) async fn messages(&self, visit: &Visit) -> Response<Bytes> {
        let Some(queue_url) = parameter(&visit.parts, "queueUrl") else {
            return problem(StatusCode::BAD_REQUEST, "Name the queue: ?queueUrl=…");
        };
        let meant = match Meant::of(&visit.parts) {
            Ok(meant) => meant,
            Err(wanted) => return problem(StatusCode::BAD_REQUEST, wanted),
        };
        match self.sqs.inspect(&meant.call(visit), &queue_url).await {
            Ok(found) if meant.contradicts(&found.queue_arn) => {
                problem(StatusCode::BAD_REQUEST, CONTRADICTION)
            }
            Ok(found) => {
                let messages: Vec<Value> = found.messages.iter().map(describe).collect();
                answer_json(&json!({ "queueArn": found.queue_arn, "messages": messages }))
            }
            Err(error) => refusal(&error),
        }
    }

    /// `GET` or `POST /_aws/sqs/messages?QueueUrl=`, or `/_aws/sqs/messages/<region>/<account>/<queue>`: the messages as
    /// ReceiveMessage would answer them. `ShowInvisible` and `ShowDelayed` add those that it would not; `region` and
    /// `account` stand in for what the URL of the queue leaves out.
    pub(super) async fn received(&self, visit: &Visit, queue: Option<&str>) -> Response<Bytes> {
        let parameters = Parameters::of(visit);
        let target = Target { service: &SERVICE, operation: &RECEIVE_MESSAGE, form: form(visit) };
        let queue_url = match queue {
            Some(path) => Some(format!("{}/queue/{path}", visit.call.base_url)),
            None => parameters.get("QueueUrl"),
        };
        let request_id = &visit.call.request_id;
        let meant = match Meant::of(&visit.parts) {
            Ok(meant) => meant,
            Err(wanted) => return problem(StatusCode::BAD_REQUEST, wanted),
        };
        let shown = match queue_url {
            Some(queue_url) => self.sqs.inspect(&meant.call(visit), &queue_url).await,
            None => return problem(StatusCode::BAD_REQUEST, "Name the queue: ?QueueUrl=…"),
        };
        match shown {
            Ok(found) => {
                let (invisible, delayed) =
                    (parameters.is_set("ShowInvisible"), parameters.is_set("ShowDelayed"));
                let messages = found.messages.into_iter().filter(|message| match message.state {
                    State::Visible => true,
                    State::InFlight => invisible,
                    State::Delayed => delayed,
                });
                let output =
                    ReceiveMessageOutput { messages: Some(messages.map(|shown| shown.message).collect()) };
                protocol::encode_output(&target, request_id, &output)
            }
            Err(error) => protocol::encode_error(target.form, Some(&SERVICE), request_id, &error),
        }
    }
}

const CONTRADICTION: &str = "The queue's URL names another account or region than the parameters beside it.";

/// Whose queue is meant where its URL does not say it: the URLs we give name no region.
struct Meant {
    account: Option<AccountId>,
    region: Option<Region>,
}

impl Meant {
    fn of(parts: &Parts) -> Result<Self, &'static str> {
        Ok(Self { account: parameters::account(parts)?, region: parameters::region(parts)? })
    }

    /// The visitor, as somebody of that account and region.
    fn call(&self, visit: &Visit) -> Call {
        let mut call = visit.call.clone();
        call.account = self.account.clone().unwrap_or(call.account);
        call.region = self.region.clone().unwrap_or(call.region);
        call
    }

    /// What the URL says counts, and then nothing beside it may say otherwise.
    fn contradicts(&self, queue_arn: &str) -> bool {
        let Some(arn) = Arn::parse(queue_arn) else { return false };
        self.account.as_ref().is_some_and(|account| account.as_str() != arn.account)
            || self.region.as_ref().is_some_and(|region| region.as_str() != arn.region)
    }
}

/// XML, unless JSON is asked for.
fn form(visit: &Visit) -> ReplyForm {
    match ReplyForm::of(&visit.parts) {
        ReplyForm::XmlAsJson => ReplyForm::XmlAsJson,
        _ => ReplyForm::Xml,
    }
}

/// The parameters of the URL and of a form.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn of(visit: &Visit) -> Self {
        let form: Cow<'_, [u8]> =
            if visit.parts.method == Method::POST { Cow::Borrowed(&visit.body) } else { Cow::default() };
        let query = visit.parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).chain(form_urlencoded::parse(&form));
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    fn get(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"))
    }
}

fn describe(shown: &InspectedMessage) -> Value {
    let message = &shown.message;
    let attributes: Option<serde_json::Map<_, _>> = message
        .attributes
        .as_ref()
        .map(|attributes| attributes.iter().map(|(name, value)| (name.to_owned(), json!(value))).collect());
    let message_attributes: Option<serde_json::Map<_, _>> =
        message.message_attributes.as_ref().map(|attributes| {
            let described = attributes.iter().map(|(name, value)| {
                let binary = value.binary_value.as_ref().map(|bytes| BASE64_STANDARD.encode(&bytes.0));
                let described = json!({
                    "dataType": value.data_type,
                    "stringValue": value.string_value,
                    "binaryValue": binary,
                });
                (name.to_owned(), described)
            });
            described.collect()
        });
    json!({
        "messageId": message.message_id,
        "body": message.body,
        "md5OfBody": message.md5_of_body,
        "state": state(shown.state),
        "visibleAtMs": shown.visible_at_ms,
        "attributes": attributes,
        "messageAttributes": message_attributes,
    })
}

fn state(state: State) -> &'static str {
    match state {
        State::Visible => "visible",
        State::Delayed => "delayed",
        State::InFlight => "inFlight",
    }
}
