//! AWS STS, as far as clients of the messaging services ask it: who is calling.
//!
//! **Knows** `GetCallerIdentity`.
//!
//! **Must not know** any wire format, or any other service.
//!
//! **Start reading** at `ops/get_caller_identity.rs`.

pub mod api;
mod ops;
mod sts;

pub use crate::sts::Sts;
