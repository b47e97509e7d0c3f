//! For tests: what `migrations/0001_queues.sql` alone would have kept. Every message has its state, and nothing of it
//! stands beside the body.

use storage::{Error, Sql, Tx, params};

const INSERT_QUEUE: &str = "INSERT INTO queues (id, account, region, name, created_at_ms, modified_at_ms) VALUES (7, '000000000000', 'us-east-1', 'q.fifo', 1, 1)";
const INSERT_ATTRIBUTE: &str = "INSERT INTO queue_attributes VALUES (7, 'FifoQueue', 'true')";
const INSERT_MESSAGE: &str =
    "INSERT INTO messages VALUES (?1, zeroblob(16), 'old', zeroblob(16), NULL, 'me', NULL, NULL, NULL)";
const INSERT_STATE: &str =
    "INSERT INTO message_states VALUES (?1, 7, 1750000000000, 1750000030000, ?2, 0, 0, ?3)";

/// A FIFO queue with a message in flight and one that was never received, in groups of their own.
pub(crate) fn fill(tx: &Tx<'_>) -> Result<(), Error> {
    tx.execute(INSERT_QUEUE, [])?;
    tx.execute(INSERT_ATTRIBUTE, [])?;
    for (seq, received, group) in [(1, 2, "1"), (2, 0, "2")] {
        tx.execute(INSERT_MESSAGE, params![seq])?;
        tx.execute(INSERT_STATE, params![seq, received, group])?;
    }
    Ok(())
}
