//! API destinations, as far as their operations share it.

use aws::Call;
use failure::Failure;

use super::state as standing;
use crate::errors::api_destination_does_not_exist;
use crate::ledger::Ledger;
use crate::store::api_destinations::{self, DestinationRow};
use crate::store::connections;

/// AWS: API_CreateApiDestination, InvocationRateLimitPerSecond.
pub(crate) const RATE_DEFAULT: i32 = 300;

/// Whether calls can be made. Recorded: test_api_destinations; it is INACTIVE unless its connection can be used.
pub(crate) fn state(sql: &impl storage::Sql, connection_arn: &str) -> Result<String, storage::Error> {
    let connection = connections::select_by_arn(sql, connection_arn)?;
    let authorized = connection.is_some_and(|connection| standing::is_good(&connection.state));
    Ok(if authorized { "ACTIVE" } else { "INACTIVE" }.to_owned())
}

impl Ledger<'_> {
    /// An API destination of the caller's that has to be there, to be described, updated …
    pub(crate) fn destination(&self, call: &Call, verb: &str, name: &str) -> Result<DestinationRow, Failure> {
        let found = api_destinations::select(self.tx, &call.account, &call.region, name)?;
        found.ok_or_else(|| api_destination_does_not_exist(verb, name).into())
    }

    /// Refuses the ARN of a connection that the caller does not have.
    pub(crate) fn check_connection_arn(&self, call: &Call, verb: &str, arn: &str) -> Result<(), Failure> {
        let found = connections::select_by_arn(self.tx, arn)?;
        let own = found.is_some_and(|row| row.account == call.account && row.region == call.region);
        let name = arn.split("connection/").nth(1).and_then(|path| path.split('/').next()).unwrap_or(arn);
        if own { Ok(()) } else { Err(crate::errors::connection_does_not_exist(verb, name).into()) }
    }
}
