//! Tests of the service on a real SQLite file and a steered clock.

mod behaviour;
mod model;
mod restarts;
mod world;
