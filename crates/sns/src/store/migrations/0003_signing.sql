-- The key that signs what goes to subscribers; there is one. It belongs to no account and survives a reset: messages it
-- signed may still be in somebody's queue.
CREATE TABLE signing_keys (
    id            INTEGER PRIMARY KEY,
    -- The primes of the RSA key, 32 bytes each, the most significant byte first. The public exponent is 65,537.
    primes        BLOB    NOT NULL,
    -- The self-signed certificate, in PEM.
    certificate   TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT;
