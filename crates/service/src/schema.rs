//! The static description of a service, made by `cargo xtask codegen` from its model.

use shape::StructureSchema;

/// How a service may be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireProtocol {
    /// AWS JSON 1.0.
    AwsJson10,
    /// AWS JSON 1.1.
    AwsJson11,
    /// AWS query: form parameters in, XML out.
    AwsQuery,
}

/// A service as its model describes it.
#[derive(Debug)]
pub struct ServiceSchema {
    /// The name in ARNs and signing scopes: `sqs`.
    pub name: &'static str,
    /// What precedes the operation in `X-Amz-Target`: `AmazonSQS`.
    pub target_prefix: Option<&'static str>,
    /// The query protocol's `Version`: `2012-11-05`.
    pub version: &'static str,
    /// The XML namespace of query answers.
    pub xml_namespace: &'static str,
    /// What precedes an error's shape name in `__type`: `com.amazonaws.sqs#`, or nothing.
    pub error_namespace: &'static str,
    /// Whether JSON errors name their query code in `x-amzn-query-error`.
    pub query_compatible: bool,
    /// The protocols the service speaks.
    pub protocols: &'static [WireProtocol],
    /// Its operations in the model's order.
    pub operations: &'static [&'static OperationSchema],
}

/// One operation.
#[derive(Debug)]
pub struct OperationSchema {
    /// `SendMessage`.
    pub name: &'static str,
    /// What it takes.
    pub input: &'static StructureSchema,
    /// What it answers; a structure without members when it answers nothing.
    pub output: &'static StructureSchema,
    /// The element around the output's members in query answers; absent when the answer has no result.
    pub result_wrapper: Option<&'static str>,
    /// The errors the model declares.
    pub errors: &'static [&'static ErrorSchema],
}

/// One error as both protocols name it.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorSchema {
    /// The shape's name: `QueueDoesNotExist`.
    pub shape: &'static str,
    /// The query protocol's code: `AWS.SimpleQueueService.NonExistentQueue`.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Whether the sender is at fault (`Sender`) or the service (`Receiver`).
    pub sender_fault: bool,
    /// What precedes the shape's name in `__type` when it is not the service's own namespace.
    pub namespace: Option<&'static str>,
}
