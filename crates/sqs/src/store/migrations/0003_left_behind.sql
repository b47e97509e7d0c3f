-- Rows of queues that were purged, and then purged again or deleted before all of them were reclaimed: what was left of
-- the first was forgotten. Both kinds wait to be reclaimed from the beginning.
INSERT OR REPLACE INTO reclaims (queue_id, to_seq, after_seq)
    SELECT messages.queue_id, max(messages.seq), 0
    FROM messages LEFT JOIN queues ON queues.id = messages.queue_id
    WHERE messages.queue_id != 0 AND (queues.id IS NULL OR messages.seq <= queues.purged_to_seq)
    GROUP BY messages.queue_id;

-- Names are forgotten by their age, after every queue that is deleted.
CREATE INDEX deleted_queues_by_age ON deleted_queues (deleted_at_ms);
