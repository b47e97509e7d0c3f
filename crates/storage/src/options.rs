use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clock::Clock;

/// How to open a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the file is.
    pub location: Location,
    /// What a commit survives.
    pub durability: Durability,
    /// The time of [`Tx::now_ms`](crate::Tx::now_ms).
    pub clock: Clock,
    /// How many writes may wait; one more is answered [`Error::Busy`](crate::Error::Busy).
    pub jobs_waiting_max: usize,
}

impl Options {
    /// The usual queue limit: more than the connections the server accepts, so that it is met only by a bug or a flood.
    pub const JOBS_WAITING_MAX: usize = 8_192;

    /// A store that is gone when the process is, however it ends.
    pub fn ephemeral(clock: Clock) -> Self {
        Self::new(Location::Ephemeral, Durability::None, clock)
    }

    /// A store in a directory.
    pub fn new(location: Location, durability: Durability, clock: Clock) -> Self {
        Self { location, durability, clock, jobs_waiting_max: Self::JOBS_WAITING_MAX }
    }
}

/// Where the file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A private temporary file that nobody finds, gone with the process.
    Ephemeral,
    /// `fanlight.db` in this directory, which is created if need be and locked against a second process.
    Directory(PathBuf),
}

/// What a commit survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing is promised, not even that the file can be read after a power loss.
    None,
    /// `kill -9` and the out-of-memory killer. A power loss may cost the last moments, never the file.
    Process,
    /// Power loss, as far as the disk honours fsync.
    Power,
}

impl Durability {
    /// The value of SQLite's `synchronous`.
    pub(crate) fn synchronous(self) -> &'static str {
        match self {
            Self::None => "OFF",
            Self::Process => "NORMAL",
            Self::Power => "FULL",
        }
    }
}

impl fmt::Display for Durability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "none",
            Self::Process => "process",
            Self::Power => "power",
        })
    }
}

impl FromStr for Durability {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            "process" => Ok(Self::Process),
            "power" => Ok(Self::Power),
            _ => Err(format!("durability is none, process or power, not {text:?}")),
        }
    }
}
