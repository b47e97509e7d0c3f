-- A platform application: the account of an app at a push service.
CREATE TABLE platform_applications (
    -- In the order in which they were made.
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    account  TEXT    NOT NULL,
    region   TEXT    NOT NULL,
    -- The push service: GCM, APNS …
    platform TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    UNIQUE (account, region, platform, name)
) STRICT;

-- The attributes somebody set, secrets too; defaults are not stored.
CREATE TABLE platform_application_attributes (
    application_id INTEGER NOT NULL,
    name           TEXT    NOT NULL,
    value          TEXT    NOT NULL,
    PRIMARY KEY (application_id, name)
) STRICT, WITHOUT ROWID;

-- A device with the app on it. It goes with its application.
CREATE TABLE platform_endpoints (
    -- In the order in which they were made.
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    application_id   INTEGER NOT NULL,
    -- The last part of its ARN.
    uuid             TEXT    NOT NULL UNIQUE,
    -- What the push service calls the device.
    token            TEXT    NOT NULL,
    enabled          INTEGER NOT NULL,
    custom_user_data TEXT,
    UNIQUE (application_id, token)
) STRICT;
CREATE INDEX platform_endpoints_by_application ON platform_endpoints (application_id, id);

-- The SMS settings somebody made in an account and region; defaults are not stored.
CREATE TABLE sms_attributes (
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

-- Phones that do not want to hear from this account; the number without separators.
CREATE TABLE phone_opt_outs (
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    number  TEXT NOT NULL,
    PRIMARY KEY (account, region, number)
) STRICT, WITHOUT ROWID;

-- Phones an account in the sandbox may write to, once they are verified.
CREATE TABLE sms_sandbox_numbers (
    account  TEXT    NOT NULL,
    region   TEXT    NOT NULL,
    number   TEXT    NOT NULL,
    verified INTEGER NOT NULL,
    -- The one-time password that was sent last.
    password TEXT    NOT NULL,
    PRIMARY KEY (account, region, number)
) STRICT, WITHOUT ROWID;
