-- A queue. Its id is drawn at random: what is left of a deleted queue never joins a new one, and a receipt handle
-- from another database names no queue of this one.
CREATE TABLE queues (
    id             INTEGER PRIMARY KEY,
    account        TEXT    NOT NULL,
    region         TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    created_at_ms  INTEGER NOT NULL,
    modified_at_ms INTEGER NOT NULL,
    -- Messages up to this sequence are not of this queue: sent before it was created, or purged. What is left of
    -- them is reclaimed in the background.
    purged_to_seq  INTEGER NOT NULL DEFAULT 0,
    purged_at_ms   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, region, name)
) STRICT;

-- The attributes somebody set; defaults are not stored.
CREATE TABLE queue_attributes (
    queue_id INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    PRIMARY KEY (queue_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_tags (
    queue_id INTEGER NOT NULL,
    key      TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    PRIMARY KEY (queue_id, key)
) STRICT, WITHOUT ROWID;

-- Names whose queue was deleted less than a minute ago, for strict timing.
CREATE TABLE deleted_queues (
    account       TEXT    NOT NULL,
    region        TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    deleted_at_ms INTEGER NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

-- What a message is; never changed after it was accepted.
CREATE TABLE messages (
    -- The order of acceptance over all queues; never used again.
    seq                INTEGER PRIMARY KEY,
    message_id         BLOB NOT NULL,
    body               TEXT NOT NULL,
    body_md5           BLOB NOT NULL,
    -- Message attributes in the form of `rules::message_attributes`, or nothing.
    attributes         BLOB,
    -- The account that sent it, or the principal AWS would name.
    sender_id          TEXT NOT NULL,
    trace_header       TEXT,
    deduplication_id   TEXT,
    -- The queue a dead letter came from, as an ARN.
    dead_letter_source TEXT
) STRICT;

-- Where a message stands; small, because every receive writes it.
CREATE TABLE message_states (
    seq                  INTEGER PRIMARY KEY,
    queue_id             INTEGER NOT NULL,
    sent_at_ms           INTEGER NOT NULL,
    -- Hidden until then, by a delay or a visibility timeout.
    visible_at_ms        INTEGER NOT NULL,
    received             INTEGER NOT NULL,
    -- 0 before the first receive.
    first_received_at_ms INTEGER NOT NULL,
    last_received_at_ms  INTEGER NOT NULL,
    group_id             TEXT
) STRICT;

-- What a FIFO queue has accepted in the last five minutes.
CREATE TABLE deduplications (
    queue_id         INTEGER NOT NULL,
    -- The message group when the queue deduplicates by group, or nothing.
    scope            TEXT    NOT NULL,
    deduplication_id TEXT    NOT NULL,
    seq              INTEGER NOT NULL,
    message_id       BLOB    NOT NULL,
    expires_at_ms    INTEGER NOT NULL,
    PRIMARY KEY (queue_id, scope, deduplication_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deduplications_expire ON deduplications (expires_at_ms);

-- What a ReceiveRequestAttemptId was answered with in the last five minutes.
CREATE TABLE receive_attempts (
    queue_id      INTEGER NOT NULL,
    attempt_id    TEXT    NOT NULL,
    -- For each message its sequence, receive count and visibility deadline: 8, 4 and 8 bytes.
    receipts      BLOB    NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (queue_id, attempt_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX receive_attempts_expire ON receive_attempts (expires_at_ms);

-- Message move tasks, running and ended.
CREATE TABLE move_tasks (
    id                  TEXT PRIMARY KEY,
    source_queue_id     INTEGER NOT NULL,
    source_arn          TEXT    NOT NULL,
    -- Absent: every message returns to the queue it came from.
    destination_arn     TEXT,
    messages_per_second INTEGER,
    status              TEXT    NOT NULL,
    failure_reason      TEXT,
    moved               INTEGER NOT NULL,
    to_move             INTEGER NOT NULL,
    started_at_ms       INTEGER NOT NULL
) STRICT;
CREATE INDEX move_tasks_of_queue ON move_tasks (source_queue_id, started_at_ms);

-- Rows of deleted and purged queues that wait to be reclaimed, up to a sequence.
CREATE TABLE reclaims (
    queue_id  INTEGER NOT NULL,
    to_seq    INTEGER NOT NULL,
    -- Everything up to here was looked at.
    after_seq INTEGER NOT NULL,
    PRIMARY KEY (queue_id, to_seq)
) STRICT, WITHOUT ROWID;

-- Numbers handed out in blocks, so that none is ever used twice.
CREATE TABLE counters (
    name     TEXT PRIMARY KEY,
    reserved INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
