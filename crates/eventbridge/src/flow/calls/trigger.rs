//! What a call is made from: a target, the event, and what the target gets of it.

use aws::Arn;
use serde_json::Value;
use shape::WriteShape;

use crate::api::types::Target;
use crate::event::json;
use crate::store::kept;
use crate::transform::path::Path;

/// An event that is to be delivered to a target.
pub(super) struct Trigger<'a> {
    pub(super) target: &'a Target,
    pub(super) arn: &'a Arn,
    /// The event as it arrived.
    pub(super) event: &'a str,
    pub(super) event_id: &'a str,
    pub(super) rule_name: &'a str,
    /// What the target gets of the event.
    pub(super) body: &'a str,
    /// A fresh UUID, the same for every attempt: what is done twice is known again.
    pub(super) token: &'a str,
    pub(super) now_ms: i64,
}

impl Trigger<'_> {
    /// A parameter of a target as it is, or what the event has where it leads.
    ///
    /// AWS: EventBridge User Guide, "Dynamic path parameters": the whole value is a JSON path into the original event.
    pub(super) fn dynamic(&self, value: &str) -> String {
        if value != "$" && !value.starts_with("$.") && !value.starts_with("$[") {
            return value.to_owned();
        }
        let found = Path::parse(value).find(self.event);
        found.map(|found| json::text_of(&found).into_owned()).unwrap_or_default()
    }

    /// What the target's owner says it gets, if it is not the event as it is: such input adds to the operation's own
    /// parameters.
    pub(super) fn input(&self) -> Option<Value> {
        self.input_text().and_then(|input| serde_json::from_str(input).ok())
    }

    /// The same as it is written.
    pub(super) fn input_text(&self) -> Option<&str> {
        let target = self.target;
        let given =
            target.input.is_some() || target.input_path.is_some() || target.input_transformer.is_some();
        given.then_some(self.body)
    }

    /// What follows the kind of resource in the target's ARN.
    pub(super) fn name(&self) -> &str {
        self.arn.resource.split_once(['/', ':']).map_or(&*self.arn.resource, |(_, name)| name)
    }

    /// Parameters of a target as JSON, with their paths followed.
    pub(super) fn parameters(&self, shape: &impl WriteShape) -> Value {
        let mut parameters = serde_json::from_str(&kept::to_text(shape)).unwrap_or_default();
        self.follow(&mut parameters);
        parameters
    }

    fn follow(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.starts_with('$') => *text = self.dynamic(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.follow(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.follow(member)),
            _ => {}
        }
    }
}
