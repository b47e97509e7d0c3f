//! What can be set about deliveries.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

/// What can be set about deliveries.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where calls may go.
    pub egress: Egress,
    /// The endpoints of other AWS services, by signing name: `lambda` → `http://localhost:9001`.
    pub endpoints: BTreeMap<String, String>,
    /// A PEM file of certification authorities that are trusted besides the well-known ones.
    pub ca_file: Option<PathBuf>,
    /// Attempts in flight at once. One owner, such as a subscription or a rule, has half of them at most.
    pub in_flight_max: usize,
    /// Finished deliveries that are kept to be looked at.
    pub finished_max: usize,
    /// How long they are kept, in seconds.
    pub finished_secs: u32,
    /// Letters that are kept.
    pub letters_max: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            egress: Egress::Allow,
            endpoints: BTreeMap::new(),
            ca_file: None,
            in_flight_max: 128,
            finished_max: 10_000,
            finished_secs: 3_600,
            letters_max: 10_000,
        }
    }
}

/// Where calls may go. Link-local addresses and our own pages are never called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Egress {
    /// Anywhere.
    #[default]
    Allow,
    /// To this machine.
    Loopback,
    /// Nowhere.
    Deny,
}

impl FromStr for Egress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "allow" => Ok(Self::Allow),
            "loopback" => Ok(Self::Loopback),
            "deny" => Ok(Self::Deny),
            _ => Err(format!("egress is allow, loopback or deny, not {text:?}")),
        }
    }
}
