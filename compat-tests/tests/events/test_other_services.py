"""Lambda, Step Functions, Kinesis and others: the request the real service would send, to where the user says."""

import base64
import dataclasses
import json
from typing import Callable

import pytest

from support.events_refusals import invalid
from support.events_world import EventsWorld
from support.outbox import run_out
from support.receiver import Reply

SERVICES = [
    "appsync", "batch", "codebuild", "codepipeline", "ecs", "execute-api", "firehose", "glue", "inspector", "kinesis",
    "lambda",
    "logs", "redshift-data", "sagemaker", "ssm", "states",
]
CLUSTER = "cluster/c"


@dataclasses.dataclass
class Kind:
    """A kind of target: its ARN after the account, its own parameters, and what it is called with."""

    service: str
    resource: str
    target: str = ""
    parameters: dict = dataclasses.field(default_factory=dict)
    says: Callable[[dict, "EventsWorld", str], bool] = lambda *_: True
    path: str = "/"
    separator: str = ":"
    needs_role: bool = True
    signed: str = ""

    def arn(self, events: EventsWorld) -> str:
        return f"arn:aws:{self.service}:{events.region}:{events.account}{self.separator}{self.resource}"


def decoded(text: str):
    return json.loads(base64.b64decode(text))


KINDS = {
    "lambda": Kind(
        "lambda", "function:on-order", path="/2015-03-31/functions/", needs_role=False,
        says=lambda sent, events, arn: sent["detail"] == {"n": 1},
    ),
    "step functions": Kind(
        "states", "stateMachine:fulfil", "AWSStepFunctions.StartExecution",
        says=lambda sent, events,
        arn: sent["stateMachineArn"] == arn and json.loads(sent["input"])["detail"] == {"n": 1},
    ),
    "kinesis": Kind(
        "kinesis", "stream/orders", "Kinesis_20131202.PutRecord",
        says=lambda sent, events, arn: (sent.get("StreamARN") == arn or sent.get("StreamName") == "orders")
        and sent["PartitionKey"] == decoded(sent["Data"])["id"],
    ),
    "kinesis by key": Kind(
        "kinesis", "stream/orders", "Kinesis_20131202.PutRecord",
        {"KinesisParameters": {"PartitionKeyPath": "$.source"}},
        says=lambda sent, events, arn: sent["PartitionKey"] == "shop",
    ),
    "firehose": Kind(
        "firehose", "deliverystream/orders", "Firehose_20150804.PutRecord",
        says=lambda sent, events, arn: sent["DeliveryStreamName"] == "orders"
        and decoded((sent.get("Record") or sent["Records"][0])["Data"])["detail"] == {"n": 1},
    ),
    "ecs": Kind(
        "ecs", CLUSTER, "AmazonEC2ContainerServiceV20141113.RunTask",
        {"EcsParameters": {
            "TaskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/t:1", "TaskCount": 2,
            "LaunchType": "FARGATE",
        }},
        says=lambda sent, events, arn: (sent["cluster"], sent["count"], sent["launchType"]) == (arn, 2, "FARGATE")
        and sent["taskDefinition"].endswith("task-definition/t:1"),
    ),
    "batch": Kind(
        "batch", "job-queue/q", path="/v1/submitjob",
        parameters={"BatchParameters": {"JobDefinition": "d", "JobName": "j", "RetryStrategy": {"Attempts": 2}}},
        says=lambda sent, events, arn: (sent["jobQueue"], sent["jobDefinition"], sent["jobName"]) == (arn, "d", "j"),
    ),
    "logs": Kind(
        "logs", "log-group:/aws/events/orders", needs_role=False,
        target="Logs_20140328.", says=lambda sent, events, arn: sent["logGroupName"] == "/aws/events/orders",
    ),
    "codebuild": Kind(
        "codebuild", "project/p", "CodeBuild_20161006.StartBuild",
        says=lambda sent, events, arn: sent["projectName"] in ("p", arn),
    ),
    "codepipeline": Kind(
        "codepipeline", "p", "CodePipeline_20150709.StartPipelineExecution",
        says=lambda sent, events, arn: sent["name"] == "p",
    ),
    "run command": Kind(
        "ssm", "document/doc", "AmazonSSM.SendCommand",
        {"RunCommandParameters": {"RunCommandTargets": [{"Key": "tag:role", "Values": ["web"]}]}},
        says=lambda sent, events, arn: sent["DocumentName"] in ("doc", arn)
        and sent["Targets"] == [{"Key": "tag:role", "Values": ["web"]}],
    ),
    "sagemaker": Kind(
        "sagemaker", "pipeline/p", "SageMaker.StartPipelineExecution",
        {"SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "n", "Value": "v"}]}},
        says=lambda sent, events, arn: sent["PipelineName"] in ("p", arn)
        and sent["PipelineParameters"] == [{"Name": "n", "Value": "v"}],
    ),
    "redshift": Kind(
        "redshift", "cluster:c", "RedshiftData.ExecuteStatement",
        {"RedshiftDataParameters": {"Database": "dev", "DbUser": "me", "Sql": "select 1"}},
        says=lambda sent, events,
        arn: (sent["Database"], sent["Sql"], sent["ClusterIdentifier"]) == ("dev", "select 1", "c"),
        signed="redshift-data",
    ),
    "inspector": Kind(
        "inspector", "target/0-a/template/0-b", "InspectorService.StartAssessmentRun",
        says=lambda sent, events, arn: sent["assessmentTemplateArn"] == arn,
    ),
    "api gateway": Kind(
        "execute-api", "api1/prod/POST/orders", path="/prod/orders", needs_role=False,
        says=lambda sent, events, arn: sent["detail"] == {"n": 1},
    ),
    "appsync": Kind(
        "appsync", "endpoints/graphql-api/g1", path="/graphql",
        parameters={"AppSyncParameters": {"GraphQLOperation": "mutation M($n: Int){ put(n: $n) { id } }"}},
        says=lambda sent, events, arn: sent["query"].startswith("mutation M"),
    ),
}


@pytest.fixture
def configured(stand_in, started) -> EventsWorld:
    flags = [flag for name in SERVICES for flag in ("--endpoint", f"{name}={stand_in.url}")]
    return started(*flags)


def aim(events, kind: Kind, **more):
    role = {"RoleArn": events.role} if kind.needs_role else {}
    return events.rule().target(kind.arn(events), **{**role, **kind.parameters, **more})


def calls_of(kind: Kind, stand_in) -> list:
    """The calls without what may have to come first, such as making a log stream."""
    return [
        call for call in stand_in.requests if call.headers.get("x-amz-target", "") != "Logs_20140328.CreateLogStream"
    ]


@pytest.mark.parametrize("name", list(KINDS))
def test_the_request(configured, stand_in, name):
    kind = KINDS[name]
    aim(configured, kind)
    stand_in.answers(Reply(200, {"Content-Type": "application/x-amz-json-1.1"}, b"{}"))
    id = configured.put({"n": 1})
    assert configured.outbox.ended(id)["state"] == "delivered"
    call = calls_of(kind, stand_in)[-1]
    assert call.method == "POST"
    assert call.path.startswith(kind.path), call.path
    assert call.headers.get("x-amz-target", "").startswith(kind.target)
    assert f"/us-east-1/{kind.signed or kind.service}/aws4_request" in call.headers["authorization"]
    assert kind.says(call.json(), configured, kind.arn(configured)), call.json()


def test_a_function_is_invoked_as_an_event(configured, stand_in):
    """AWS: Lambda is invoked asynchronously."""
    aim(configured, KINDS["lambda"])
    stand_in.answers(202)
    id = configured.put({"n": 1})
    call = stand_in.wait(1)[0]
    assert call.path.endswith("/invocations") and "on-order" in call.path
    assert call.headers["x-amz-invocation-type"] == "Event"
    assert call.json()["id"] == id


def test_a_function_by_its_alias(configured, stand_in):
    configured.rule().target(KINDS["lambda"].arn(configured) + ":live")
    configured.put()
    path = stand_in.wait(1)[0].path
    assert "live" in path


def test_the_input_may_be_shaped(configured, stand_in):
    aim(configured, KINDS["step functions"], Input='{"only": "this"}')
    configured.put()
    assert json.loads(stand_in.wait(1)[0].json()["input"]) == {"only": "this"}


def test_log_events(configured, stand_in):
    """AWS: a log group's message is the event."""
    aim(configured, KINDS["logs"])
    stand_in.answers(Reply(200, {}, b"{}"))
    id = configured.put({"n": 1})
    configured.outbox.ended(id)
    sent = calls_of(KINDS["logs"], stand_in)[-1].json()
    (logged,) = sent["logEvents"]
    assert json.loads(logged["message"])["id"] == id
    assert sent["logStreamName"]


def test_several_statements(configured, stand_in):
    configured.rule().target(
        KINDS["redshift"].arn(configured), RoleArn=configured.role,
        RedshiftDataParameters={"Database": "dev", "DbUser": "me", "Sqls": ["select 1", "select 2"]},
    )
    configured.put()
    call = stand_in.wait(1)[0]
    assert call.headers["x-amz-target"].endswith(".BatchExecuteStatement")
    assert call.json()["Sqls"] == ["select 1", "select 2"]


def test_the_region_is_the_target_s(configured, stand_in):
    """Issues of other emulators: account and region always come from the ARN."""
    arn = KINDS["step functions"].arn(configured.in_region("eu-west-1"))
    configured.rule().target(arn, RoleArn=configured.role)
    configured.put()
    assert "/eu-west-1/states/aws4_request" in stand_in.wait(1)[0].headers["authorization"]


@pytest.mark.parametrize("name", list(KINDS))
def test_nobody_configured_it(events, name):
    """Said plainly, and given to the dead-letter queue."""
    dead = events.inbox()
    aim(events, KINDS[name], DeadLetterConfig={"Arn": dead.arn})
    id = events.put({"n": 1})
    assert dead.arrival()
    delivery = events.outbox.ended(id)
    assert delivery["state"] == "dead"
    told = json.dumps(delivery)
    assert "endpoint" in told and (KINDS[name].signed or KINDS[name].service) in told


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.needs_role])
def test_a_role_is_required(events, rule, name):
    """AWS's words, as users report them of Step Functions, Batch, CodeBuild, CodePipeline and API destinations."""
    arn = KINDS[name].arn(events)
    with invalid(f"RoleArn is required for target {arn}."):
        rule.put_targets({"Id": "1", "Arn": arn, **KINDS[name].parameters})


@pytest.mark.parametrize("name", ["lambda", "logs", "api gateway"])
def test_a_role_is_not(events, rule, name):
    """AWS: EventBridge User Guide, "Event bus targets"; of API Gateway "the role is optional"."""
    rule.target(KINDS[name].arn(events))


def test_a_log_group_takes_no_role(events, rule):
    """Quoted in terraform-aws-eventbridge#136."""
    arn = KINDS["logs"].arn(events)
    with invalid(f"RoleArn is not supported for target {arn}."):
        rule.put_targets({"Id": "1", "Arn": arn, "RoleArn": events.role})


def test_a_log_group_takes_no_text(events, rule):
    """Quoted in awsdocs/aws-cloudformation-user-guide#1010."""
    arn = KINDS["logs"].arn(events)
    with invalid("Input for target mine is not a valid JSON text."):
        rule.target(arn, "mine", InputTransformer={"InputTemplate": '"an order"'})
    template = '{"timestamp": <time>, "message": <type>}'
    paths = {"time": "$.time", "type": "$.detail-type"}
    rule.target(arn, "mine", InputTransformer={"InputPathsMap": paths, "InputTemplate": template})


def test_run_command_needs_its_parameters(events, rule):
    """Quoted in aws-sdk-js#2360, without a blank as here."""
    arn = KINDS["run command"].arn(events)
    with invalid("Parameter RunCommandParameters is not valid for targetmine."):
        rule.put_targets({"Id": "mine", "Arn": arn, "RoleArn": events.role})


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.parameters])
def test_parameters_come_back(events, rule, name):
    kind = KINDS[name]
    rule.target(kind.arn(events), RoleArn=events.role, **kind.parameters)
    assert rule.targets() == [{"Id": "1", "Arn": kind.arn(events), "RoleArn": events.role, **kind.parameters}]


@pytest.mark.parametrize("status, code", [(403, "NO_PERMISSIONS"), (404, "NO_RESOURCE"), (400, "SDK_CLIENT_ERROR")])
def test_a_permanent_refusal(configured, stand_in, status, code):
    dead = configured.inbox()
    aim(configured, KINDS["lambda"], DeadLetterConfig={"Arn": dead.arn})
    stand_in.answers(status)
    configured.put()
    assert dead.reasons()["ERROR_CODE"] == code
    assert len(stand_in.requests) == 1


def test_a_passing_failure(configured, stand_in):
    configured.clock.freeze()
    aim(configured, KINDS["step functions"])
    stand_in.answers(500, Reply(400, {"x-amzn-errortype": "ThrottlingException"}), Reply(200, {}, b"{}"))
    ended = run_out(configured, configured.put())
    assert (ended["state"], len(ended["attempts"])) == ("delivered", 3)
