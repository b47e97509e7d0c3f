//! What a measurement needs: a cheap HTTP client, prepared requests, a server process and what it costs.
//!
//! Knows: HTTP/1.1 over loopback, the wire of SQS, SNS and EventBridge as a client sees it, `/proc`, the command line of `fanlight`.
//! Must not know: any other crate of this workspace. A load generator that shares code with what it
//! measures shares its mistakes, and could not be pointed at another server.
//!
//! Start reading at [`load`] (the closed loop every figure comes from), then `main.rs` and `scenarios/`.
//! `bin/crash-test` is the kill -9 tool; its heart is `ledger.rs`.
#![allow(
    clippy::disallowed_methods,
    reason = "a yardstick reads the machine's clock; nothing here is steered"
)]

pub mod bare;
pub mod http;
pub mod load;
pub mod process;
pub mod report;
pub mod scan;
pub mod usage;
pub mod wire;

/// An error that is only ever printed.
pub fn failure(text: impl Into<String>) -> std::io::Error {
    std::io::Error::other(text.into())
}
