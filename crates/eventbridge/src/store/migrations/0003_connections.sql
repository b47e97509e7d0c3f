-- A connection: how the calls of API destinations are authorized. What is secret about it is in `connection_secrets`.
CREATE TABLE connections (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    account          TEXT    NOT NULL,
    region           TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    -- The end of its ARN.
    uuid             TEXT    NOT NULL,
    description      TEXT,
    -- BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY.
    kind             TEXT    NOT NULL,
    -- AUTHORIZING, AUTHORIZED, DEAUTHORIZED.
    state            TEXT    NOT NULL,
    state_reason     TEXT,
    -- The end of the ARN of its secret; nothing when it was deauthorized.
    secret           TEXT,
    kms_key          TEXT,
    -- The resource configuration of InvocationConnectivityParameters, as an ARN.
    connectivity     TEXT,
    -- Counts the changes of its credentials, so that what was tried with old ones decides nothing.
    version          INTEGER NOT NULL,
    created_at_ms    INTEGER NOT NULL,
    modified_at_ms   INTEGER NOT NULL,
    authorized_at_ms INTEGER,
    UNIQUE (account, region, name)
) STRICT;

CREATE TABLE connection_secrets (
    connection_id INTEGER PRIMARY KEY,
    -- AuthParameters as they were given, as JSON.
    parameters    TEXT    NOT NULL
) STRICT;

CREATE TABLE api_destinations (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    account        TEXT    NOT NULL,
    region         TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    -- The end of its ARN.
    uuid           TEXT    NOT NULL,
    connection_arn TEXT    NOT NULL,
    description    TEXT,
    method         TEXT    NOT NULL,
    endpoint       TEXT    NOT NULL,
    -- Calls a second.
    rate           INTEGER NOT NULL,
    created_at_ms  INTEGER NOT NULL,
    modified_at_ms INTEGER NOT NULL,
    UNIQUE (account, region, name)
) STRICT;
