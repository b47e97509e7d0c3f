//! The service: its dispatch table, and how the server calls it.

use aws::Call;
use service::{
    Error, ErrorSchema, Handler, OperationSchema, Refusal, ReplyFuture, Service, ServiceSchema, dispatch,
    start,
};
use shape::{Source, Violation};

use crate::api::operations as api;
use crate::ops;

/// AWS STS. It keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sts;

/// One line an operation.
static HANDLERS: &[Handler<Sts>] = &[Handler {
    operation: &api::GET_CALLER_IDENTITY,
    start: |sts, call, input| start(sts, call, input, ops::get_caller_identity),
}];

/// AWS: STS Common Errors.
static VALIDATION_ERROR: ErrorSchema = ErrorSchema {
    shape: "ValidationError",
    code: "ValidationError",
    status: 400,
    sender_fault: true,
    namespace: None,
};

impl Service for Sts {
    fn schema(&self) -> &'static ServiceSchema {
        &api::SERVICE
    }

    fn start<'a>(
        &'a self,
        operation: &'static OperationSchema,
        call: &'a Call,
        input: &mut dyn Source,
    ) -> Result<ReplyFuture<'a>, Refusal> {
        dispatch(HANDLERS, self, operation, call, input)
    }

    fn refuse(&self, violations: &[Violation], _call: &Call) -> Error {
        let member = violations.first().map(Violation::last_member).unwrap_or_default();
        Error::new(&VALIDATION_ERROR, format!("The value of {member} is not valid."))
    }
}

#[cfg(test)]
mod tests {
    use super::HANDLERS;
    use crate::api::operations::SERVICE;

    #[test]
    fn every_operation_of_the_model_has_a_line() {
        let handled: Vec<&str> = HANDLERS.iter().map(|handler| handler.operation.name).collect();
        let modelled: Vec<&str> = SERVICE.operations.iter().map(|operation| operation.name).collect();
        assert_eq!(handled, modelled);
    }
}
