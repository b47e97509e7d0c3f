//! Systems Manager: Run Command, Automation, OpsCenter.

use serde_json::{Map, Value, json};

use super::operation::{Operation, camel, take};
use super::trigger::Trigger;

/// AWS: API_RunCommandParameters; Systems Manager API Reference, "SendCommand". Input is the document's parameters.
pub(super) fn run_command(trigger: &Trigger<'_>) -> Operation {
    let given = trigger.target.run_command_parameters.as_ref();
    let given = given.map(|given| trigger.parameters(given)).unwrap_or_default();
    let parameters = json!({
        "DocumentName": trigger.name(),
        "Parameters": trigger.input().filter(Value::is_object),
        "Targets": given["RunCommandTargets"],
    });
    Operation::json(trigger, "ssm", "1.1", "AmazonSSM.SendCommand", parameters)
}

/// AWS: Systems Manager API Reference, "StartAutomationExecution". Input is the document's parameters.
pub(super) fn automation(trigger: &Trigger<'_>) -> Operation {
    let (name, version) = match trigger.name().split_once(':') {
        Some((name, version)) => (name, Some(version)),
        None => (trigger.name(), None),
    };
    let parameters = json!({
        "ClientToken": trigger.token,
        "DocumentName": name,
        "DocumentVersion": version,
        "Parameters": trigger.input().filter(Value::is_object),
    });
    Operation::json(trigger, "ssm", "1.1", "AmazonSSM.StartAutomationExecution", parameters)
}

/// AWS: Systems Manager API Reference, "CreateOpsItem"; User Guide, "Configure EventBridge to create OpsItems": input has
/// `title`, `description`, `category`, `severity`, `source`, `operationalData` and `resources`. What it does not say is
/// taken from the event.
pub(super) fn ops_item(trigger: &Trigger<'_>) -> Operation {
    let mut input = camel(trigger.input().filter(Value::is_object).unwrap_or_else(|| json!({})));
    let event: Value = serde_json::from_str(trigger.event).unwrap_or_default();
    let mut data = Map::new();
    if let Value::Object(given) = take(&mut input, "operationalData") {
        for (name, value) in given {
            let value = value.get("value").cloned().unwrap_or(value);
            data.insert(name, searchable(&value));
        }
    }
    let resources = match take(&mut input, "resources") {
        Value::Null => event["resources"].clone(),
        given => given,
    };
    if let Some(arns) = resources.as_array().filter(|arns| !arns.is_empty()) {
        let arns: Vec<Value> = arns.iter().map(|arn| json!({ "arn": arn })).collect();
        data.insert("/aws/resources".to_owned(), searchable(&Value::Array(arns)));
    }
    let mut text = |name: &str, default: Value| match take(&mut input, name) {
        Value::Null => default,
        given => given,
    };
    let parameters = json!({
        "Category": text("category", Value::Null),
        "Description": text("description", trigger.body.into()),
        "OperationalData": Some(data).filter(|data| !data.is_empty()),
        "Priority": text("priority", Value::Null),
        "Severity": text("severity", Value::Null),
        "Source": text("source", event["source"].clone()),
        "Title": text("title", event["detail-type"].clone()),
    });
    Operation::json(trigger, "ssm", "1.1", "AmazonSSM.CreateOpsItem", parameters)
}

fn searchable(value: &Value) -> Value {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    json!({ "Type": "SearchableString", "Value": text })
}
