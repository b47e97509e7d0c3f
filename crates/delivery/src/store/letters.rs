//! Letters. Columns: `migrations/0001_outbox.sql`.

use aws::{AccountId, Region};
use storage::{Error, Row, RowResult, Sql, Tx, params};

use super::Json;
use crate::{Letter, LetterFilter, LetterKind, SentLetter};

const INSERT_LETTER: &str = "INSERT INTO letters (account, region, kind, recipient, topic_arn, subscription_arn, \
     message_id, subject, message, message_structure, attributes, sent_at_ms) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
const DELETE_OLDER: &str = "DELETE FROM letters WHERE id <= ?1";
const SELECT_LETTERS: &str = "SELECT account, region, kind, recipient, topic_arn, subscription_arn, message_id, subject, \
     message, message_structure, attributes, sent_at_ms FROM letters \
     WHERE (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR region = ?2) AND (?3 IS NULL OR kind = ?3) \
     AND (?4 IS NULL OR recipient = ?4) ORDER BY id";
const DELETE_LETTERS: &str = "DELETE FROM letters \
     WHERE (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR region = ?2) AND (?3 IS NULL OR kind = ?3) \
     AND (?4 IS NULL OR recipient = ?4)";

/// Keeps a letter, and of all letters the last `most`.
pub(crate) fn insert(tx: &Tx<'_>, letter: &Letter, most: i64) -> Result<(), Error> {
    tx.execute(
        INSERT_LETTER,
        params![
            letter.account.as_str(),
            letter.region.as_str(),
            letter.kind.as_str(),
            letter.to,
            letter.topic_arn,
            letter.subscription_arn,
            letter.message_id,
            letter.subject,
            letter.message,
            letter.message_structure,
            Json(&letter.attributes),
            tx.now_ms(),
        ],
    )?;
    tx.execute(DELETE_OLDER, params![tx.last_insert_rowid() - most]).map(drop)
}

/// Letters, the oldest first.
pub(crate) fn select(sql: &impl Sql, filter: &LetterFilter) -> Result<Vec<SentLetter>, Error> {
    let [account, region, kind, to] = columns(filter);
    sql.query_all(SELECT_LETTERS, params![account, region, kind, to], sent_letter)
}

fn sent_letter(row: &Row<'_>) -> RowResult<SentLetter> {
    let (account, region, kind): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let letter = Letter {
        account: AccountId::parse(&account).unwrap_or_default(),
        region: Region::parse(&region).unwrap_or_default(),
        kind: LetterKind::parse(&kind).unwrap_or(LetterKind::Push),
        to: row.get(3)?,
        topic_arn: row.get(4)?,
        subscription_arn: row.get(5)?,
        message_id: row.get(6)?,
        subject: row.get(7)?,
        message: row.get(8)?,
        message_structure: row.get(9)?,
        attributes: row.get::<_, Json<_>>(10)?.0,
    };
    Ok(SentLetter { letter, sent_at_ms: row.get(11)? })
}

/// Forgets letters.
pub(crate) fn delete(tx: &Tx<'_>, filter: &LetterFilter) -> Result<(), Error> {
    let [account, region, kind, to] = columns(filter);
    tx.execute(DELETE_LETTERS, params![account, region, kind, to]).map(drop)
}

fn columns(filter: &LetterFilter) -> [Option<&str>; 4] {
    [
        filter.account.as_ref().map(AccountId::as_str),
        filter.region.as_ref().map(Region::as_str),
        filter.kind.map(LetterKind::as_str),
        filter.to.as_deref(),
    ]
}
