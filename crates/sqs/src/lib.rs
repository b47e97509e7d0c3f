//! Amazon SQS: queues, messages, message groups, dead letters.
//!
//! **Knows** what each of SQS's operations does, its words and its limits.
//!
//! **Must not know** any wire format (it sees generated inputs and gives generated outputs), any other service (their
//! messages come through `delivery`), or how the store commits.
//!
//! **Start reading** at `ops/send_message.rs`, then `ledger.rs` (what a job changes, it changes in store and memory
//! together), `index/` (which message a receive gives) and `store/` (the tables).

pub mod api;
mod background;
mod errors;
mod index;
mod inspect;
mod ledger;
mod messages;
mod ops;
mod port;
mod registry;
mod rules;
mod service_impl;
mod sqs;
mod store;
#[cfg(test)]
mod tests;
mod waiters;

pub use inspect::{Inspected, InspectedMessage, State};
pub use sqs::{Limits, Options, Sqs};
pub use store::MIGRATIONS;
