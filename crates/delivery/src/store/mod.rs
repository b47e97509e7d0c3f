//! The tables of the outbox. All of its SQL lives here; each file is one table.

pub(crate) mod attempts;
pub(crate) mod errands;
pub(crate) mod letters;
pub(crate) mod outbox;

use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use storage::{Migrations, RowResult, ToSql};

/// The tables of this crate, as numbered steps. Applied ones are frozen.
pub const MIGRATIONS: Migrations = Migrations {
    service: "delivery",
    steps: &[
        (1, "outbox", include_str!("migrations/0001_outbox.sql")),
        (2, "owners", include_str!("migrations/0002_owners.sql")),
    ],
};

/// A column that holds JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> RowResult<ToSqlOutput<'_>> {
        // Structs of texts and numbers cannot fail to be written; an empty text would be refused when it is read.
        Ok(ToSqlOutput::from(serde_json::to_string(&self.0).unwrap_or_default()))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}
