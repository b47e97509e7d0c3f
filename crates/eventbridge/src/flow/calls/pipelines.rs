//! What an event starts: state machines, builds, pipelines, workflows, assessments.

use serde_json::{Value, json};

use super::operation::{Operation, merged};
use super::trigger::Trigger;

/// AWS: Step Functions API Reference, "StartExecution". An execution is named after its event.
pub(super) fn step_functions(trigger: &Trigger<'_>) -> Operation {
    let parameters = json!({
        "stateMachineArn": trigger.target.arn,
        "name": format!("{}_{}", trigger.event_id, trigger.token),
        "input": trigger.body,
    });
    Operation::json(trigger, "states", "1.0", "AWSStepFunctions.StartExecution", parameters)
}

/// AWS: CodeBuild API Reference, "StartBuild", whose parameters an input may have.
pub(super) fn code_build(trigger: &Trigger<'_>) -> Operation {
    let parameters = merged(json!({ "projectName": trigger.name() }), trigger.input());
    Operation::json(trigger, "codebuild", "1.1", "CodeBuild_20161006.StartBuild", parameters)
}

/// AWS: CodePipeline API Reference, "StartPipelineExecution", whose parameters an input may have.
pub(super) fn code_pipeline(trigger: &Trigger<'_>) -> Operation {
    let parameters = merged(json!({ "name": trigger.arn.resource }), trigger.input());
    Operation::json(
        trigger,
        "codepipeline",
        "1.1",
        "CodePipeline_20150709.StartPipelineExecution",
        parameters,
    )
}

/// AWS: Glue API Reference, "StartWorkflowRun".
pub(super) fn glue(trigger: &Trigger<'_>) -> Operation {
    let parameters = json!({ "Name": trigger.name() });
    Operation::json(trigger, "glue", "1.1", "AWSGlue.StartWorkflowRun", parameters)
}

/// AWS: API_SageMakerPipelineParameters; SageMaker API Reference, "StartPipelineExecution".
pub(super) fn sage_maker(trigger: &Trigger<'_>) -> Operation {
    let given = trigger.target.sage_maker_pipeline_parameters.as_ref();
    let given = given.map(|given| trigger.parameters(given)).unwrap_or_default();
    let parameters = json!({
        "ClientRequestToken": trigger.token,
        "PipelineName": trigger.target.arn,
        "PipelineParameters": given["PipelineParameterList"],
    });
    Operation::json(trigger, "sagemaker", "1.1", "SageMaker.StartPipelineExecution", parameters)
}

/// AWS: EC2 Image Builder API Reference, "StartImagePipelineExecution".
pub(super) fn image_builder(trigger: &Trigger<'_>) -> Operation {
    let parameters: Value = json!({ "clientToken": trigger.token, "imagePipelineArn": trigger.target.arn });
    let body = parameters.to_string();
    let operation = Operation::rest(trigger, "imagebuilder", "/StartImagePipelineExecution", body);
    Operation { method: "PUT".to_owned(), ..operation }
}

/// AWS: Inspector Classic API Reference, "StartAssessmentRun".
pub(super) fn inspector(trigger: &Trigger<'_>) -> Operation {
    let parameters = json!({ "assessmentTemplateArn": trigger.target.arn });
    Operation::json(trigger, "inspector", "1.1", "InspectorService.StartAssessmentRun", parameters)
}
