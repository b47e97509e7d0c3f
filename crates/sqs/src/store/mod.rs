//! SQS's tables. All of its SQL lives here; each file is one table or one pair of them.

pub(crate) mod attempts;
pub(crate) mod counters;
pub(crate) mod deduplications;
#[cfg(test)]
pub(crate) mod first_version;
pub(crate) mod messages;
pub(crate) mod move_tasks;
pub(crate) mod queues;
pub(crate) mod reclaims;

use storage::Migrations;

/// The tables of this service, as numbered steps. Applied ones are frozen.
pub const MIGRATIONS: Migrations = Migrations {
    service: "sqs",
    steps: &[
        (1, "queues", include_str!("migrations/0001_queues.sql")),
        (2, "first states", include_str!("migrations/0002_first_states.sql")),
        (3, "left behind", include_str!("migrations/0003_left_behind.sql")),
    ],
};
