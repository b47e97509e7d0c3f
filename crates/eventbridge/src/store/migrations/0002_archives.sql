-- An archive of a bus's events.
CREATE TABLE archives (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    account        TEXT    NOT NULL,
    region         TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    -- The bus whose events it keeps; it lies in the same account and region.
    bus_id         INTEGER NOT NULL,
    bus_name       TEXT    NOT NULL,
    description    TEXT,
    event_pattern  TEXT,
    -- 0 keeps for ever.
    retention_days INTEGER NOT NULL,
    kms_key        TEXT,
    created_at_ms  INTEGER NOT NULL,
    UNIQUE (account, region, name)
) STRICT;

-- What an archive holds. Apart from the archive, because every event writes it.
CREATE TABLE archive_sizes (
    archive_id INTEGER PRIMARY KEY,
    events     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL
) STRICT;

CREATE TABLE archived_events (
    sequence       INTEGER PRIMARY KEY,
    archive_id     INTEGER NOT NULL,
    -- The time the event itself tells, to the second.
    time_ms        INTEGER NOT NULL,
    archived_at_ms INTEGER NOT NULL,
    bytes          INTEGER NOT NULL,
    event          TEXT    NOT NULL
) STRICT;

-- For replays.
CREATE INDEX archived_events_by_time ON archived_events (archive_id, time_ms, sequence);

-- For retention.
CREATE INDEX archived_events_by_age ON archived_events (archive_id, archived_at_ms);

-- Deleted archives whose events are still to go.
CREATE TABLE deleted_archives (
    archive_id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE event_replays (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    account          TEXT    NOT NULL,
    region           TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    description      TEXT,
    archive_id       INTEGER NOT NULL,
    archive_name     TEXT    NOT NULL,
    bus_id           INTEGER NOT NULL,
    -- The ARN of the bus, as it was given.
    destination      TEXT    NOT NULL,
    -- The ARNs of the only rules that see the events, a JSON array; nothing stands for all rules.
    filter_arns      TEXT,
    event_start_ms   INTEGER NOT NULL,
    event_end_ms     INTEGER NOT NULL,
    started_at_ms    INTEGER NOT NULL,
    -- STARTING, RUNNING, CANCELLING, COMPLETED, CANCELLED, FAILED.
    state            TEXT    NOT NULL,
    state_reason     TEXT,
    ended_at_ms      INTEGER,
    -- The time of the last event that was sent, and the event itself: the next one lies behind it.
    last_time_ms     INTEGER,
    last_sequence    INTEGER,
    UNIQUE (account, region, name)
) STRICT;

CREATE INDEX event_replays_active ON event_replays (id) WHERE ended_at_ms IS NULL;

CREATE INDEX event_replays_by_end ON event_replays (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
