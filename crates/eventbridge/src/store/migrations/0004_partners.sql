-- A partner event source, as offered by one partner's account to one customer's account.
CREATE TABLE partner_sources (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    region        TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    -- The account it is offered to.
    customer      TEXT    NOT NULL,
    -- The account that offers it and puts its events.
    partner       TEXT    NOT NULL,
    -- PENDING, ACTIVE, DELETED.
    state         TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    -- Until when it may be pending.
    expires_at_ms INTEGER,
    UNIQUE (region, name, customer)
) STRICT;

CREATE INDEX partner_sources_of_customers ON partner_sources (customer, region);
CREATE INDEX partner_sources_of_partners ON partner_sources (partner, region);
CREATE INDEX partner_sources_by_expiry ON partner_sources (expires_at_ms) WHERE expires_at_ms IS NOT NULL;

-- A global endpoint, kept where it was made.
CREATE TABLE global_endpoints (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    account        TEXT    NOT NULL,
    region         TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    -- The EndpointId of PutEvents.
    endpoint_id    TEXT    NOT NULL UNIQUE,
    created_at_ms  INTEGER NOT NULL,
    modified_at_ms INTEGER NOT NULL,
    description    TEXT,
    role_arn       TEXT,
    -- ENABLED, DISABLED.
    replication    TEXT    NOT NULL,
    -- RoutingConfig, as `kept` writes it.
    routing        TEXT    NOT NULL,
    -- Its two buses, as ARNs, in the order in which they were given.
    bus            TEXT    NOT NULL,
    other_bus      TEXT    NOT NULL,
    UNIQUE (account, region, name)
) STRICT;
