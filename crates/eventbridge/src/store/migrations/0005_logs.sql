-- What the LogConfig of a bus has written down; the newest rows only.
CREATE TABLE event_logs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    account  TEXT    NOT NULL,
    bus_arn  TEXT    NOT NULL,
    -- A JSON document, as AWS would write it.
    record   TEXT    NOT NULL
) STRICT;

CREATE INDEX event_logs_of_buses ON event_logs (bus_arn, sequence);
