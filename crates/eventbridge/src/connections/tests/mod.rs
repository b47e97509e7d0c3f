//! What connections and API destinations promise.

mod calls;
mod lifecycle;
mod receiver;
mod updates;
mod world;
