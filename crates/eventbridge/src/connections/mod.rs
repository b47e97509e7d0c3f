//! Connections: who an API destination's calls say they are.
//!
//! *Start at* [`authorization`] (EventBridge as the `Authorizer` of its own calls, and the task that gets the first token
//! of a new connection), then [`apply`] (what a connection adds to a request) and [`token`] (OAuth).
//!
//! Secrets are in a table of their own and in [`Credentials`], which shows nothing of them. No answer, log line, outbox
//! row or page has them.

pub(crate) mod apply;
pub(crate) mod authorization;
mod credentials;
pub(crate) mod destination;
mod headers;
pub(crate) mod parameters;
pub(crate) mod state;
#[cfg(test)]
mod tests;
pub(crate) mod token;

use std::fmt;

use aws::{AccountId, Call};
use failure::Failure;

use crate::errors::connection_does_not_exist;
use crate::ledger::Ledger;
use crate::store::api_destinations;
use crate::store::connections::{self, ConnectionRow};

pub(crate) use credentials::Credentials;
pub(crate) use headers::is_ours as is_our_header;

pub(crate) const OAUTH: &str = "OAUTH_CLIENT_CREDENTIALS";

/// A text nobody is shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Ledger<'_> {
    /// A connection of the caller's that has to be there, to be described, updated …
    pub(crate) fn connection(&self, call: &Call, verb: &str, name: &str) -> Result<ConnectionRow, Failure> {
        let found = connections::select(self.tx, &call.account, &call.region, name)?;
        found.ok_or_else(|| connection_does_not_exist(verb, name).into())
    }

    /// Deletes every connection and API destination, or those of one account.
    pub(crate) fn forget_connections(&mut self, account: Option<&AccountId>) -> Result<(), Failure> {
        api_destinations::delete_all(self.tx, account)?;
        Ok(connections::delete_all(self.tx, account)?)
    }

    /// The end of the ARN of a new secret: a UUID, and the six letters of Secrets Manager.
    pub(crate) fn new_secret(&self) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut random = self.clock.random_u64();
        let mut letters = String::with_capacity(6);
        while letters.len() < 6 {
            let place = usize::try_from(random % 62).unwrap_or_default();
            letters.extend(LETTERS.get(place).map(|letter| char::from(*letter)));
            random /= 62;
        }
        format!("{}-{letters}", self.clock.uuid_v4())
    }
}
