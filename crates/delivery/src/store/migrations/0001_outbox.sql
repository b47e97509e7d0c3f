-- What is to be done outside: everything that is needed to do it. Never changed after it was posted.
CREATE TABLE errands (
    -- Never used again, so that an attempt in flight cannot be mistaken for another errand's.
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Who posted it: `sns`, `events`.
    service       TEXT    NOT NULL,
    -- The ARN of what was published to.
    source        TEXT    NOT NULL,
    message_id    TEXT    NOT NULL,
    -- The request. Nothing, for a delivery inside that failed and is only recorded.
    method        TEXT    NOT NULL,
    -- JSON of `Target`.
    target        TEXT    NOT NULL,
    -- JSON: a list of names and values.
    headers       TEXT    NOT NULL,
    body          BLOB    NOT NULL,
    timeout_ms    INTEGER NOT NULL,
    -- The ARN the poster is asked about before each attempt. No secret.
    authorization TEXT,
    -- JSON of `Schedule`, of `Judge`, and of `DeadLetter`.
    schedule      TEXT    NOT NULL,
    judge         TEXT    NOT NULL,
    dead_letter   TEXT
) STRICT;

-- Where an errand stands; small, because every attempt writes it.
CREATE TABLE outbox (
    -- The errand's.
    id                 INTEGER PRIMARY KEY,
    account            TEXT    NOT NULL,
    region             TEXT    NOT NULL,
    -- The ARN it is cancelled with.
    owner              TEXT    NOT NULL,
    -- 0 waiting, 1 delivered, 2 dead, 3 cancelled.
    state              INTEGER NOT NULL,
    attempts           INTEGER NOT NULL,
    posted_at_ms       INTEGER NOT NULL,
    -- When it is due; only while it waits.
    next_attempt_at_ms INTEGER,
    -- When it was delivered or given up.
    finished_at_ms     INTEGER,
    -- Why the last attempt failed, or why there was none.
    error              TEXT,
    -- What its calls are counted with, and how many of them there may be in a second.
    lane               TEXT,
    lane_per_second    INTEGER,
    -- 1: `next_attempt_at_ms` is a turn its lane gave it.
    lane_granted       INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due      ON outbox (next_attempt_at_ms, id) WHERE state = 0;
CREATE INDEX outbox_of_owner ON outbox (owner) WHERE state = 0;
CREATE INDEX outbox_turns    ON outbox (lane, lane_per_second, next_attempt_at_ms)
    WHERE state = 0 AND lane_granted = 1;
CREATE INDEX outbox_finished ON outbox (finished_at_ms, id) WHERE state <> 0;

-- What became of each attempt.
CREATE TABLE attempts (
    errand_id   INTEGER NOT NULL,
    -- Counts from 1.
    number      INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    -- The status that was answered, if any was.
    status      INTEGER,
    -- Why it failed.
    error       TEXT,
    duration_ms INTEGER NOT NULL,
    PRIMARY KEY (errand_id, number)
) STRICT, WITHOUT ROWID;

-- E-mail, text messages and push notifications that would have been sent.
CREATE TABLE letters (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    account           TEXT    NOT NULL,
    region            TEXT    NOT NULL,
    -- `email`, `email-json`, `sms`, `push`.
    kind              TEXT    NOT NULL,
    -- Phone number, address or endpoint ARN.
    recipient         TEXT    NOT NULL,
    topic_arn         TEXT,
    subscription_arn  TEXT,
    message_id        TEXT    NOT NULL,
    subject           TEXT,
    message           TEXT    NOT NULL,
    message_structure TEXT,
    -- JSON: a list of attributes.
    attributes        TEXT    NOT NULL,
    sent_at_ms        INTEGER NOT NULL
) STRICT;
