//! Amazon EventBridge: buses, rules, targets, archives, replays, schedules, API destinations.
//!
//! **Knows** what each of EventBridge's operations does, its words and its limits, and what becomes of an event.
//!
//! **Must not know** any wire format, any other service (targets get their parcels through `delivery`), or how the
//! store commits.
//!
//! **Start reading** at `ops/put_events.rs`, then `ledger.rs` (what a job changes, it changes in store and memory
//! together), `registry.rs` and `store/` (the tables).

pub mod api;
mod archives;
mod connections;
mod endpoints;
mod errors;
pub mod event;
mod eventbridge;
mod flow;
mod ledger;
mod logs;
mod ops;
mod partners;
mod registry;
mod rules;
pub mod schedule;
mod scheduler;
mod service_impl;
mod store;
#[cfg(test)]
mod tests;
pub mod transform;
mod url;

pub use eventbridge::{EventBridge, Limits, Options};
pub use store::MIGRATIONS;
