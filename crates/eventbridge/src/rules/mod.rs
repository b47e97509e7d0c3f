//! What the model does not say.

pub(crate) mod bus_name;
pub(crate) mod named_bus;
pub(crate) mod optional_text;
pub(crate) mod page;
pub(crate) mod pattern_text;
pub(crate) mod policy;
pub(crate) mod predicates;
pub(crate) mod taggable;
pub(crate) mod tags;
pub(crate) mod target;
mod target_arn;
