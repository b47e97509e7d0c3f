-- What is due of an owner is found without looking at what waits for others.
DROP INDEX outbox_of_owner;
CREATE INDEX outbox_of_owner ON outbox (owner, next_attempt_at_ms) WHERE state = 0;
