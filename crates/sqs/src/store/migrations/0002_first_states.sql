-- Where a message stands until it is received, hidden or shown for the first time: a row in `message_states` is written
-- only then, so that a send writes one row. Messages from before have their row there, and nothing in these columns.
ALTER TABLE messages ADD COLUMN queue_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN sent_at_ms INTEGER NOT NULL DEFAULT 0;
-- Hidden until then, by a delay.
ALTER TABLE messages ADD COLUMN visible_at_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN group_id TEXT;
