//! The bytes each kind of target gets.

use aws::Arn;
use serde_json::{Value, json};

use super::operation_of;
use super::trigger::Trigger;
use crate::api::types::*;

const EVENT: &str = r#"{"version":"0","id":"7bf73129-1428-4cd3-a780-95db273d1602","detail-type":"OrderCreated","source":"shop","account":"000000000000","time":"2025-06-15T15:06:40Z","region":"us-east-1","resources":["arn:aws:ec2:us-east-1:1:instance/i-1"],"detail":{"id":"o-1","n":7,"instance-id":"i-9"}}"#;
const ID: &str = "7bf73129-1428-4cd3-a780-95db273d1602";
const TOKEN: &str = "0b5e6a2c-0000-4000-8000-000000000001";

/// What a target gets: `service method path`, its headers but for the type of the content, and its body. `input` stands for
/// what the target says it gets.
fn call(target: Target, input: Option<&str>) -> Option<(String, Vec<String>, String)> {
    let target = Target { input: input.map(str::to_owned), ..target };
    let arn = Arn::parse(&target.arn).unwrap();
    let trigger = Trigger {
        target: &target,
        arn: &arn,
        event: EVENT,
        event_id: ID,
        rule_name: "r",
        body: input.unwrap_or(EVENT),
        token: TOKEN,
        now_ms: 1_750_000_000_000,
    };
    let operation = operation_of(&trigger)?;
    assert_eq!(operation.region, "us-east-1");
    let headers = operation.headers.iter().filter(|(name, _)| name != "Content-Type");
    let headers = headers.map(|(name, value)| format!("{name}: {value}")).collect();
    let line = format!("{} {} {}", operation.service, operation.method, operation.path);
    Some((line, headers, operation.body))
}

fn at(resource: &str) -> Target {
    Target { arn: format!("arn:aws:{resource}"), ..Default::default() }
}

#[track_caller]
fn check(target: Target, input: Option<&str>, line: &str, header: &str, body: Value) {
    let arn = target.arn.clone();
    let (sent, headers, sent_body) = call(target, input).unwrap_or_else(|| panic!("{arn} is no target"));
    assert_eq!(sent, line, "{arn}");
    let expected: Vec<&str> = if header.is_empty() { Vec::new() } else { vec![header] };
    assert_eq!(headers, expected, "{arn}");
    assert_eq!(sent_body, body.as_str().map_or_else(|| body.to_string(), str::to_owned), "{arn}");
}

#[test]
fn records_hold_the_event() {
    let invoke = "lambda POST /2015-03-31/functions/f/invocations";
    let event = "X-Amz-Invocation-Type: Event";
    check(at("lambda:us-east-1:1:function:f"), None, invoke, event, EVENT.into());
    let qualified = format!("{invoke}?Qualifier=%24LATEST");
    check(at("lambda:us-east-1:1:function:f:$LATEST"), Some("\"x\""), &qualified, event, "\"x\"".into());
    let put = "X-Amz-Target: Kinesis_20131202.PutRecord";
    let record = json!({ "StreamName": "s", "Data": "InVyIg==", "PartitionKey": ID });
    check(at("kinesis:us-east-1:1:stream/s"), Some("\"ur\""), "kinesis POST /", put, record);
    for (path, key) in [("$.detail.id", "o-1"), ("$.detail.n", "7"), ("$.detail.nowhere", ID)] {
        let parameters = KinesisParameters { partition_key_path: path.into() };
        let target = Target { kinesis_parameters: Some(parameters), ..at("kinesis:us-east-1:1:stream/s") };
        let record = json!({ "StreamName": "s", "Data": "InVyIg==", "PartitionKey": key });
        check(target, Some("\"ur\""), "kinesis POST /", put, record);
    }
    let put = "X-Amz-Target: Firehose_20150804.PutRecord";
    let record = json!({ "DeliveryStreamName": "d", "Record": { "Data": "InVyIg==" } });
    check(at("firehose:us-east-1:1:deliverystream/d"), Some("\"ur\""), "firehose POST /", put, record);
}

#[test]
fn log_events_take_time_and_message_from_input() {
    let put = "X-Amz-Target: Logs_20140328.PutLogEvents";
    for (input, at_ms, message) in [
        (None, 1_750_000_000_000_i64, EVENT),
        (Some(r#"{"timestamp":5,"message":"m"}"#), 5, "m"),
        (Some(r#"{"timestamp":"2025-06-15T15:06:41Z","message":{"a":1}}"#), 1_750_000_001_000, r#"{"a":1}"#),
        (Some(r#"{"timestamp":"6","message":1e400}"#), 6, "1e400"),
        (Some(r#"{"timestamp":6}"#), 1_750_000_000_000, r#"{"timestamp":6}"#),
    ] {
        let body = json!({
            "logGroupName": "/aws/g",
            "logStreamName": TOKEN,
            "logEvents": [{ "timestamp": at_ms, "message": message }],
        });
        check(at("logs:us-east-1:1:log-group:/aws/g"), input, "logs POST /", put, body);
    }
}

#[test]
fn tasks_are_run_with_their_parameters() {
    let network = AwsVpcConfiguration {
        subnets: vec!["subnet-1".into()],
        security_groups: None,
        assign_public_ip: Some("ENABLED".into()),
    };
    let ecs = EcsParameters {
        task_definition_arn: "arn:t".into(),
        task_count: Some(2),
        launch_type: Some("FARGATE".into()),
        group: Some("$.detail.id".into()),
        network_configuration: Some(NetworkConfiguration { awsvpc_configuration: Some(network) }),
        enable_ecs_managed_tags: Some(true),
        tags: Some(vec![Tag { key: "k".into(), value: "v".into() }]),
        ..Default::default()
    };
    let target = || Target { ecs_parameters: Some(ecs.clone()), ..at("ecs:us-east-1:1:cluster/c") };
    let run = "X-Amz-Target: AmazonEC2ContainerServiceV20141113.RunTask";
    let mut body = json!({
        "cluster": "arn:aws:ecs:us-east-1:1:cluster/c",
        "count": 2,
        "enableECSManagedTags": true,
        "group": "o-1",
        "launchType": "FARGATE",
        "networkConfiguration": {
            "awsvpcConfiguration": { "assignPublicIp": "ENABLED", "subnets": ["subnet-1"] },
        },
        "startedBy": "events-rule/r",
        "tags": [{ "key": "k", "value": "v" }],
        "taskDefinition": "arn:t",
    });
    check(target(), None, "ecs POST /", run, body.clone());
    body["overrides"] = json!({ "containerOverrides": [{ "name": "n" }] });
    let input = r#"{"containerOverrides":[{"name":"n"}]}"#;
    check(target(), Some(input), "ecs POST /", run, body);

    let batch = BatchParameters {
        job_definition: "d".into(),
        job_name: "n".into(),
        array_properties: Some(BatchArrayProperties { size: Some(3) }),
        retry_strategy: Some(BatchRetryStrategy { attempts: Some(2) }),
    };
    let target = Target { batch_parameters: Some(batch), ..at("batch:us-east-1:1:job-queue/q") };
    let input =
        r#"{"Parameters":{"Key":"v"},"ContainerOverrides":{"Environment":[{"Name":"N","Value":"V"}]}}"#;
    let body = json!({
        "arrayProperties": { "size": 3 },
        "containerOverrides": { "environment": [{ "name": "N", "value": "V" }] },
        "jobDefinition": "d",
        "jobName": "n",
        "jobQueue": "arn:aws:batch:us-east-1:1:job-queue/q",
        "parameters": { "Key": "v" },
        "retryStrategy": { "attempts": 2 },
    });
    check(target, Some(input), "batch POST /v1/submitjob", "", body);
}

#[test]
fn pipelines_are_started() {
    let machine = "states:us-east-1:1:stateMachine:m";
    let body = json!({
        "input": "{}",
        "name": format!("{ID}_{TOKEN}"),
        "stateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:m",
    });
    let start = "X-Amz-Target: AWSStepFunctions.StartExecution";
    check(at(machine), Some("{}"), "states POST /", start, body);
    let body = json!({ "projectName": "p", "sourceVersion": "v" });
    let start = "X-Amz-Target: CodeBuild_20161006.StartBuild";
    let input = Some(r#"{"sourceVersion":"v"}"#);
    check(at("codebuild:us-east-1:1:project/p"), input, "codebuild POST /", start, body);
    let start = "X-Amz-Target: CodePipeline_20150709.StartPipelineExecution";
    check(at("codepipeline:us-east-1:1:p"), None, "codepipeline POST /", start, json!({ "name": "p" }));
    let start = "X-Amz-Target: AWSGlue.StartWorkflowRun";
    check(at("glue:us-east-1:1:workflow/w"), None, "glue POST /", start, json!({ "Name": "w" }));
    let parameters = SageMakerPipelineParameters {
        pipeline_parameter_list: Some(vec![SageMakerPipelineParameter {
            name: "n".into(),
            value: "$.detail.id".into(),
        }]),
    };
    let target =
        Target { sage_maker_pipeline_parameters: Some(parameters), ..at("sagemaker:us-east-1:1:pipeline/p") };
    let body = json!({
        "ClientRequestToken": TOKEN,
        "PipelineName": "arn:aws:sagemaker:us-east-1:1:pipeline/p",
        "PipelineParameters": [{ "Name": "n", "Value": "o-1" }],
    });
    check(target, None, "sagemaker POST /", "X-Amz-Target: SageMaker.StartPipelineExecution", body);
    let arn = "arn:aws:inspector:us-east-1:1:target/0-a/template/0-b";
    let start = "X-Amz-Target: InspectorService.StartAssessmentRun";
    let target = Target { arn: arn.into(), ..Default::default() };
    check(target, None, "inspector POST /", start, json!({ "assessmentTemplateArn": arn }));
    let arn = "arn:aws:imagebuilder:us-east-1:1:image-pipeline/p";
    let body = json!({ "clientToken": TOKEN, "imagePipelineArn": arn });
    let target = Target { arn: arn.into(), ..Default::default() };
    check(target, None, "imagebuilder PUT /StartImagePipelineExecution", "", body);
}

#[test]
fn statements_are_executed() {
    let one = RedshiftDataParameters {
        database: "db".into(),
        db_user: Some("u".into()),
        sql: Some("$.detail.id".into()),
        with_event: Some(true),
        ..Default::default()
    };
    let target =
        Target { redshift_data_parameters: Some(one.clone()), ..at("redshift:us-east-1:1:cluster:c") };
    let body = json!({
        "ClientToken": TOKEN, "ClusterIdentifier": "c", "Database": "db", "DbUser": "u", "Sql": "o-1",
        "WithEvent": true,
    });
    check(target, None, "redshift-data POST /", "X-Amz-Target: RedshiftData.ExecuteStatement", body);
    let several = RedshiftDataParameters {
        database: "db".into(),
        secret_manager_arn: Some("arn:s".into()),
        sqls: Some(vec!["a".into(), "b".into()]),
        ..Default::default()
    };
    let arn = "arn:aws:redshift-serverless:us-east-1:1:workgroup/w";
    let target = Target { arn: arn.into(), redshift_data_parameters: Some(several), ..Default::default() };
    let body = json!({
        "ClientToken": TOKEN, "Database": "db", "SecretArn": "arn:s", "Sqls": ["a", "b"], "WorkgroupName": arn,
    });
    check(target, None, "redshift-data POST /", "X-Amz-Target: RedshiftData.BatchExecuteStatement", body);
}

#[test]
fn systems_manager_runs_documents_and_opens_items() {
    let run = RunCommandParameters {
        run_command_targets: vec![RunCommandTarget { key: "tag:a".into(), values: vec!["b".into()] }],
    };
    let target = Target { run_command_parameters: Some(run), ..at("ssm:us-east-1:1:document/AWS-Run") };
    let body = json!({
        "DocumentName": "AWS-Run",
        "Parameters": { "commands": ["date"] },
        "Targets": [{ "Key": "tag:a", "Values": ["b"] }],
    });
    let input = Some(r#"{"commands":["date"]}"#);
    check(target, input, "ssm POST /", "X-Amz-Target: AmazonSSM.SendCommand", body);
    let body = json!({ "ClientToken": TOKEN, "DocumentName": "D", "DocumentVersion": "$DEFAULT" });
    let start = "X-Amz-Target: AmazonSSM.StartAutomationExecution";
    check(at("ssm:us-east-1:1:automation-definition/D:$DEFAULT"), None, "ssm POST /", start, body);
    let create = "X-Amz-Target: AmazonSSM.CreateOpsItem";
    let resources = json!({
        "Type": "SearchableString", "Value": r#"[{"arn":"arn:aws:ec2:us-east-1:1:instance/i-1"}]"#,
    });
    let mut body = json!({
        "Description": EVENT,
        "OperationalData": { "/aws/resources": resources },
        "Source": "shop",
        "Title": "OrderCreated",
    });
    check(at("ssm:us-east-1:1:opsitem"), None, "ssm POST /", create, body.clone());
    body["Title"] = "t".into();
    body["Severity"] = "2".into();
    let input = r#"{"title":"t","severity":"2","operationalData":{"/aws/dedup":{"value":"{}"}}}"#;
    body["Description"] = input.into();
    body["OperationalData"]["/aws/dedup"] = json!({ "Type": "SearchableString", "Value": "{}" });
    check(at("ssm:us-east-1:1:opsitem"), Some(input), "ssm POST /", create, body);
}

#[test]
fn http_apis_are_called() {
    let http = HttpParameters {
        path_parameter_values: Some(vec!["$.detail.id".into()]),
        query_string_parameters: Some([("q", "1".to_owned())].into_iter().collect()),
        ..Default::default()
    };
    let target =
        Target { http_parameters: Some(http), ..at("execute-api:us-east-1:1:abc/prod/PUT/orders/*") };
    let line = "execute-api PUT /prod/orders/o-1?q=1";
    check(target, None, line, "x-apigw-api-id: abc", EVENT.into());
    let operation = AppSyncParameters { graph_ql_operation: Some("mutation M".into()) };
    let target =
        Target { app_sync_parameters: Some(operation), ..at("appsync:us-east-1:1:endpoints/graphql-api/e") };
    let body = r#"{"query":"mutation M","variables":{"b":1E2,"a":1e400}}"#;
    check(target, Some(r#"{"b": 1E2, "a": 1e400}"#), "appsync POST /graphql", "", body.into());
}

#[test]
fn built_in_targets_call_ec2() {
    for (name, input, body) in [
        ("stop-instance", Some("\"i-1\""), "Action=StopInstances&Version=2016-11-15&InstanceId.1=i-1"),
        ("terminate-instance", None, "Action=TerminateInstances&Version=2016-11-15&InstanceId.1=i-9"),
        (
            "reboot-instances",
            Some(r#"["i-1","arn:aws:ec2:us-east-1:1:instance/i-2"]"#),
            "Action=RebootInstances&Version=2016-11-15&InstanceId.1=i-1&InstanceId.2=i-2",
        ),
        (
            "create-snapshot",
            Some("\"arn:aws:ec2:us-east-1:1:volume/vol-1\""),
            "Action=CreateSnapshot&Version=2016-11-15&VolumeId=vol-1",
        ),
    ] {
        let target = at(&format!("events:us-east-1:1:target/{name}"));
        check(target, input, "ec2 POST /", "", body.into());
    }
}

#[test]
fn what_is_no_target_gets_nothing() {
    for resource in [
        "s3:::bucket",
        "events:us-east-1:1:target/dance",
        "ecs:us-east-1:1:cluster/c",
        "lambda:us-east-1:1:layer:l",
    ] {
        assert!(call(at(resource), None).is_none(), "{resource}");
    }
}
