//! A few connections that only read.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::job::guarded;
use crate::{Error, Read};

/// Reads are answered on the thread that asks, so more connections than cores would stand idle.
pub(crate) const READERS: usize = 3;

pub(crate) struct Readers {
    free: Mutex<Vec<Connection>>,
    /// One for each connection in `free` or lent out.
    permits: Semaphore,
}

impl Readers {
    pub(crate) fn new(connections: Vec<Connection>) -> Self {
        let permits = Semaphore::new(connections.len());
        Self { free: Mutex::new(connections), permits }
    }

    /// Waits for a connection and reads one snapshot with it.
    pub(crate) async fn read<T, E, F>(&self, now_ms: impl FnOnce() -> i64, work: F) -> Result<T, E>
    where
        F: FnOnce(&Read<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        let _permit = self.permits.acquire().await.map_err(|_| E::from(Error::Closed))?;
        let connection = self.free().pop().ok_or_else(|| E::from(Error::Closed))?;
        let result = snapshot(&connection, || work(&Read::new(&connection, now_ms())));
        if !self.permits.is_closed() {
            self.free().push(connection);
        }
        result
    }

    /// Lets go of every connection, those lent out when they come back.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.free().clear();
    }

    fn free(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All statements of one read see the same moment.
fn snapshot<T, E: From<Error>>(connection: &Connection, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let say = |sql| connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
    say("BEGIN").map_err(Error::from)?;
    let result = guarded(work);
    if let Err(error) = say("COMMIT") {
        tracing::warn!(%error, "a read could not be ended");
        let _ = say("ROLLBACK");
    }
    result
}
