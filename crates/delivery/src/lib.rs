//! Handing a parcel to an ARN: local ports, the outbox, retries, dead letters.
//!
//! **Knows** how a parcel gets to a neighbour inside the sender's transaction ([`Deliver`]), how a call to the outside
//! is kept, made, repeated and given up (the outbox), and what was written to people ([`Letter`]).
//!
//! **Must not know** any service: who posts an errand says in it what to do.
//!
//! **Start reading** at [`Deliveries`].

mod authorizer;
mod client;
mod core;
mod dead_letter;
mod deliveries;
mod delivery;
mod errand;
mod judge;
mod letter;
mod options;
mod parcel;
mod port;
mod schedule;
mod store;
#[cfg(test)]
mod tests;
mod worker;

pub use authorizer::{AuthorizationFailure, Authorizer, AuthorizerFuture};
pub use client::{FetchError, OutgoingRequest, Response};
pub use deliveries::{Deliveries, LocalFailure};
pub use delivery::{Attempt, Delivery, DeliveryFilter, DeliveryState};
pub use errand::{Backoff, DeadLetter, Errand, Judge, Pace, Phases, Request, Schedule, Target};
pub use letter::{Letter, LetterFilter, LetterKind, SentLetter};
pub use options::{Egress, Options};
pub use parcel::{Attribute, AttributeValue, Parcel};
pub use port::{Addressed, Deliver, Undeliverable, UndeliverableKind};
pub use store::MIGRATIONS;
