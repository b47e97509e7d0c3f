//! What message move tasks are named by. AWS: API_StartMessageMoveTask.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use service::Error;

use super::queue_url::QueueKey;
use crate::errors::{invalid_parameter, invalid_value};
use crate::store::move_tasks::MoveTaskRow;

/// The handle of a task, opaque to callers.
pub(crate) struct TaskHandle {
    pub(crate) task_id: String,
    pub(crate) source_arn: String,
}

impl TaskHandle {
    /// The handle of this task.
    pub(crate) fn of(task: &MoveTaskRow) -> Self {
        Self { task_id: task.id.clone(), source_arn: task.source_arn.clone() }
    }

    /// The text callers get.
    pub(crate) fn encode(&self) -> String {
        STANDARD.encode(json!({ "taskId": self.task_id, "sourceArn": self.source_arn }).to_string())
    }

    /// Reads a handle back.
    pub(crate) fn decode(text: &str) -> Result<Self, Error> {
        let read = || {
            let handle: Value = serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()?;
            let part = |name: &str| handle.get(name)?.as_str().map(str::to_owned);
            Some(Self { task_id: part("taskId")?, source_arn: part("sourceArn")? })
        };
        read().ok_or_else(|| invalid_value(text, "TaskHandle", "The TaskHandle is not valid."))
    }
}

/// The queue an ARN parameter names.
pub(crate) fn queue_of_arn(parameter: &str, arn: &str) -> Result<QueueKey, Error> {
    QueueKey::of_arn(arn).ok_or_else(|| {
        invalid_parameter(format!(
            "You must use this format to specify the {parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"
        ))
    })
}
