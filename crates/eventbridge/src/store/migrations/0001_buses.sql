-- An event bus. Every account has one named `default` in every region; its row is made when somebody first asks.
CREATE TABLE buses (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    account        TEXT    NOT NULL,
    region         TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    created_at_ms  INTEGER NOT NULL,
    modified_at_ms INTEGER NOT NULL,
    description    TEXT,
    kms_key        TEXT,
    -- The queue for events that could not be encrypted or delivered to anything, as an ARN.
    dead_letter    TEXT,
    -- LogConfig, as `kept` writes it.
    log_config     TEXT,
    -- The partner event source it takes events from.
    event_source   TEXT,
    -- The resource policy, a JSON document.
    policy         TEXT,
    UNIQUE (account, region, name)
) STRICT;

CREATE TABLE rules (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    bus_id        INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    description   TEXT,
    event_pattern TEXT,
    schedule      TEXT,
    -- ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS.
    state         TEXT    NOT NULL,
    role_arn      TEXT,
    -- The AWS service that made it.
    managed_by    TEXT,
    created_by    TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    -- When its schedule fires next; nothing when it has none or is disabled.
    fires_at_ms   INTEGER,
    UNIQUE (bus_id, name)
) STRICT;

CREATE TABLE targets (
    rule_id   INTEGER NOT NULL,
    target_id TEXT    NOT NULL,
    -- The API's Target, as `kept` writes it.
    target    TEXT    NOT NULL,
    PRIMARY KEY (rule_id, target_id)
) STRICT, WITHOUT ROWID;

-- Tags of buses, rules and whatever else has an ARN.
CREATE TABLE tags (
    arn   TEXT NOT NULL,
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (arn, key)
) STRICT, WITHOUT ROWID;
