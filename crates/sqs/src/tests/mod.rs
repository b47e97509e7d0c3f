//! Tests of the service on a real SQLite file and a steered clock.

mod behaviour;
mod model;
mod parcels;
mod restarts;
mod world;
