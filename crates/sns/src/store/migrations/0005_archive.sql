-- What was published to FIFO topics with an archive, in order. Never changed. What is too old, or of an archive that
-- ended, is no longer told and waits to be reclaimed.
CREATE TABLE archived_messages (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    topic_id         INTEGER NOT NULL,
    published_at_ms  INTEGER NOT NULL,
    message_id       TEXT    NOT NULL,
    sequence_number  TEXT    NOT NULL,
    group_id         TEXT,
    deduplication_id TEXT,
    subject          TEXT,
    -- Message attributes, in JSON.
    attributes       TEXT    NOT NULL,
    -- What queues are told.
    message          TEXT    NOT NULL
) STRICT;
CREATE INDEX archived_messages_by_topic ON archived_messages (topic_id, id, published_at_ms);

-- Subscriptions that hear a topic's past.
CREATE TABLE replays (
    subscription_id INTEGER PRIMARY KEY,
    topic_id        INTEGER NOT NULL,
    -- As it is shown: Pending, In progress, Completed, Failed.
    status          TEXT    NOT NULL,
    -- Messages published then or later.
    from_ms         INTEGER NOT NULL,
    -- And then or earlier, if there is an end.
    to_ms           INTEGER,
    -- Messages after this id were published after the replay began: they belong to the present.
    present_id      INTEGER NOT NULL,
    -- The last message that is done.
    done_id         INTEGER NOT NULL
) STRICT;
CREATE INDEX replays_at_work ON replays (subscription_id) WHERE status IN ('Pending', 'In progress');
