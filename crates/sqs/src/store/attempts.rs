//! What receives with a `ReceiveRequestAttemptId` were answered with. Columns: `migrations/0001_queues.sql`.

use storage::{Error, Sql, Tx, params};

const SELECT_ATTEMPT: &str =
    "SELECT receipts FROM receive_attempts WHERE queue_id = ?1 AND attempt_id = ?2 AND expires_at_ms > ?3";
const UPSERT_ATTEMPT: &str = "INSERT OR REPLACE INTO receive_attempts (queue_id, attempt_id, receipts, expires_at_ms) VALUES (?1, ?2, ?3, ?4)";
const DELETE_EXPIRED: &str = "DELETE FROM receive_attempts WHERE (queue_id, attempt_id) IN (SELECT queue_id, attempt_id FROM receive_attempts WHERE expires_at_ms <= ?1 LIMIT ?2)";

/// One message of an attempt, as the attempt left it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    pub(crate) seq: u64,
    pub(crate) received: u32,
    pub(crate) visible_at_ms: i64,
}

const RECEIPT_BYTES: usize = 20;

/// What an attempt was answered with.
pub(crate) fn select(
    sql: &impl Sql,
    queue_id: i64,
    attempt_id: &str,
    now_ms: i64,
) -> Result<Option<Vec<Receipt>>, Error> {
    let bytes = sql.query_optional(SELECT_ATTEMPT, params![queue_id, attempt_id, now_ms], |row| {
        row.get::<_, Vec<u8>>(0)
    })?;
    Ok(bytes.map(|bytes| bytes.chunks_exact(RECEIPT_BYTES).filter_map(read).collect()))
}

fn read(bytes: &[u8]) -> Option<Receipt> {
    let (seq, rest) = bytes.split_at_checked(8)?;
    let (received, visible_at_ms) = rest.split_at_checked(4)?;
    Some(Receipt {
        seq: u64::from_be_bytes(seq.try_into().ok()?),
        received: u32::from_be_bytes(received.try_into().ok()?),
        visible_at_ms: i64::from_be_bytes(visible_at_ms.try_into().ok()?),
    })
}

/// Remembers what an attempt was answered with.
pub(crate) fn insert(
    tx: &Tx<'_>,
    queue_id: i64,
    attempt_id: &str,
    receipts: &[Receipt],
    expires_at_ms: i64,
) -> Result<(), Error> {
    let mut bytes = Vec::with_capacity(receipts.len() * RECEIPT_BYTES);
    for receipt in receipts {
        bytes.extend(receipt.seq.to_be_bytes());
        bytes.extend(receipt.received.to_be_bytes());
        bytes.extend(receipt.visible_at_ms.to_be_bytes());
    }
    tx.execute(UPSERT_ATTEMPT, params![queue_id, attempt_id, bytes, expires_at_ms]).map(drop)
}

/// Forgets some of what has expired and gives their number.
pub(crate) fn delete_expired(tx: &Tx<'_>, now_ms: i64, limit: i64) -> Result<usize, Error> {
    tx.execute(DELETE_EXPIRED, params![now_ms, limit])
}
