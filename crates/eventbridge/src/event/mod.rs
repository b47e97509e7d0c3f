//! Events: what comes in with `PutEvents`, and what is delivered.
//!
//! *Start at* [`Entry::check`], then [`Event::to_json`].

mod entry;
mod envelope;
pub(crate) mod json;
#[cfg(test)]
pub(crate) mod rows;

pub use entry::{Checked, Entry, EntryFault, TOTAL_SIZE_MAX};
pub use envelope::{Event, is_testable, with_replay_name};
