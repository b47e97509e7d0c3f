use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::ErrorCode;

/// Why a read or write did not happen. For the log: a caller of a service is told no more than that it failed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Too many writes are waiting already. Worth another try a little later.
    #[error("too many writes are waiting")]
    Busy,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// There is no room left; the store works again as soon as there is.
    #[error("the disk, or the file's limit, is full")]
    DiskFull,
    /// The job panicked; what it had changed is undone.
    #[error("a storage job panicked: {0}")]
    Panicked(String),
    /// SQLite gave up the transaction the job was part of, because another job of it met a full or broken disk.
    #[error("the transaction was lost: {0}")]
    Lost(String),
    /// Anything else SQLite says.
    #[error("sqlite: {0}")]
    Sqlite(Arc<rusqlite::Error>),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Sqlite(Arc::new(error)),
        }
    }
}

/// Why the store could not be opened. Each is one sentence for the person who started the program.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process holds the lock.
    #[error("the data directory {} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// The directory cannot be created, or not be written to.
    #[error("the data directory {} cannot be used: {reason}", path.display())]
    Directory {
        /// The directory as it was given.
        path: PathBuf,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// The file is not a database, is damaged, or belongs to another program.
    #[error("{} is not a usable Fanlight database: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file may be a fine database, but SQLite cannot work with it here: the disk is full, say.
    #[error("{} cannot be opened: {reason}", path.display())]
    Unopened {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        reason: rusqlite::Error,
    },
    /// The file was written by a later version of the program.
    #[error("{} was written by a newer version of Fanlight ({service} schema {found}; this one knows {known})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The service whose tables are too new.
        service: String,
        /// The schema number in the file.
        found: u32,
        /// The latest number this program knows; 0 if it does not know the service.
        known: u32,
    },
    /// An applied migration is not the one this program carries.
    #[error("{}: migration {number} of {service} differs from the one that was applied; it must never be edited", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// The service.
        service: String,
        /// The migration.
        number: u32,
    },
    /// A migration failed; the file is as it was.
    #[error("migration {number} of {service} failed: {reason}")]
    Migration {
        /// The service.
        service: String,
        /// The migration.
        number: u32,
        /// What SQLite says.
        reason: rusqlite::Error,
    },
    /// The operating system refused a thread.
    #[error("a storage thread cannot be started: {0}")]
    Thread(std::io::Error),
    /// Anything else SQLite says.
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
}
