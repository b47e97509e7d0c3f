//! Whether an event matches a pattern.
//!
//! *Knows* event patterns and filter policies as the `event-ruler` library has them, which is what AWS runs: what each
//! operator matches, the limits of the services, and every refusal in their words.
//! *Must not know* rules, subscriptions, or who asks.
//! *Start at* `pattern.rs`; `matcher.rs` has what one alternative matches, `branch.rs` how fields match together, and
//! `rules/` how many patterns are asked at once. `naive.rs`, which the tests hold all of it against, says it shortest.

mod address;
mod branch;
mod compile;
mod complexity;
mod error;
mod event;
mod explain;
pub mod filter_policy;
mod fold;
mod lexer;
mod matcher;
#[cfg(test)]
mod naive;
mod number;
mod outline;
mod path;
mod pattern;
mod rules;
#[cfg(test)]
mod tests;
mod wildcard;

pub use error::{Kind, PatternError};
pub use event::{AttributeValue, Event, NotAnObject};
pub use explain::{Mismatch, explain};
pub use pattern::Pattern;
pub use rules::RuleSet;
