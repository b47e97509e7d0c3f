"""Queue URLs: made from the Host the caller used, understood in every form that is about."""

import pytest

from support.world import World

FORMS = [
    "{name}",
    "{url}/{account}/{name}",
    "http://localhost:4566/{account}/{name}",
    "http://some-container:1234/{account}/{name}",
    "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "https://{region}.queue.amazonaws.com/{account}/{name}",
    "http://sqs.{region}.localhost.localstack.cloud:4566/{account}/{name}",
    "http://{region}.queue.localhost.localstack.cloud:4566/{account}/{name}",
    "http://queue.localhost.localstack.cloud:4566/{account}/{name}",
    "{url}/queue/{region}/{account}/{name}",
]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_names_the_queue(world, form):
    world.queue("orders")
    url = form.format(url=world.server.url, account=world.account, name="orders", region=world.region)
    world.send(url, "through any door")
    assert world.bodies(url) == ["through any door"]
    assert world.attributes(url, "QueueArn")["QueueArn"] == world.arn("x/orders")


@pytest.mark.parametrize("host", ["localhost:4566", "127.0.0.1:9999", "192.168.7.9", "sqs.us-east-1.localhost:80"])
def test_url_is_made_from_the_host_header(raw, host):
    answer = raw.json_call("CreateQueue", {"QueueName": "orders"}, Host=host)
    assert answer.status == 200
    assert answer.json() == {"QueueUrl": f"http://{host}/{raw.account}/orders"}
    answer = raw.form(Action="ListQueues", headers={"Host": host})
    assert answer.xml().findtext("ListQueuesResult/QueueUrl") == f"http://{host}/{raw.account}/orders"


@pytest.mark.parametrize("host, path", [
    ("sqs.my-app.localhost:4566", ""),
    ("sqs.dev-1.localhost", ""),
    ("sqs.eu-west-1.localhost.localstack.cloud:4566", "/queue/us-east-1"),
])
def test_url_given_out_for_a_host_is_understood(raw, host, path):
    """Under a host that names another region, the path names the queue's. A namespace is not a region."""
    answer = raw.json_call("CreateQueue", {"QueueName": "orders"}, Host=host)
    url = f"http://{host}{path}/{raw.account}/orders"
    assert answer.json() == {"QueueUrl": url}
    assert raw.json_call("SendMessage", {"QueueUrl": url, "MessageBody": "hello"}, Host=host).status == 200


@pytest.mark.parametrize("path", ["/{account}/orders", "/queue/us-east-1/{account}/orders", "/"])
def test_requests_may_come_to_any_path(json_world, raw, path):
    url = json_world.queue("orders")
    path = path.format(account=raw.account)
    assert raw.form(path, Action="SendMessage", QueueUrl=url, MessageBody="form").status == 200
    sent = raw.request("POST", path, '{"QueueUrl": "%s", "MessageBody": "json"}' % url, {
        "X-Amz-Target": "AmazonSQS.SendMessage", "Content-Type": "application/x-amz-json-1.0",
    })
    assert sent.status == 200, sent
    assert sorted(json_world.bodies(url)) == ["form", "json"]


@pytest.mark.parametrize("path", ["/{account}/orders", "/queue/us-east-1/{account}/orders"])
def test_path_of_a_query_call_names_the_queue(json_world, raw, path):
    url = json_world.queue("orders")
    assert raw.form(path.format(account=raw.account), Action="SendMessage", MessageBody="by path").status == 200
    assert json_world.bodies(url) == ["by path"]


def test_parameter_beats_the_path(json_world, raw):
    json_world.queue("in-the-path")
    wanted = json_world.queue("in-the-parameter")
    answer = raw.form(
        f"/{raw.account}/in-the-path", Action="GetQueueAttributes", QueueUrl=wanted, **{"AttributeName.1": "QueueArn"}
    )
    assert answer.xml().findtext("GetQueueAttributesResult/Attribute/Value").endswith(":in-the-parameter")


def test_client_with_a_mapped_port_gets_urls_that_work_for_it(raw, server, account):
    """A container's port 4566 is often another one outside: the caller's own Host must win."""
    outside = raw.json_call("CreateQueue", {"QueueName": "orders"}, Host="127.0.0.1:32768").json()["QueueUrl"]
    assert outside.startswith("http://127.0.0.1:32768/")
    assert World(server, account).queue("orders").startswith(server.url)
