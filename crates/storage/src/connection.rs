//! How each kind of connection is set up.

use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::Durability;
use crate::place::Place;

/// Services have fewer statements than this; none is ever prepared twice.
const STATEMENTS_MAX: usize = 256;

/// Twelve MiB for the writer: the top of every index that a send or receive touches, however long the backlog.
const WRITER_CACHE_KIB: i64 = 12 * 1024;
/// Readers answer small questions; what they miss is in the page cache of the operating system.
const READER_CACHE_KIB: i64 = 1024;

/// After a reset the log is cut back to this.
const WAL_BYTES_MAX: i64 = 64 * 1024 * 1024;

/// A reader may hold up the end of a checkpoint this long, and no more.
const PATIENCE: Duration = Duration::from_millis(100);

/// Locks the file once for the whole process and keeps the index of the log in its memory, where its connections share
/// it. The usual way locks and unlocks regions of files for other processes' sake, six system calls a commit; there are
/// no other processes here.
const EXCLUSIVE: &str = "unix-excl";

/// "Fnlt", so that a file can be told from any other program's.
pub(crate) const APPLICATION_ID: i32 = 0x466e_6c74;

pub(crate) fn writer(place: &Place, durability: Durability) -> rusqlite::Result<Connection> {
    let connection = open(place)?;
    // Before the first page is written, or never. Free pages can then be given back a few at a time.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    set_up(&connection, durability, WRITER_CACHE_KIB)?;
    Ok(connection)
}

pub(crate) fn reader(place: &Place, durability: Durability) -> rusqlite::Result<Connection> {
    let connection = open(place)?;
    set_up(&connection, durability, READER_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    warm_up(&connection)?;
    Ok(connection)
}

pub(crate) fn maintenance(place: &Place, durability: Durability) -> rusqlite::Result<Connection> {
    let connection = open(place)?;
    // The connection that checkpoints is the one that has to fsync; `synchronous` counts for it, too.
    set_up(&connection, durability, READER_CACHE_KIB)?;
    connection.busy_timeout(PATIENCE)?;
    warm_up(&connection)?;
    Ok(connection)
}

fn open(place: &Place) -> rusqlite::Result<Connection> {
    // No mutex: a connection is moved between threads, never shared by them.
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if place.is_shared() && cfg!(unix) {
        return Connection::open_with_flags_and_vfs(place.file(), flags, EXCLUSIVE);
    }
    Connection::open_with_flags(place.file(), flags)
}

fn set_up(connection: &Connection, durability: Durability, cache_kib: i64) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.pragma_update(None, "synchronous", durability.synchronous())?;
    // Also keeps the undo log of savepoints in memory: a container may have no place for temporary files.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Services delete what belongs together themselves, in small steps; a cascade would be one step of any size.
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update_and_check(None, "journal_size_limit", WAL_BYTES_MAX, |_| Ok(()))?;
    // `maintenance` checkpoints. Said last: it also takes away whatever hook there was on the log.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))
}

/// Opens the log and its index now, by reading once: the files of an ephemeral store lose their names next.
fn warm_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}
