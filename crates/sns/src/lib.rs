//! Amazon SNS: topics, subscriptions, filters, fan-out, messages to people.
//!
//! **Knows** what each of SNS's operations does, its words and its limits, and who gets what of a publish.
//!
//! **Must not know** any wire format (it sees generated inputs and gives generated outputs), any other service (queues
//! get their messages through `delivery`), or how the store commits.
//!
//! **Start reading** at `ops/publish.rs`, then `ledger.rs` (what a job changes, it changes in store and memory
//! together), `registry.rs` and `store/` (the tables).

mod accept;
pub mod api;
mod archive;
mod envelope;
mod errors;
mod fanout;
mod invitation;
mod ledger;
mod legible;
mod mobile;
mod ops;
mod outside;
mod port;
mod registry;
mod rules;
mod service_impl;
mod signing;
mod sns;
mod store;
mod subscriptions;
#[cfg(test)]
mod tests;

pub use sns::{CertUrl, Limits, Options, Sns};
pub use store::MIGRATIONS;
