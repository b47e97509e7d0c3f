//! One SQLite file: the single writer, group commit, readers, migrations.
//!
//! *Knows*: pragmas, threads, transactions, savepoints, checkpoints, the lock on the data directory.
//! *Must not know*: any table but its own `migrations`, any service, any caller of a service.
//!
//! Start at [`Store`]; then `writer` (one batch, one transaction), `queue` (who runs the next batch) and
//! `maintenance` (checkpoints, so that the write-ahead log stays short).
//!
//! The promises:
//!
//! - [`Store::write`] answers after COMMIT, never before. A refused or panicking job undoes itself and not its
//!   neighbours in the batch; if SQLite loses the transaction, nobody in the batch is told otherwise.
//! - [`Tx::on_commit`] runs after COMMIT and before its caller is answered, in the order of the jobs. So whoever
//!   has the answer finds everything derived from the write in place.
//! - [`Store::read`] sees what is committed, and one snapshot of it.
//! - Nothing waits for company: a lone job is committed at once, jobs that are ready together share a commit.

mod connection;
mod error;
mod job;
mod maintenance;
mod migrations;
mod options;
mod place;
mod queue;
mod readers;
mod sql;
mod store;
mod writer;

pub use crate::error::{Error, OpenError};
pub use crate::migrations::Migrations;
pub use crate::options::{Durability, Location, Options};
pub use crate::sql::{Read, Sql, Tx};
pub use crate::store::{Description, Store};

/// What a service needs to bind parameters and read rows; services name this crate, not SQLite.
pub use rusqlite::{
    CachedStatement, OptionalExtension, Params, Result as RowResult, Row, ToSql, named_params, params, types,
};
