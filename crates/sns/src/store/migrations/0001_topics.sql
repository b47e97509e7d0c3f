-- A topic. Its id is drawn at random: what is left of a deleted topic never joins a new one.
CREATE TABLE topics (
    id                     INTEGER PRIMARY KEY,
    account                TEXT    NOT NULL,
    region                 TEXT    NOT NULL,
    name                   TEXT    NOT NULL,
    created_at_ms          INTEGER NOT NULL,
    -- Subscriptions that were deleted; GetTopicAttributes tells it.
    subscriptions_deleted  INTEGER NOT NULL DEFAULT 0,
    data_protection_policy TEXT,
    UNIQUE (account, region, name)
) STRICT;

-- The attributes somebody set; defaults are not stored.
CREATE TABLE topic_attributes (
    topic_id INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    PRIMARY KEY (topic_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE topic_tags (
    topic_id INTEGER NOT NULL,
    key      TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    PRIMARY KEY (topic_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
    -- In the order in which they were made.
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    topic_id      INTEGER NOT NULL,
    -- The last part of its ARN.
    uuid          TEXT    NOT NULL UNIQUE,
    -- The account that subscribed.
    owner         TEXT    NOT NULL,
    protocol      TEXT    NOT NULL,
    endpoint      TEXT    NOT NULL,
    -- Whether it waits to be confirmed.
    pending       INTEGER NOT NULL,
    -- Whether whoever confirmed it was authenticated.
    authenticated INTEGER NOT NULL,
    -- Whether only an authenticated caller may unsubscribe.
    locked        INTEGER NOT NULL DEFAULT 0,
    -- What confirms it, while it is pending; kept afterwards, for confirming twice is no error.
    token         TEXT,
    -- When it was made; or when its endpoint was last asked, while it waits for the answer.
    created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX subscriptions_by_topic ON subscriptions (topic_id);

CREATE TABLE subscription_attributes (
    subscription_id INTEGER NOT NULL,
    name            TEXT    NOT NULL,
    value           TEXT    NOT NULL,
    PRIMARY KEY (subscription_id, name)
) STRICT, WITHOUT ROWID;

-- Subscriptions that ended and can be taken back for two days: an endpoint that is told goodbye is told how.
CREATE TABLE farewells (
    token              TEXT    PRIMARY KEY,
    topic_id           INTEGER NOT NULL,
    uuid               TEXT    NOT NULL,
    owner              TEXT    NOT NULL,
    protocol           TEXT    NOT NULL,
    endpoint           TEXT    NOT NULL,
    -- A JSON object.
    attributes         TEXT    NOT NULL,
    unsubscribed_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX farewells_by_time ON farewells (unsubscribed_at_ms);
CREATE INDEX farewells_by_topic ON farewells (topic_id);
