//! What a server can be told.

use std::time::Duration;

use aws::{AccountId, Region};
use clock::Clock;
use signature::Key;

/// What a server can be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The time, and the source of request ids. Signatures are checked against the wall clock, however this one is steered.
    pub clock: Clock,
    /// The region of requests that name none.
    pub region: Region,
    /// The account of requests whose access key names none.
    pub account: AccountId,
    /// Whose signatures are accepted. Nothing: signatures are not looked at.
    pub keys: Option<Vec<Key>>,
    /// Host names we answer to besides the local ones: `name`, `*.domain`, or `*` for all.
    pub hosts: Vec<String>,
    /// Web origins that may talk to us, `http://localhost:3000`, or `*` for all.
    pub allow_origins: Vec<String>,
    /// What we put up with.
    pub limits: Limits,
}

impl Settings {
    /// The defaults with this clock.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            region: Region::default(),
            account: AccountId::default(),
            keys: None,
            hosts: Vec::new(),
            allow_origins: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// What we put up with. A local emulator has no enemies, but tests with bugs, and browsers with strangers' pages.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long the headers of a request may take, and how long an idle connection is kept.
    pub header_read_timeout: Duration,
    /// How much of a request's head is buffered; beyond it, 431.
    pub head_bytes_max: usize,
    /// How many headers a request may have; beyond it, 431.
    pub headers_max: usize,
    /// How long a body may be; beyond it, 413. A legal message of 1 MiB is up to three times that when it is
    /// form-encoded, and up to six when JSON-escaped.
    pub body_bytes_max: usize,
    /// How long a body may take; beyond it, 408.
    pub body_read_timeout: Duration,
    /// How long a client may refuse to take what we write.
    pub write_timeout: Duration,
    /// How many connections are served at once; the others wait in the kernel.
    pub connections_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_read_timeout: Duration::from_secs(10),
            head_bytes_max: 64 * 1024,
            headers_max: 100,
            body_bytes_max: 8 * 1024 * 1024,
            body_read_timeout: Duration::from_secs(20),
            write_timeout: Duration::from_secs(30),
            connections_max: 4_096,
        }
    }
}
