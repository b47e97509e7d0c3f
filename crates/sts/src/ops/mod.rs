//! One operation, one file.

mod get_caller_identity;

pub(crate) use get_caller_identity::get_caller_identity;
