//! What can be a target at all, by its ARN, and which targets EventBridge calls in the name of a role.
//!
//! AWS: EventBridge User Guide, "Event bus targets"; Service Authorization Reference, the ARNs of each service.

use aws::{AccountId, Arn};

use super::bus_name::BusKey;

/// Services that EventBridge calls in the name of a role, which the target has to name.
/// AWS: API_PutTargets, RoleArn; EventBridge User Guide, "Using identity-based policies".
const NEED_A_ROLE: &[&str] = &[
    "appsync",
    "batch",
    "codebuild",
    "codepipeline",
    "ecs",
    "firehose",
    "glue",
    "inspector",
    "redshift",
    "redshift-serverless",
    "sagemaker",
    "ssm",
    "states",
];

/// Services whose own policies let EventBridge in, but not from another account. Of queues and functions the EventBridge User
/// Guide ("Sending events to an AWS service in another account") says the same; that PutTargets refuses them is not recorded.
const NEED_A_ROLE_ELSEWHERE: &[&str] = &["sns"];

/// Whether an ARN names something that events can be sent to.
pub(crate) fn is_target(arn: &Arn) -> bool {
    let resource = arn.resource.as_str();
    let named = |kind: &str| resource.strip_prefix(kind).is_some_and(|name| !name.is_empty());
    match arn.service.as_str() {
        "sqs" | "sns" => !resource.contains(':'),
        "events" => ["event-bus/", "api-destination/", "target/"].into_iter().any(named),
        "lambda" => named("function:"),
        "states" => named("stateMachine:"),
        "kinesis" => named("stream/"),
        "firehose" => named("deliverystream/"),
        // What CloudFormation gives as a log group's ARN ends with `:*`, and is taken. AWS: serverless-patterns#221.
        "logs" => named("log-group:"),
        "ecs" => named("cluster/"),
        "batch" => named("job-queue/"),
        "codebuild" => named("project/"),
        "codepipeline" => !resource.contains([':', '/']),
        "glue" => named("workflow/"),
        "sagemaker" => named("pipeline/"),
        "imagebuilder" => named("image-pipeline/"),
        "inspector" => named("target/") && resource.contains("/template/"),
        "redshift" => named("cluster:"),
        "redshift-serverless" => named("workgroup/"),
        "appsync" => named("endpoints/graphql-api/"),
        // `<api>/<stage>/<method>/<path>`.
        "execute-api" => resource.split('/').take(3).filter(|part| !part.is_empty()).count() == 3,
        "ssm" => named("document/") || named("automation-definition/") || resource == "opsitem",
        "ssm-incidents" => named("response-plan/"),
        _ => false,
    }
}

/// Whether an ARN is that of a bus whose policy does not let this one in by itself: of another account, since 2023
/// (terraform-aws-control_tower_account_factory#284), or of another region (Terraform Registry, aws_cloudwatch_event_target,
/// `role_arn`).
pub(crate) fn is_bus_elsewhere(arn: &Arn, bus: &BusKey) -> bool {
    let elsewhere = arn.account != bus.account.as_str() || arn.region != bus.region.as_str();
    arn.service == "events" && arn.resource.starts_with("event-bus/") && elsewhere
}

/// Whether a target has to name a role, unless [it is a bus](is_bus_elsewhere). At home are the account of the rule's bus and
/// that of whoever makes the rule.
pub(crate) fn needs_a_role(arn: &Arn, home: [&AccountId; 2]) -> bool {
    let service = arn.service.as_str();
    let elsewhere = home.iter().all(|account| arn.account != account.as_str());
    if service == "events" {
        return arn.resource.starts_with("api-destination/");
    }
    NEED_A_ROLE.contains(&service) || elsewhere && NEED_A_ROLE_ELSEWHERE.contains(&service)
}

#[cfg(test)]
mod tests {
    use aws::Region;

    use super::*;

    fn parsed(text: &str) -> Arn {
        Arn::parse(text).unwrap_or_else(|| panic!("{text} is no ARN"))
    }

    #[test]
    fn every_kind_of_target_is_one() {
        for resource in [
            "sqs:us-east-1:000000000000:q.fifo",
            "sns:us-east-1:000000000000:t",
            "events:us-east-1:000000000000:event-bus/aws.partner/a/b",
            "events:us-east-1:000000000000:api-destination/d/11111111-2222-3333-4444-555555555555",
            "events:us-east-1:000000000000:target/create-snapshot",
            "lambda:us-east-1:000000000000:function:f",
            "lambda:us-east-1:000000000000:function:f:live",
            "states:us-east-1:000000000000:stateMachine:m:1",
            "kinesis:us-east-1:000000000000:stream/s",
            "firehose:us-east-1:000000000000:deliverystream/s",
            "logs:us-east-1:000000000000:log-group:/aws/events/g",
            "logs:us-east-1:000000000000:log-group:/aws/events/g:*",
            "ecs:us-east-1:000000000000:cluster/c",
            "batch:us-east-1:000000000000:job-queue/q",
            "codebuild:us-east-1:000000000000:project/p",
            "codepipeline:us-east-1:000000000000:p",
            "glue:us-east-1:000000000000:workflow/w",
            "sagemaker:us-east-1:000000000000:pipeline/p",
            "imagebuilder:us-east-1:000000000000:image-pipeline/p",
            "inspector:us-east-1:000000000000:target/0-a/template/0-b",
            "redshift:us-east-1:000000000000:cluster:c",
            "redshift-serverless:us-east-1:000000000000:workgroup/w",
            "appsync:us-east-1:000000000000:endpoints/graphql-api/g",
            "execute-api:us-east-1:000000000000:a/$default/POST/x/y",
            "execute-api:us-east-1:000000000000:a/prod/*",
            "ssm:us-east-1::document/AWS-RunShellScript",
            "ssm:us-east-1:000000000000:automation-definition/AWS-Restart:$DEFAULT",
            "ssm:us-east-1:000000000000:opsitem",
            "ssm-incidents::000000000000:response-plan/p",
        ] {
            assert!(is_target(&parsed(&format!("arn:aws:{resource}"))), "{resource}");
        }
    }

    #[test]
    fn what_gets_no_events_is_none() {
        for resource in [
            "s3:::bucket",
            "dynamodb:us-east-1:000000000000:table/t",
            "iam::000000000000:role/r",
            "foo:us-east-1:000000000000:x",
            "sns:us-east-1:000000000000:t:11111111-2222-3333-4444-555555555555",
            "lambda:us-east-1:000000000000:layer:l:1",
            "lambda:us-east-1:000000000000:function",
            "lambda:us-east-1:000000000000:function:",
            "lambda:us-east-1:000000000000:event-source-mapping:1",
            "states:us-east-1:000000000000:execution:m:1",
            "logs:us-east-1:000000000000:g",
            "ecs:us-east-1:000000000000:service/c/s",
            "events:us-east-1:000000000000:rule/r",
            "events:us-east-1:000000000000:event-bus/",
            "redshift:us-east-1:000000000000:workgroup/w",
            "execute-api:us-east-1:000000000000:a/prod",
            "appsync:us-east-1:000000000000:apis/a",
            "ssm:us-east-1:000000000000:parameter/p",
        ] {
            assert!(!is_target(&parsed(&format!("arn:aws:{resource}"))), "{resource}");
        }
    }

    #[test]
    fn another_account_needs_a_role() {
        let bus = BusKey { account: AccountId::default(), region: Region::default(), name: "b".into() };
        for (resource, here, there) in [
            ("events:us-east-1:{}:event-bus/default", false, false),
            ("events:us-east-1:{}:api-destination/d/1", true, true),
            ("events:us-east-1:{}:target/create-snapshot", false, false),
            ("sqs:us-east-1:{}:q", false, false),
            ("sns:us-east-1:{}:t", false, true),
            ("lambda:us-east-1:{}:function:f", false, false),
            ("logs:us-east-1:{}:log-group:g", false, false),
            ("execute-api:us-east-1:{}:a/prod/*", false, false),
            ("kinesis:us-east-1:{}:stream/s", false, false),
        ] {
            for (account, expected) in [(bus.account.as_str(), here), ("111111111111", there)] {
                let arn = parsed(&format!("arn:aws:{}", resource.replace("{}", account)));
                assert_eq!(needs_a_role(&arn, [&bus.account; 2]), expected, "{arn}");
            }
        }
        let (topic, maker) =
            (parsed("arn:aws:sns:us-east-1:111111111111:t"), AccountId::parse("111111111111"));
        assert!(!needs_a_role(&topic, [&bus.account, &maker.unwrap()]));
        for (resource, expected) in [
            ("us-east-1:000000000000:event-bus/default", false),
            ("us-east-1:111111111111:event-bus/default", true),
            ("eu-west-1:000000000000:event-bus/default", true),
            ("eu-west-1:111111111111:api-destination/d/1", false),
        ] {
            assert_eq!(is_bus_elsewhere(&parsed(&format!("arn:aws:events:{resource}")), &bus), expected);
        }
    }
}
