//! The dispatch table: from an operation and an unread input to a running operation.

use std::future::Future;
use std::pin::Pin;

use aws::Call;
use shape::{ReadShape, Source, Unreadable, Violation, WriteShape, read_input};

use crate::{Error, OperationSchema, ServiceSchema, internal_failure};

/// What an operation answers.
pub type Reply = Result<Box<dyn WriteShape>, Error>;

/// An operation under way.
pub type ReplyFuture<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// Why an operation did not start.
#[derive(Debug)]
pub enum Refusal {
    /// The input does not have the form the model asks for.
    Unreadable(Unreadable),
    /// The input could be read, and the service says no.
    Refused(Error),
}

/// A service: what the server hands requests to.
pub trait Service: Send + Sync {
    /// Its static description.
    fn schema(&self) -> &'static ServiceSchema;

    /// Reads the input and starts the operation. `operation` is one of the schema's.
    fn start<'a>(
        &'a self,
        operation: &'static OperationSchema,
        call: &'a Call,
        input: &mut dyn Source,
    ) -> Result<ReplyFuture<'a>, Refusal>;

    /// The error for an input that violates what its model states, in this service's words.
    fn refuse(&self, violations: &[Violation], call: &Call) -> Error;

    /// Parameters that the request's path stands for, such as the queue of a queue URL, for the input members the
    /// caller left out; or a refusal of the operation on such a path.
    fn path_parameters(
        &self,
        operation: &str,
        path: &str,
        call: &Call,
    ) -> Result<Vec<(&'static str, String)>, Error> {
        let _ = (operation, path, call);
        Ok(Vec::new())
    }
}

/// One line of a service's dispatch table.
pub struct Handler<S> {
    /// The operation.
    pub operation: &'static OperationSchema,
    /// Reads its input and starts it; a call of [`start`].
    pub start: for<'a> fn(&'a S, &'a Call, &mut dyn Source) -> Result<ReplyFuture<'a>, Refusal>,
}

/// Starts an operation by its line in the service's dispatch table.
pub fn dispatch<'a, S>(
    handlers: &[Handler<S>],
    service: &'a S,
    operation: &'static OperationSchema,
    call: &'a Call,
    input: &mut dyn Source,
) -> Result<ReplyFuture<'a>, Refusal> {
    match handlers.iter().find(|handler| std::ptr::eq(handler.operation, operation)) {
        Some(handler) => (handler.start)(service, call, input),
        None => Err(Refusal::Refused(internal_failure())),
    }
}

/// Reads the input of `operation`, refuses it if it violates its model, and starts the operation.
pub fn start<'a, S, I, O, F>(
    service: &'a S,
    call: &'a Call,
    input: &mut dyn Source,
    operation: impl FnOnce(&'a S, &'a Call, I) -> F,
) -> Result<ReplyFuture<'a>, Refusal>
where
    S: Service,
    I: ReadShape,
    O: WriteShape + 'static,
    F: Future<Output = Result<O, Error>> + Send + 'a,
{
    let (input, violations) = read_input::<I>(input).map_err(Refusal::Unreadable)?;
    if !violations.is_empty() {
        return Err(Refusal::Refused(service.refuse(&violations, call)));
    }
    let running = operation(service, call, input);
    Ok(Box::pin(async move { running.await.map(|output| Box::new(output) as Box<dyn WriteShape>) }))
}
