//! The time, timers, ids and randomness; real, or steered by a test.
//!
//! *Knows*: what time it is, how to wait for a moment, how to write one down ([`calendar`]), how to make an id.
//! *Must not know*: what anybody waits for, or who steers it.
//!
//! Start at [`Clock`]. Two rules explain the rest:
//!
//! - **Moments are wall time, waits are monotonic.** A deadline is stored as absolute milliseconds, because it has
//!   to survive a restart. Waiting for it is measured on the monotonic clock, because a wall clock that jumps back
//!   an hour must not freeze a long poll for an hour.
//! - **Steering is allowed in production.** The emulator offers its clock to its users, so that their tests need
//!   not sleep either. Every waiter is therefore woken by steering, and none of them polls.

pub mod calendar;
mod clock;
mod random;
mod stopwatch;

pub use crate::clock::{Clock, LATEST_MS, Mode};
pub use crate::stopwatch::Stopwatch;
