//! The built-in targets: operations of EC2, `arn:aws:events:<region>:<account>:target/<operation>`.

use aws::Arn;
use serde_json::Value;

use super::operation::{Operation, header};
use super::trigger::Trigger;
use crate::url::form;

/// The EC2 API Reference's version.
const VERSION: &str = "2016-11-15";

/// AWS: API_PutTargets, "The built-in targets are …". Input is the id or ARN of an instance or a volume, or a list of
/// them; without any, the instance is the one the event is about.
pub(super) fn built_in(trigger: &Trigger<'_>) -> Option<Operation> {
    let (action, parameter) = match trigger.name() {
        "create-snapshot" => ("CreateSnapshot", "VolumeId"),
        "reboot-instances" | "reboot-instance" => ("RebootInstances", "InstanceId"),
        "stop-instance" | "stop-instances" => ("StopInstances", "InstanceId"),
        "terminate-instance" | "terminate-instances" => ("TerminateInstances", "InstanceId"),
        _ => return None,
    };
    let event: Value = serde_json::from_str(trigger.event).unwrap_or_default();
    let about = trigger.input().unwrap_or_else(|| event["detail"]["instance-id"].clone());
    let ids: Vec<String> = match &about {
        Value::Array(ids) => ids.iter().filter_map(id).collect(),
        one => id(one).into_iter().collect(),
    };
    let names: Vec<String> = match parameter {
        "VolumeId" => vec![parameter.to_owned()],
        _ => (1..=ids.len()).map(|number| format!("{parameter}.{number}")).collect(),
    };
    let ids = names.iter().zip(&ids).map(|(name, id)| (name.as_str(), id.as_str()));
    let body = form([("Action", action), ("Version", VERSION)].into_iter().chain(ids));
    let mut operation = Operation::rest(trigger, "ec2", "/", body);
    operation.headers = vec![header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")];
    Some(operation)
}

/// `i-1`, also if it stands at the end of an ARN.
fn id(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let resource = Arn::parse(text).map_or_else(|| text.to_owned(), |arn| arn.resource);
    resource.rsplit('/').next().map(str::to_owned)
}
