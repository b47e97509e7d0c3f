//! Bytes to shapes and back.
//!
//! **Knows** AWS JSON 1.0 and 1.1, AWS query with its XML answers, how each names its errors, and how to tell from
//! a request which service and operation it is for. Everything it knows of a service comes from the static
//! [`ServiceSchema`](service::ServiceSchema).
//!
//! **Must not know** any particular service, what an operation does, or sockets.
//!
//! **Start reading** at [`identify`], which makes a [`Target`] and a [`Payload`] of a request; then [`encode_output`],
//! [`encode_error`] and [`encode_rejection`], which make a response of what came of it.

mod answer;
mod base64;
mod identify;
mod instant;
mod json;
mod payload;
mod query;
mod rejection;
mod scan;
mod xml;

pub use answer::{ReplyForm, encode_error, encode_output, encode_rejection};
pub use identify::{Target, identify};
pub use payload::Payload;
pub use rejection::Rejection;
