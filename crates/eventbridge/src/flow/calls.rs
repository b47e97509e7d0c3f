//! The request a target outside gets: the API destination's, or the one EventBridge sends to the AWS service.
//!
//! *Start at* [`Ledger::call_of`]. `trigger.rs` is what a call is made from, `operation.rs` how the calls of AWS look;
//! the other files have the targets, each a function from a [`Trigger`] to an [`Operation`].

mod containers;
mod data;
mod http;
mod instances;
mod operation;
mod pipelines;
mod records;
mod systems_manager;
#[cfg(test)]
mod tests;
mod trigger;

use aws::Arn;
use delivery::{Judge, Pace, Request, Target as To, Undeliverable, UndeliverableKind};
use failure::Failure;

use self::operation::Operation;
use self::trigger::Trigger;
use super::Arrival;
use crate::api::types::Target;
use crate::ledger::Ledger;
use crate::store::api_destinations;

pub(crate) use records::{LOG_STREAM, create_log_stream};

/// A call to be made outside.
#[derive(Debug)]
pub(super) struct OutsideCall {
    pub(super) request: Request,
    pub(super) judge: Judge,
    pub(super) pace: Option<Pace>,
}

impl Ledger<'_> {
    /// The call that delivers an event to a target, or why there is none.
    pub(super) fn call_of(
        &mut self,
        target: &Target,
        arrival: &Arrival,
        rule_arn: &str,
        body: &str,
    ) -> Result<Result<OutsideCall, Undeliverable>, Failure> {
        let Some(arn) = Arn::parse(&target.arn) else { return Ok(Err(no_target(&target.arn))) };
        let trigger = Trigger {
            target,
            arn: &arn,
            event: &arrival.json,
            event_id: &arrival.id,
            rule_name: rule_arn.rsplit('/').next().unwrap_or_default(),
            body,
            token: &self.clock.uuid_v4().to_string(),
            now_ms: self.now_ms(),
        };
        if arn.service == "events" && arn.resource.starts_with("api-destination/") {
            let destination = api_destinations::select_by_arn(self.tx, &arn)?;
            return Ok(match destination {
                Some(destination) => Ok(http::api_destination(&trigger, &destination)),
                None => Err(Undeliverable {
                    code: "ResourceNotFoundException".to_owned(),
                    message: format!("API destination {arn} does not exist."),
                    kind: UndeliverableKind::Missing,
                }),
            });
        }
        Ok(operation_of(&trigger).map(Operation::into_call).ok_or_else(|| no_target(&target.arn)))
    }
}

/// The operation that delivers an event to a target of another AWS service.
fn operation_of(trigger: &Trigger<'_>) -> Option<Operation> {
    let arn = trigger.arn;
    let resource = arn.resource.split(['/', ':']).next().unwrap_or_default();
    Some(match (arn.service.as_str(), resource) {
        ("lambda", "function") => records::lambda(trigger),
        ("states", "stateMachine") => pipelines::step_functions(trigger),
        ("kinesis", "stream") => records::kinesis(trigger),
        ("firehose", "deliverystream") => records::firehose(trigger),
        ("logs", "log-group") => records::logs(trigger),
        ("ecs", "cluster") => containers::ecs(trigger)?,
        ("batch", "job-queue") => containers::batch(trigger)?,
        ("codebuild", "project") => pipelines::code_build(trigger),
        ("codepipeline", _) => pipelines::code_pipeline(trigger),
        ("glue", "workflow") => pipelines::glue(trigger),
        ("sagemaker", "pipeline") => pipelines::sage_maker(trigger),
        ("imagebuilder", "image-pipeline") => pipelines::image_builder(trigger),
        ("inspector", _) => pipelines::inspector(trigger),
        ("redshift", "cluster") | ("redshift-serverless", "workgroup") => data::redshift(trigger)?,
        ("appsync", "endpoints") => http::app_sync(trigger),
        ("execute-api", _) => http::api_gateway(trigger)?,
        ("ssm", "document") => systems_manager::run_command(trigger),
        ("ssm", "automation-definition") => systems_manager::automation(trigger),
        ("ssm", "opsitem") => systems_manager::ops_item(trigger),
        ("events", "target") => instances::built_in(trigger)?,
        _ => return None,
    })
}

fn no_target(arn: &str) -> Undeliverable {
    Undeliverable {
        code: "NoSuchTarget".to_owned(),
        message: format!("{arn} is no target."),
        kind: UndeliverableKind::Missing,
    }
}

/// What is recorded of a delivery that no request could be made for.
pub(super) fn nothing(target: &str, body: &str) -> Request {
    Request {
        method: String::new(),
        target: To::Url(target.to_owned()),
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
        timeout_ms: 0,
        authorization: None,
    }
}
