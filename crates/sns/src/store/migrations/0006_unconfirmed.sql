-- Finds subscriptions nobody confirmed in time, so that they can be forgotten.
CREATE INDEX subscriptions_unconfirmed ON subscriptions (created_at_ms) WHERE pending = 1;
