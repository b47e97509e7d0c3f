-- What a FIFO topic has accepted in the last five minutes.
CREATE TABLE topic_deduplications (
    topic_id         INTEGER NOT NULL,
    -- The message group when the topic deduplicates by group, or nothing.
    scope            TEXT    NOT NULL,
    deduplication_id TEXT    NOT NULL,
    message_id       TEXT    NOT NULL,
    -- The message's place in its topic.
    sequence         INTEGER NOT NULL,
    expires_at_ms    INTEGER NOT NULL,
    PRIMARY KEY (topic_id, scope, deduplication_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX topic_deduplications_expire ON topic_deduplications (expires_at_ms);

-- How many messages a FIFO topic has accepted.
CREATE TABLE topic_sequences (
    topic_id INTEGER PRIMARY KEY,
    last     INTEGER NOT NULL
) STRICT;
