//! What a service is: its operations and its errors.
//!
//! **Knows** the static description of a service ([`ServiceSchema`], [`OperationSchema`], [`ErrorSchema`]), the
//! [`Service`] trait the server calls, and the dispatch table every service is made of ([`Handler`]).
//!
//! **Must not know** any wire format, any particular service, or storage.
//!
//! **Start reading** at [`Service`].

mod error;
mod handler;
mod schema;

pub use error::{Error, internal_failure, throttled};
pub use handler::{Handler, Refusal, Reply, ReplyFuture, Service, dispatch, start};
pub use schema::{ErrorSchema, OperationSchema, ServiceSchema, WireProtocol};
