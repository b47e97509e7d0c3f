//! Message move tasks, running and ended. Columns: `migrations/0001_queues.sql`.

use storage::{Error, Row, RowResult, Sql, Tx, params};

const INSERT_TASK: &str = "INSERT INTO move_tasks (id, source_queue_id, source_arn, destination_arn, messages_per_second, status, failure_reason, moved, to_move, started_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, 0, ?7, ?8)";
const UPDATE_TASK: &str = "UPDATE move_tasks SET status = ?2, failure_reason = ?3, moved = ?4 WHERE id = ?1";
const SELECT_TASK: &str = "SELECT id, source_queue_id, source_arn, destination_arn, messages_per_second, status, failure_reason, moved, to_move, started_at_ms FROM move_tasks WHERE id = ?1";
const SELECT_TASKS_OF_QUEUE: &str = "SELECT id, source_queue_id, source_arn, destination_arn, messages_per_second, status, failure_reason, moved, to_move, started_at_ms FROM move_tasks WHERE source_queue_id = ?1 ORDER BY started_at_ms DESC, rowid DESC LIMIT ?2";
const SELECT_ACTIVE: &str = "SELECT id, source_queue_id, source_arn, destination_arn, messages_per_second, status, failure_reason, moved, to_move, started_at_ms FROM move_tasks WHERE status = 'RUNNING'";
const DELETE_TASKS_OF_QUEUE: &str = "DELETE FROM move_tasks WHERE source_queue_id = ?1";

/// How a task stands. AWS: API_ListMessageMoveTasks, Status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Running,
    Completed,
    Cancelled,
    Failed,
}

impl Status {
    /// AWS's word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Failed => "FAILED",
        }
    }

    fn parse(word: &str) -> Self {
        let known = [Self::Running, Self::Completed, Self::Cancelled];
        known.into_iter().find(|status| status.as_str() == word).unwrap_or(Self::Failed)
    }
}

/// A task as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct MoveTaskRow {
    pub(crate) id: String,
    pub(crate) source_queue_id: i64,
    pub(crate) source_arn: String,
    pub(crate) destination_arn: Option<String>,
    pub(crate) messages_per_second: Option<i32>,
    pub(crate) status: Status,
    pub(crate) failure_reason: Option<String>,
    pub(crate) moved: i64,
    pub(crate) to_move: i64,
    pub(crate) started_at_ms: i64,
}

/// Adds a task.
pub(crate) fn insert(tx: &Tx<'_>, task: &MoveTaskRow) -> Result<(), Error> {
    let row = params![
        task.id,
        task.source_queue_id,
        task.source_arn,
        task.destination_arn,
        task.messages_per_second,
        task.status.as_str(),
        task.to_move,
        task.started_at_ms
    ];
    tx.execute(INSERT_TASK, row).map(drop)
}

/// Writes a task's status and progress.
pub(crate) fn update(tx: &Tx<'_>, task: &MoveTaskRow) -> Result<(), Error> {
    tx.execute(UPDATE_TASK, params![task.id, task.status.as_str(), task.failure_reason, task.moved]).map(drop)
}

/// One task.
pub(crate) fn select(sql: &impl Sql, id: &str) -> Result<Option<MoveTaskRow>, Error> {
    sql.query_optional(SELECT_TASK, params![id], read)
}

/// The latest tasks of a source queue, the newest first.
pub(crate) fn select_of_queue(sql: &impl Sql, queue_id: i64, limit: i64) -> Result<Vec<MoveTaskRow>, Error> {
    sql.query_all(SELECT_TASKS_OF_QUEUE, params![queue_id, limit], read)
}

/// The tasks that have work to do.
pub(crate) fn select_active(sql: &impl Sql) -> Result<Vec<MoveTaskRow>, Error> {
    sql.query_all(SELECT_ACTIVE, [], read)
}

/// Removes the tasks of a queue that is deleted.
pub(crate) fn delete_of_queue(tx: &Tx<'_>, queue_id: i64) -> Result<(), Error> {
    tx.execute(DELETE_TASKS_OF_QUEUE, params![queue_id]).map(drop)
}

fn read(row: &Row<'_>) -> RowResult<MoveTaskRow> {
    Ok(MoveTaskRow {
        id: row.get(0)?,
        source_queue_id: row.get(1)?,
        source_arn: row.get(2)?,
        destination_arn: row.get(3)?,
        messages_per_second: row.get(4)?,
        status: Status::parse(&row.get::<_, String>(5)?),
        failure_reason: row.get(6)?,
        moved: row.get(7)?,
        to_move: row.get(8)?,
        started_at_ms: row.get(9)?,
    })
}
