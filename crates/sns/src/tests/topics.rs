//! Topics: making, telling, setting, tagging and deleting them.

use service::Error;

use super::world::World;
use crate::api::inputs::*;
use crate::api::types::Tag;
use crate::{Limits, Options, ops};

const ARN: &str = "arn:aws:sns:us-east-1:000000000000:orders";
const NOT_THERE: &str = "arn:aws:sns:us-east-1:000000000000:nothing";
const ARCHIVE: &str = r#"{"MessageRetentionPeriod":"1"}"#;

fn tags(tags: &[(&str, &str)]) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: (*key).to_owned(), value: (*value).to_owned() }).collect()
}

fn create_tagged(world: &World, given: &[(&str, &str)]) -> Result<(), Error> {
    let input = CreateTopicInput { name: "orders".into(), tags: Some(tags(given)), ..Default::default() };
    world.run(ops::create_topic(&world.sns, &world.call, input)).map(drop)
}

fn tag(world: &World, arn: &str, given: &[(&str, &str)]) -> Result<(), Error> {
    let input = TagResourceInput { resource_arn: arn.into(), tags: tags(given) };
    world.run(ops::tag_resource(&world.sns, &world.call, input)).map(drop)
}

fn tags_of(world: &World, arn: &str) -> Result<Vec<(String, String)>, Error> {
    let input = ListTagsForResourceInput { resource_arn: arn.into() };
    let output = world.run(ops::list_tags_for_resource(&world.sns, &world.call, input))?;
    Ok(output.tags.unwrap().into_iter().map(|tag| (tag.key, tag.value)).collect())
}

fn delete(world: &World, arn: &str) -> Result<(), Error> {
    let input = DeleteTopicInput { topic_arn: arn.into() };
    world.run(ops::delete_topic(&world.sns, &world.call, input)).map(drop)
}

fn list(world: &World, next_token: Option<String>) -> (Vec<String>, Option<String>) {
    let input = ListTopicsInput { next_token };
    let output = world.run(ops::list_topics(&world.sns, &world.call, input)).unwrap();
    let arns = output.topics.unwrap().into_iter().map(|topic| topic.topic_arn.unwrap()).collect();
    (arns, output.next_token)
}

fn add_permission(world: &World, label: &str) -> Result<(), Error> {
    let input = AddPermissionInput {
        topic_arn: ARN.into(),
        label: label.into(),
        aws_account_id: vec!["111122223333".into()],
        action_name: vec!["Publish".into()],
    };
    world.run(ops::add_permission(&world.sns, &world.call, input)).map(drop)
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Error>, code: &str, message: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.kind.code, error.message.as_str()), (code, message));
}

#[track_caller]
fn invalid<T: std::fmt::Debug>(result: Result<T, Error>, what: &str) {
    refused(result, "InvalidParameter", &format!("Invalid parameter: {what}"));
}

#[test]
fn a_topic_made_again_is_the_same_unless_something_differs() {
    let world = World::new();
    let given = [("DisplayName", "first"), ("SignatureVersion", "2")];
    assert_eq!(world.topic("orders", &given).as_deref(), Ok(ARN));
    assert_eq!(world.topic("orders", &given).as_deref(), Ok(ARN));
    assert_eq!(
        world.topic("orders", &[("FifoTopic", "false"), ("TracingConfig", "PassThrough")]).unwrap(),
        ARN
    );
    for other in [("DisplayName", "other"), ("KmsMasterKeyId", "k"), ("SignatureVersion", "1")] {
        invalid(
            world.topic("orders", &[other]),
            "Attributes Reason: Topic already exists with different attributes",
        );
    }
    invalid(world.topic("orders", &[("FifoTopic", "true")]), "Topic Name");
    invalid(create_tagged(&world, &[("a", "1")]), "Tags Reason: Topic already exists with different tags");
}

#[test]
fn attributes_are_checked_at_creation() {
    let world = World::new();
    for (attribute, reason) in [
        (("Colour", "blue"), "Unknown attribute Colour"),
        (("ContentBasedDeduplication", "true"), "Unknown attribute ContentBasedDeduplication"),
        (("FifoTopic", "maybe"), "FifoTopic: Invalid value [maybe]. Must be true or false."),
        (("DeliveryPolicy", "{\"x\":1}"), "DeliveryPolicy: Unexpected JSON member: x"),
    ] {
        invalid(world.topic("orders", &[attribute]), &format!("Attributes Reason: {reason}"));
    }
    let period = r#"{"MessageRetentionPeriod":"0"}"#;
    invalid(
        world.topic("orders.fifo", &[("FifoTopic", "true"), ("ArchivePolicy", period)]),
        "Attributes Reason: ArchivePolicy: MessageRetentionPeriod value is invalid",
    );
    assert_eq!(list(&world, None), (vec![], None));
}

#[test]
fn a_standard_topic_tells_eight_attributes_and_a_fifo_topic_ten() {
    let world = World::new();
    let count = |arn: String| {
        let input = GetTopicAttributesInput { topic_arn: arn };
        let output = world.run(ops::get_topic_attributes(&world.sns, &world.call, input)).unwrap();
        output.attributes.unwrap().len()
    };
    assert_eq!(count(world.topic("orders", &[]).unwrap()), 8);
    assert_eq!(count(world.topic("orders.fifo", &[("FifoTopic", "true")]).unwrap()), 10);
    let default = concat!(
        r#"{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","#,
        r#""Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","#,
        r#""SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","#,
        r#""SNS:ListSubscriptionsByTopic","SNS:Publish"],"#,
        r#""Resource":"arn:aws:sns:us-east-1:000000000000:orders","#,
        r#""Condition":{"StringEquals":{"AWS:SourceOwner":"000000000000"}}}]}"#
    );
    assert_eq!(world.topic_attribute(ARN, "Policy").as_deref(), Some(default));
}

#[test]
fn what_was_set_outlives_a_restart() {
    let mut world = World::new();
    world.topic("orders", &[("DisplayName", "first")]).unwrap();
    world.set_topic(ARN, "DisplayName", "second").unwrap();
    world.set_topic(ARN, "TracingConfig", "Active").unwrap();
    tag(&world, ARN, &[("a", "1")]).unwrap();
    add_permission(&world, "share").unwrap();
    world.restart();
    assert_eq!(world.topic_attribute(ARN, "DisplayName").as_deref(), Some("second"));
    assert_eq!(world.topic_attribute(ARN, "TracingConfig").as_deref(), Some("Active"));
    assert!(world.topic_attribute(ARN, "Policy").unwrap().contains("share"));
    assert_eq!(tags_of(&world, ARN).unwrap(), [("a".to_owned(), "1".to_owned())]);
}

#[test]
fn a_refused_setting_changes_nothing() {
    let world = World::new();
    world.topic("orders", &[]).unwrap();
    invalid(world.set_topic(ARN, "Colour", "blue"), "AttributeName");
    invalid(world.set_topic(ARN, "FifoTopic", "true"), "AttributeName");
    invalid(world.set_topic(ARN, "ArchivePolicy", ARCHIVE), "AttributeName");
    invalid(
        world.set_topic(ARN, "SignatureVersion", "3"),
        "SignatureVersion: Invalid value [3]. Must be one of 1, 2.",
    );
    refused(world.set_topic(NOT_THERE, "DisplayName", "x"), "NotFound", "Topic does not exist");
    assert_eq!(world.topic_attribute(ARN, "SignatureVersion"), None);
}

#[test]
fn the_archive_begins_with_its_policy_and_moves_on_as_it_forgets() {
    let world = World::new();
    let arn = world.topic("orders.fifo", &[("FifoTopic", "true"), ("ArchivePolicy", ARCHIVE)]).unwrap();
    let begins = || world.topic_attribute(&arn, "BeginningArchiveTime");
    let first = begins();
    assert_eq!(first.as_deref(), Some("2025-06-15T15:06:40.000Z"));
    world.pass_secs(86_400);
    world.set_topic(&arn, "ArchivePolicy", ARCHIVE).unwrap();
    assert_eq!(begins(), first);
    world.pass_secs(60);
    assert_eq!(begins().as_deref(), Some("2025-06-15T15:07:40.000Z"));
    let again = [("FifoTopic", "true"), ("ArchivePolicy", r#"{ "MessageRetentionPeriod": "1" }"#)];
    assert_eq!(world.topic("orders.fifo", &again).unwrap(), arn);
    assert_eq!(delete(&world, &arn).unwrap_err().kind.code, "InvalidState");
    world.set_topic(&arn, "ArchivePolicy", "{}").unwrap();
    assert_eq!((begins(), world.topic_attribute(&arn, "ArchivePolicy")), (None, None));
    delete(&world, &arn).unwrap();
}

#[test]
fn deleting_is_done_once_and_asked_for_as_often_as_one_likes() {
    let world = World::new();
    world.topic("orders", &[]).unwrap();
    tag(&world, ARN, &[("a", "1")]).unwrap();
    for _ in 0..2 {
        delete(&world, ARN).unwrap();
        assert_eq!(list(&world, None).0, Vec::<String>::new());
    }
    world.topic("orders", &[]).unwrap();
    assert_eq!(tags_of(&world, ARN).unwrap(), []);
    invalid(delete(&world, "orders"), "TopicArn Reason: An ARN must have at least 6 elements, not 1");
    invalid(delete(&world, &ARN.replace("us-east-1", "eu-west-1")), "TopicArn");
}

#[test]
fn accounts_and_regions_have_their_own_topics() {
    let world = World::new();
    world.topic("orders", &[]).unwrap();
    for call in [world.caller("111122223333", "us-east-1"), world.caller("000000000000", "eu-west-1")] {
        let output = world.run(ops::list_topics(&world.sns, &call, ListTopicsInput::default())).unwrap();
        assert_eq!(output.topics, Some(vec![]));
    }
    // Another account of the region may look: policies are kept, not enforced.
    let other = world.caller("111122223333", "us-east-1");
    let input = GetTopicAttributesInput { topic_arn: ARN.into() };
    let output = world.run(ops::get_topic_attributes(&world.sns, &other, input)).unwrap();
    assert_eq!(output.attributes.unwrap().get("Owner").map(String::as_str), Some("000000000000"));
}

#[test]
fn topics_come_in_pages_of_a_hundred() {
    let world = World::new();
    for number in 0..101 {
        world.topic(&format!("topic-{number:03}"), &[]).unwrap();
    }
    let (first, token) = list(&world, None);
    assert_eq!((first.len(), first[0].ends_with(":topic-000")), (100, true));
    let (second, end) = list(&world, token);
    assert_eq!((second.len(), second[0].ends_with(":topic-100"), end), (1, true, None));
    let input = ListTopicsInput { next_token: Some("never given".into()) };
    invalid(world.run(ops::list_topics(&world.sns, &world.call, input)), "NextToken");
}

#[test]
fn tags_are_merged_up_to_fifty() {
    let world = World::new();
    create_tagged(&world, &[("a", "1"), ("b", "2")]).unwrap();
    create_tagged(&world, &[("a", "1")]).unwrap();
    tag(&world, ARN, &[("b", "3"), ("c", "")]).unwrap();
    let owned = |tags: &[(&str, &str)]| {
        tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(tags_of(&world, ARN).unwrap(), owned(&[("a", "1"), ("b", "3"), ("c", "")]));
    let input = UntagResourceInput { resource_arn: ARN.into(), tag_keys: vec!["a".into(), "z".into()] };
    world.run(ops::untag_resource(&world.sns, &world.call, input)).unwrap();
    assert_eq!(tags_of(&world, ARN).unwrap(), owned(&[("b", "3"), ("c", "")]));
    let keys: Vec<String> = (0..48).map(|number| format!("k{number}")).collect();
    let more: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "v")).collect();
    tag(&world, ARN, &more).unwrap();
    refused(
        tag(&world, ARN, &[("more", "v")]),
        "TagLimitExceeded",
        "Could not complete request: tag quota of per resource exceeded",
    );
    invalid(tag(&world, ARN, &[("x", "1"), ("x", "2")]), "Duplicated keys are not allowed.");
    invalid(tag(&world, ARN, &[("aws:x", "1")]), "Tags Reason: aws: prefixed tag key names are not allowed");
    refused(tag(&world, NOT_THERE, &[("x", "1")]), "ResourceNotFound", "Resource does not exist");
    assert_eq!(tags_of(&world, ARN).unwrap().len(), 50);
}

#[test]
fn a_permission_is_given_once_and_taken_back() {
    let world = World::new();
    world.topic("orders", &[]).unwrap();
    let default = world.topic_attribute(ARN, "Policy").unwrap();
    add_permission(&world, "share").unwrap();
    invalid(add_permission(&world, "share"), "Statement already exists");
    let remove = |label: &str| {
        let input = RemovePermissionInput { topic_arn: ARN.into(), label: label.into() };
        world.run(ops::remove_permission(&world.sns, &world.call, input)).unwrap();
    };
    remove("other");
    assert!(world.topic_attribute(ARN, "Policy").unwrap().contains("share"));
    remove("share");
    let policy = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(policy(&world.topic_attribute(ARN, "Policy").unwrap()), policy(&default));
}

#[test]
fn a_data_protection_policy_is_kept_as_given() {
    let world = World::new();
    world.topic("orders", &[]).unwrap();
    let put = |policy: &str| {
        let input =
            PutDataProtectionPolicyInput { resource_arn: ARN.into(), data_protection_policy: policy.into() };
        world.run(ops::put_data_protection_policy(&world.sns, &world.call, input))
    };
    let get = || {
        let input = GetDataProtectionPolicyInput { resource_arn: ARN.into() };
        let output = world.run(ops::get_data_protection_policy(&world.sns, &world.call, input)).unwrap();
        output.data_protection_policy
    };
    let policy = r#"{ "Name": "x", "Statement": [] }"#;
    put(policy).unwrap();
    assert_eq!(get().as_deref(), Some(policy));
    assert_eq!(world.topic_attribute(ARN, "DataProtectionPolicy"), None);
    invalid(put("no policy"), "DataProtectionPolicy Reason: The policy must be a JSON object");
    put("").unwrap();
    assert_eq!(get(), None);
}

#[test]
fn topics_are_counted_by_their_type() {
    let limits = Limits { standard_topics: 1, fifo_topics: 1, ..Limits::default() };
    let world = World::with(Options { limits, ..Options::default() });
    world.topic("a", &[]).unwrap();
    world.topic("a", &[]).unwrap();
    world.topic("a.fifo", &[("FifoTopic", "true")]).unwrap();
    for (name, fifo) in [("b", "false"), ("b.fifo", "true")] {
        let error = world.topic(name, &[("FifoTopic", fifo)]).unwrap_err();
        assert_eq!(error.kind.code, "TopicLimitExceeded");
    }
    let other = world.caller("111122223333", "us-east-1");
    let input = CreateTopicInput { name: "b".into(), ..Default::default() };
    world.run(ops::create_topic(&world.sns, &other, input)).unwrap();
}
