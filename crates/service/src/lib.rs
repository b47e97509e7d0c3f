//! What a service is: its operations and its errors.
//!
//! **Knows** the static description of a service ([`ServiceSchema`], [`OperationSchema`], [`ErrorSchema`]), the
//! [`Service`] trait the server calls, the dispatch table every service is made of ([`Handler`]), and the pages of
//! what it lists ([`Page`]).
//!
//! **Must not know** any wire format, any particular service, or storage.
//!
//! **Start reading** at [`Service`].

mod error;
mod handler;
mod page;
mod schema;

pub use error::{Error, internal_failure, not_authorized, throttled};
pub use handler::{Handler, Refusal, Reply, ReplyFuture, Service, dispatch, start};
pub use page::{ForeignToken, Page, key_of, token_after};
pub use schema::{ErrorSchema, OperationSchema, ServiceSchema, WireProtocol};
