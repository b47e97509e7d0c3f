//! ECS and Batch.

use serde_json::{Value, json};

use super::operation::{Operation, camel, merged, take, without_nulls};
use super::trigger::Trigger;

/// AWS: API_EcsParameters; ECS API Reference, "RunTask". Input is what the task overrides.
pub(super) fn ecs(trigger: &Trigger<'_>) -> Option<Operation> {
    let mut given = camel(trigger.parameters(trigger.target.ecs_parameters.as_ref()?));
    let started_by: String = format!("events-rule/{}", trigger.rule_name).chars().take(128).collect();
    let own = json!({
        "cluster": trigger.target.arn,
        "taskDefinition": take(&mut given, "taskDefinitionArn"),
        "count": match take(&mut given, "taskCount") {
            Value::Null => 1.into(),
            count => count,
        },
        "overrides": trigger.input().filter(Value::is_object),
        "startedBy": started_by,
    });
    let target = "AmazonEC2ContainerServiceV20141113.RunTask";
    Some(Operation::json(trigger, "ecs", "1.1", target, merged(own, Some(given))))
}

/// AWS: API_BatchParameters; Batch API Reference, "SubmitJob". Batch User Guide, "Passing event information to an AWS Batch
/// target": input has `Parameters` and `ContainerOverrides`, with capitals.
pub(super) fn batch(trigger: &Trigger<'_>) -> Option<Operation> {
    let given = camel(trigger.parameters(trigger.target.batch_parameters.as_ref()?));
    let mut input = trigger.input().unwrap_or_default();
    let parameters = take(&mut input, "Parameters");
    let mut job = merged(json!({ "jobQueue": trigger.target.arn }), Some(given));
    job = merged(job, Some(camel(input)));
    job = merged(job, Some(json!({ "parameters": parameters })));
    Some(Operation::rest(trigger, "batch", "/v1/submitjob", without_nulls(job).to_string()))
}
