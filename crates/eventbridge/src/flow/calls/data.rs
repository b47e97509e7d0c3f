//! The Redshift Data API.

use serde_json::{Value, json};

use super::operation::{Operation, merged, take};
use super::trigger::Trigger;

/// AWS: API_RedshiftDataParameters; Redshift Data API Reference, "ExecuteStatement", "BatchExecuteStatement".
pub(super) fn redshift(trigger: &Trigger<'_>) -> Option<Operation> {
    let mut given = trigger.parameters(trigger.target.redshift_data_parameters.as_ref()?);
    let secret = take(&mut given, "SecretManagerArn");
    let (cluster, workgroup) = match trigger.arn.service.as_str() {
        "redshift" => (Value::from(trigger.name()), Value::Null),
        _ => (Value::Null, Value::from(trigger.target.arn.as_str())),
    };
    let operation = match given.get("Sqls") {
        Some(_) => "RedshiftData.BatchExecuteStatement",
        None => "RedshiftData.ExecuteStatement",
    };
    let own = json!({
        "ClientToken": trigger.token,
        "ClusterIdentifier": cluster,
        "SecretArn": secret,
        "WorkgroupName": workgroup,
    });
    Some(Operation::json(trigger, "redshift-data", "1.1", operation, merged(own, Some(given))))
}
