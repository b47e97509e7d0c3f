//! SNS's tables. All of its SQL lives here; each file is one table or one pair of them.

pub(crate) mod archive;
pub(crate) mod farewells;
pub(crate) mod fifo;
pub(crate) mod platform_applications;
pub(crate) mod platform_endpoints;
pub(crate) mod replays;
pub(crate) mod signing_keys;
pub(crate) mod sms;
pub(crate) mod subscriptions;
pub(crate) mod topics;

use storage::Migrations;

/// The tables of this service, as numbered steps. Applied ones are frozen.
pub const MIGRATIONS: Migrations = Migrations {
    service: "sns",
    steps: &[
        (1, "topics", include_str!("migrations/0001_topics.sql")),
        (2, "mobile", include_str!("migrations/0002_mobile.sql")),
        (3, "signing", include_str!("migrations/0003_signing.sql")),
        (4, "fifo", include_str!("migrations/0004_fifo.sql")),
        (5, "archive", include_str!("migrations/0005_archive.sql")),
        (6, "unconfirmed", include_str!("migrations/0006_unconfirmed.sql")),
    ],
};
