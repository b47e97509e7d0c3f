//! Archives and replays on a real SQLite file and a steered clock.

mod archiving;
mod replaying;
mod world;
