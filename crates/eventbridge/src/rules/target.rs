//! What PutTargets refuses. `target_arn.rs` says what can be a target.

use aws::Arn;
use service::Error;

use super::bus_name::BusKey;
use super::target_arn;
use crate::api::types::Target;
use crate::errors::{arn_not_valid, parameter_not_valid_because, role_required, validation};
use crate::transform::{InputShape, InvalidInput, TargetInput, Transformer};

/// Checks one target of a rule on this bus by itself.
pub(crate) fn check(target: &Target, bus: &BusKey) -> Result<(), Error> {
    let arn =
        Arn::parse(&target.arn).filter(target_arn::is_target).ok_or_else(|| arn_not_valid(&target.arn))?;
    if target_arn::needs_a_role(&arn, bus) && target.role_arn.is_none() {
        return Err(role_required(&target.arn));
    }
    let group = target.sqs_parameters.as_ref().and_then(|parameters| parameters.message_group_id.as_ref());
    if arn.service == "sqs" && arn.resource.ends_with(".fifo") && group.is_none() {
        return Err(missing("SqsParameters", target));
    }
    if arn.service == "ecs" && target.ecs_parameters.is_none() {
        return Err(missing("EcsParameters", target));
    }
    if arn.service == "batch" && target.batch_parameters.is_none() {
        return Err(missing("BatchParameters", target));
    }
    check_dead_letter(target)?;
    shape(target).map(drop).map_err(|refused| validation(refused.to_string()))
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

/// AWS: EventBridge User Guide, "Using dead-letter queues"; a standard queue.
fn check_dead_letter(target: &Target) -> Result<(), Error> {
    let Some(arn) = target.dead_letter_config.as_ref().and_then(|config| config.arn.as_deref()) else {
        return Ok(());
    };
    let queue = Arn::parse(arn).filter(|arn| arn.service == "sqs");
    match queue {
        Some(queue) if queue.resource.ends_with(".fifo") => Err(parameter_not_valid_because(
            "DeadLetterConfig.Arn",
            "The dead-letter queue must be a standard queue.",
        )),
        Some(_) => Ok(()),
        None => Err(arn_not_valid("DeadLetterConfig.Arn")),
    }
}
