//! Behaviour on a steered clock. Tests of one part stand beside it and use the [`world`].

mod permissions;
mod schedules;
mod targets;
mod trigger;
pub(crate) mod world;
