//! What PutTargets refuses. `target_arn.rs` says what can be a target.

use aws::Arn;
use service::Error;

use super::bus_name::BusKey;
use super::named_bus::NamedBus;
use super::target_arn;
use crate::api::types::{DeadLetterConfig, Target};
use crate::errors::{
    arn_not_valid, not_supported_for_target, parameter_not_valid_because, role_required,
    run_command_parameters_not_valid, validation,
};
use crate::transform::{InputShape, InvalidInput, TargetInput, Transformer};

/// Checks one target of a rule on this bus by itself.
pub(crate) fn check(target: &Target, named: &NamedBus) -> Result<(), Error> {
    let bus = &named.key;
    let arn =
        Arn::parse(&target.arn).filter(target_arn::is_target).ok_or_else(|| arn_not_valid(&target.arn))?;
    if target_arn::needs_a_role(&arn, [&bus.account, &named.caller]) && target.role_arn.is_none() {
        return Err(role_required(&target.arn));
    }
    check_parameters(target, &arn)?;
    check_dead_letter(target.dead_letter_config.as_ref(), bus)?;
    let shape = shape(target).map_err(|refused| validation(refused.to_string()))?;
    // AWS: "Input transformation", the note on log groups, whose template is an object of `timestamp` and `message`.
    // Quoted in awsdocs/aws-cloudformation-user-guide#1010.
    if arn.service == "logs" && shape.is_text() {
        return Err(validation(InvalidInput::not_json(&target.id).to_string()));
    }
    let other_account = arn.account != bus.account.as_str();
    if other_account && target_arn::is_bus_elsewhere(&arn, bus) {
        // AWS: API_PutTargets; Input and InputPath "are not available … if the target is an event bus of a different AWS
        // account."
        for (parameter, given) in [("Input", &target.input), ("InputPath", &target.input_path)] {
            if given.as_ref().is_some_and(|given| !given.is_empty()) {
                return Err(not_supported_for_target(parameter, &target.arn));
            }
        }
    }
    Ok(())
}

/// The parameters that one kind of target needs or does not take.
fn check_parameters(target: &Target, arn: &Arn) -> Result<(), Error> {
    let group = target.sqs_parameters.as_ref().and_then(|parameters| parameters.message_group_id.as_deref());
    if arn.service == "sqs" && arn.resource.ends_with(".fifo") && group.is_none_or(str::is_empty) {
        return Err(missing("SqsParameters", target));
    }
    if arn.service == "ecs" && target.ecs_parameters.is_none() {
        return Err(missing("EcsParameters", target));
    }
    if arn.service == "batch" && target.batch_parameters.is_none() {
        return Err(missing("BatchParameters", target));
    }
    let is_document = arn.service == "ssm" && arn.resource.starts_with("document/");
    if is_document && target.run_command_parameters.is_none() {
        return Err(run_command_parameters_not_valid(&target.id));
    }
    if arn.service == "logs" && target.role_arn.is_some() {
        return Err(not_supported_for_target("RoleArn", &target.arn));
    }
    Ok(())
}

/// Sees to the role of a target that may have it from elsewhere. A stream's may be the rule's (Terraform's acceptance tests,
/// aws_cloudwatch_event_target). A bus elsewhere, put again without a role, keeps the one it has. AWS: API_PutTargets.
pub(crate) fn find_role(
    target: &mut Target,
    known: Option<&Target>,
    rule_role: Option<&str>,
    bus: &BusKey,
) -> Result<(), Error> {
    let Some(arn) = Arn::parse(&target.arn).filter(|_| target.role_arn.is_none()) else { return Ok(()) };
    if arn.service == "kinesis" && rule_role.is_none() {
        return Err(role_required(&target.arn));
    }
    if !target_arn::is_bus_elsewhere(&arn, bus) {
        return Ok(());
    }
    let known = known.filter(|known| known.arn == target.arn).and_then(|known| known.role_arn.clone());
    target.role_arn = Some(known.ok_or_else(|| role_required(&target.arn))?);
    Ok(())
}

/// What a target gets of an event.
pub(crate) fn shape(target: &Target) -> Result<InputShape, InvalidInput> {
    let transformer = target.input_transformer.as_ref();
    let paths: Vec<(String, String)> = transformer
        .and_then(|transformer| transformer.input_paths_map.as_ref())
        .into_iter()
        .flat_map(|paths| paths.iter().map(|(name, path)| (name.to_owned(), path.clone())))
        .collect();
    let input = TargetInput {
        input: target.input.as_deref(),
        input_path: target.input_path.as_deref(),
        transformer: transformer
            .map(|transformer| Transformer { paths: &paths, template: &transformer.input_template }),
    };
    InputShape::compile(&input, &target.id)
}

fn missing(parameter: &str, target: &Target) -> Error {
    validation(format!("Parameter(s) {parameter} must be specified for target: {}.", target.id))
}

/// Checks the dead-letter queue of a bus or of a target of its rules. AWS: EventBridge User Guide, "Using dead-letter queues":
/// a standard queue, in the region of the rule. The sentences are ours.
pub(crate) fn check_dead_letter(config: Option<&DeadLetterConfig>, bus: &BusKey) -> Result<(), Error> {
    let Some(arn) = config.and_then(|config| config.arn.as_deref()) else { return Ok(()) };
    let refused = |reason| Err(parameter_not_valid_because("DeadLetterConfig.Arn", reason));
    match Arn::parse(arn).filter(|arn| arn.service == "sqs") {
        Some(queue) if queue.resource.ends_with(".fifo") => {
            refused("The dead-letter queue must be a standard queue.")
        }
        Some(queue) if queue.region != bus.region.as_str() => {
            refused("The dead-letter queue must be in the Region of the rule.")
        }
        Some(_) => Ok(()),
        None => Err(arn_not_valid("DeadLetterConfig.Arn")),
    }
}
