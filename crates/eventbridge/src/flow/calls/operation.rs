//! How the operations of other services look on the wire.

use delivery::{Judge, Request, Target as To};
use serde_json::{Map, Value};

use super::OutsideCall;
use super::trigger::Trigger;

/// How long another service may take; a start of something is answered at once.
const TIMEOUT_MS: u64 = 15_000;

/// One request to another AWS service.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) service: &'static str,
    pub(super) region: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    pub(super) authorization: Option<String>,
}

impl Operation {
    /// An operation of AWS JSON 1.0 or 1.1. Parameters that are null are left out.
    pub(super) fn json(
        trigger: &Trigger<'_>,
        service: &'static str,
        version: &str,
        target: &str,
        parameters: Value,
    ) -> Self {
        let mut operation = Self::rest(trigger, service, "/", without_nulls(parameters).to_string());
        operation.headers = vec![
            header("Content-Type", &format!("application/x-amz-json-{version}")),
            header("X-Amz-Target", target),
        ];
        operation
    }

    /// A POST of JSON.
    pub(super) fn rest(
        trigger: &Trigger<'_>,
        service: &'static str,
        path: impl Into<String>,
        body: String,
    ) -> Self {
        Self {
            service,
            region: trigger.arn.region.clone(),
            method: "POST".to_owned(),
            path: path.into(),
            headers: vec![header("Content-Type", "application/json")],
            body,
            authorization: None,
        }
    }

    pub(super) fn into_call(self) -> OutsideCall {
        let target = To::Aws { service: self.service.to_owned(), region: self.region, path: self.path };
        OutsideCall {
            request: Request {
                method: self.method,
                target,
                headers: self.headers,
                body: self.body.into_bytes(),
                timeout_ms: TIMEOUT_MS,
                authorization: self.authorization,
            },
            judge: Judge::AwsOperation,
            pace: None,
        }
    }
}

pub(super) fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The members that are something.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members.into_iter().filter(|(_, member)| !member.is_null()).collect(),
        value => value,
    }
}

/// The object with the members of `more`, which win.
pub(super) fn merged(value: Value, more: Option<Value>) -> Value {
    match (value, more) {
        (Value::Object(mut members), Some(Value::Object(more))) => {
            members.extend(more);
            Value::Object(members)
        }
        (value, _) => value,
    }
}

/// The member of an object, taken out of it.
pub(super) fn take(value: &mut Value, name: &str) -> Value {
    value.as_object_mut().and_then(|members| members.remove(name)).unwrap_or_default()
}

/// The same with small first letters in all names: `TaskCount` is `taskCount` to ECS.
pub(super) fn camel(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let renamed = members.into_iter().map(|(name, member)| (camel_name(&name), camel(member)));
            Value::Object(renamed.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(camel).collect()),
        value => value,
    }
}

fn camel_name(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
