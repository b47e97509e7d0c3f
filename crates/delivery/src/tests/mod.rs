//! A real store, a real socket, and a clock that only moves when a test says so.

mod credentials;
mod outbox;
mod receiver;
mod records;
mod wire;
mod world;
