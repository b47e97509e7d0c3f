//! AWS JSON: one object in, one object out.

mod read;
mod tree;
mod write;

pub(crate) use tree::Json;
pub(crate) use write::{JsonSink, Style, write_text};
