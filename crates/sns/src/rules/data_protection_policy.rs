//! Data protection policies. They are kept and shown; nothing is audited, masked or denied here.

use serde_json::{Map, Value};
use service::Error;

use crate::errors::invalid_parameter;

/// AWS: SNS Developer Guide, "Data protection policies": "the maximum size of a data protection policy is 30,720".
const CHARS_MAX: usize = 30_720;

/// Refuses what is no data protection policy.
pub(crate) fn check(policy: &str) -> Result<(), Error> {
    let refused = |reason: &str| invalid_parameter(format!("DataProtectionPolicy Reason: {reason}"));
    if policy.chars().count() > CHARS_MAX {
        return Err(refused("The policy is too long"));
    }
    let document: Map<String, Value> =
        serde_json::from_str(policy).map_err(|_| refused("The policy must be a JSON object"))?;
    match document.get("Statement") {
        Some(Value::Array(_)) => Ok(()),
        _ => Err(refused("The policy must have a Statement")),
    }
}
