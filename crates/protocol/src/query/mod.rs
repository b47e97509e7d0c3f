//! AWS query: an operation and its input as form parameters, `Entries.1.Id=a`.

mod form;
mod read;
mod tree;

pub(crate) use form::{Parameters, parse};
pub(crate) use tree::Node;
