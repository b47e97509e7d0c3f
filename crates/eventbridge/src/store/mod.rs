//! EventBridge's tables. All of its SQL lives here; each file is one table or one pair of them.

pub(crate) mod api_destinations;
pub(crate) mod archived_events;
pub(crate) mod archives;
pub(crate) mod buses;
pub(crate) mod connections;
pub(crate) mod endpoints;
pub(crate) mod event_logs;
pub(crate) mod kept;
pub(crate) mod partner_sources;
pub(crate) mod replays;
pub(crate) mod rules;
pub(crate) mod tags;
pub(crate) mod targets;

use storage::Migrations;

/// The tables of this service, as numbered steps. Applied ones are frozen.
pub const MIGRATIONS: Migrations = Migrations {
    service: "events",
    steps: &[
        (1, "buses", include_str!("migrations/0001_buses.sql")),
        (2, "archives", include_str!("migrations/0002_archives.sql")),
        (3, "connections", include_str!("migrations/0003_connections.sql")),
        (4, "partners", include_str!("migrations/0004_partners.sql")),
        (5, "logs", include_str!("migrations/0005_logs.sql")),
    ],
};
