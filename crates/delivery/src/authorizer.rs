//! Who adds credentials to a request just before it leaves, so that they are never kept in the outbox.

use std::pin::Pin;

use crate::OutgoingRequest;

/// What an [`Authorizer`] is working on.
pub type AuthorizerFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A service that adds credentials to the requests it posts. EventBridge's connections add headers, query and body
/// parameters, and OAuth tokens.
pub trait Authorizer: Send + Sync {
    /// The request with what the resource `arn` adds to it. Asked before each attempt.
    fn authorize<'a>(
        &'a self,
        arn: &'a str,
        request: OutgoingRequest,
    ) -> AuthorizerFuture<'a, Result<OutgoingRequest, AuthorizationFailure>>;

    /// Told that a request was answered 401 or 407. `true`: there are fresh credentials now, worth another try at once.
    fn refused<'a>(&'a self, arn: &'a str, status: u16) -> AuthorizerFuture<'a, bool>;
}

/// Why there are no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationFailure {
    /// Whether it may go better another time.
    pub retry: bool,
    /// What is said about it where deliveries are looked at. No secrets.
    pub message: String,
}
