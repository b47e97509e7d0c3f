"""EventBridge and the world outside through both CLIs: connections, API destinations, global endpoints, partners."""

import json

import pytest

PARTNER = "aws.partner/example.com/1/orders"
CHECK = "arn:aws:route53:::healthcheck/11111111-2222-3333-4444-555555555555"
ROUTING = json.dumps({"FailoverConfig": {"Primary": {"HealthCheck": CHECK}, "Secondary": {"Route": "eu-west-1"}}})
API_KEY = json.dumps({"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}})


@pytest.fixture
def connection(events) -> str:
    return events.connection("c")


@pytest.fixture
def destination(events, connection) -> str:
    return events.destination("https://example.com/", connection, Name="d")


@pytest.fixture
def buses(events) -> list[dict]:
    elsewhere = events.in_region("eu-west-1")
    return [{"EventBusArn": world.bus_arn(world.bus("both"))} for world in (events, elsewhere)]


@pytest.fixture
def endpoint(events, buses) -> str:
    events.events.create_endpoint(
        Name="e", EventBuses=buses, RoutingConfig=json.loads(ROUTING), RoleArn=events.role
    )
    return "e"


@pytest.fixture
def offered(events, other) -> str:
    other.events.create_partner_event_source(Name=PARTNER, Account=events.account)
    return PARTNER


@pytest.fixture
def taken(events, offered) -> str:
    events.bus(offered, EventSourceName=offered)
    return offered


@pytest.fixture
def partner_cli(cli, other):
    """The same CLI as the partner."""
    cli.environment["AWS_ACCESS_KEY_ID"] = other.account
    return cli


# -- connections and API destinations -------------------------------------------------------------


def test_create_connection(cli, events):
    arguments = ["--name", "c", "--authorization-type", "API_KEY", "--auth-parameters", API_KEY]
    answer = cli.events("create-connection", *arguments)
    assert answer["ConnectionState"] == "AUTHORIZED"
    assert answer["ConnectionArn"].startswith(events.resource("connection", "c/"))


def test_delete_connection(cli, events, connection):
    assert cli.events("delete-connection", "--name", "c")["ConnectionState"] == "DELETING"
    assert events.events.list_connections()["Connections"] == []


def test_deauthorize_connection(cli, events, connection):
    assert cli.events("deauthorize-connection", "--name", "c")["ConnectionArn"] == connection
    assert events.events.describe_connection(Name="c")["ConnectionState"] == "DEAUTHORIZED"


def test_describe_connection(cli, connection):
    answer = cli.events("describe-connection", "--name", "c")
    assert answer["AuthParameters"] == {"ApiKeyAuthParameters": {"ApiKeyName": "x-api-key"}}


def test_list_connections(cli, connection):
    assert [found["ConnectionArn"] for found in cli.events("list-connections")["Connections"]] == [connection]


def test_update_connection(cli, events, connection):
    arguments = ["--name", "c", "--authorization-type", "API_KEY", "--auth-parameters", API_KEY]
    assert cli.events("update-connection", *arguments)["ConnectionArn"] == connection
    found = events.events.describe_connection(Name="c")
    assert found["AuthParameters"]["ApiKeyAuthParameters"] == {"ApiKeyName": "k"}


def test_create_api_destination(cli, events, connection):
    # As JSON, because the first CLI fetches what looks like a URL.
    given = {
        "Name": "d", "ConnectionArn": connection, "InvocationEndpoint": "https://example.com/*", "HttpMethod": "POST",
    }
    answer = cli.events("create-api-destination", "--cli-input-json", json.dumps(given))
    assert answer["ApiDestinationArn"].startswith(events.resource("api-destination", "d/"))
    assert answer["ApiDestinationState"] == "ACTIVE"


def test_delete_api_destination(cli, events, destination):
    assert cli.events("delete-api-destination", "--name", "d") is None
    assert events.events.list_api_destinations()["ApiDestinations"] == []


def test_describe_api_destination(cli, destination):
    answer = cli.events("describe-api-destination", "--name", "d")
    assert (answer["ApiDestinationArn"], answer["InvocationRateLimitPerSecond"]) == (destination, 300)


def test_list_api_destinations(cli, destination):
    (found,) = cli.events("list-api-destinations")["ApiDestinations"]
    assert found["ApiDestinationArn"] == destination


def test_update_api_destination(cli, events, destination):
    answer = cli.events("update-api-destination", "--name", "d", "--http-method", "PUT")
    assert answer["ApiDestinationArn"] == destination
    assert events.events.describe_api_destination(Name="d")["HttpMethod"] == "PUT"


# -- global endpoints -----------------------------------------------------------------------------


def test_create_endpoint(cli, events, buses):
    answer = cli.events(
        "create-endpoint", "--name", "e", "--routing-config", ROUTING, "--event-buses", json.dumps(buses), "--role-arn",
        events.role,
    )
    assert (answer["Arn"], answer["EventBuses"]) == (events.resource("endpoint", "e"), buses)


def test_delete_endpoint(cli, events, endpoint):
    assert cli.events("delete-endpoint", "--name", endpoint) is None
    assert events.events.list_endpoints()["Endpoints"] == []


def test_describe_endpoint(cli, buses, endpoint):
    answer = cli.events("describe-endpoint", "--name", endpoint)
    assert (answer["EventBuses"], answer["State"]) == (buses, "ACTIVE")


def test_list_endpoints(cli, endpoint):
    assert [found["Name"] for found in cli.events("list-endpoints")["Endpoints"]] == [endpoint]


def test_update_endpoint(cli, events, endpoint):
    assert cli.events("update-endpoint", "--name", endpoint, "--description", "Mine")["Name"] == endpoint
    assert events.events.describe_endpoint(Name=endpoint)["Description"] == "Mine"


# -- partner event sources ------------------------------------------------------------------------


def test_create_partner_event_source(cli, other):
    answer = cli.events("create-partner-event-source", "--name", PARTNER, "--account", other.account)
    assert answer == {"EventSourceArn": f"arn:aws:events:us-east-1::event-source/{PARTNER}"}
    assert other.events.describe_event_source(Name=PARTNER)["State"] == "PENDING"


def test_delete_partner_event_source(partner_cli, events, taken):
    assert partner_cli.events("delete-partner-event-source", "--name", taken, "--account", events.account) is None
    assert events.events.describe_event_source(Name=taken)["State"] == "DELETED"


def test_describe_partner_event_source(partner_cli, offered):
    assert partner_cli.events("describe-partner-event-source", "--name", offered)["Name"] == offered


def test_list_partner_event_sources(partner_cli, offered):
    answer = partner_cli.events("list-partner-event-sources", "--name-prefix", "aws.partner/example.com/")
    assert [found["Name"] for found in answer["PartnerEventSources"]] == [offered]


def test_list_partner_event_source_accounts(partner_cli, events, offered):
    answer = partner_cli.events("list-partner-event-source-accounts", "--event-source-name", offered)
    assert [found["Account"] for found in answer["PartnerEventSourceAccounts"]] == [events.account]


def test_put_partner_events(partner_cli, events, taken):
    inbox = events.listen(bus=taken)
    entries = [{"Source": taken, "DetailType": "OrderCreated", "Detail": '{"n":1}'}]
    answer = partner_cli.events("put-partner-events", "--entries", json.dumps(entries))
    assert answer["FailedEntryCount"] == 0
    assert inbox.event()["id"] == answer["Entries"][0]["EventId"]


def test_describe_event_source(cli, offered):
    answer = cli.events("describe-event-source", "--name", offered)
    assert (answer["Name"], answer["State"]) == (offered, "PENDING")


def test_list_event_sources(cli, offered):
    assert [found["Name"] for found in cli.events("list-event-sources")["EventSources"]] == [offered]


def test_deactivate_event_source(cli, events, taken):
    assert cli.events("deactivate-event-source", "--name", taken) is None
    assert events.events.describe_event_source(Name=taken)["State"] == "PENDING"


def test_activate_event_source(cli, events, taken):
    events.events.deactivate_event_source(Name=taken)
    assert cli.events("activate-event-source", "--name", taken) is None
    assert events.events.describe_event_source(Name=taken)["State"] == "ACTIVE"
