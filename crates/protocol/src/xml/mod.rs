//! XML, the language of query answers. It is only ever written.

mod escape;
mod write;

pub(crate) use escape::write_text;
pub(crate) use write::XmlSink;
