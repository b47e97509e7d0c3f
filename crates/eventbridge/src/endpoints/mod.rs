//! Global endpoints: one id for the buses of one name in two regions.
//!
//! Here nothing fails over: both regions are in this process. An event that is put through an endpoint arrives at the bus
//! of the caller's region, and with replication at the other one, too. AWS: EventBridge User Guide, "Making applications
//! Regional-fault tolerant with global endpoints and event replication".

#[cfg(test)]
mod tests;

use aws::{Arn, Call};
use failure::Failure;
use service::Error;

use crate::api::types::{Endpoint, EndpointEventBus, ReplicationConfig};
use crate::errors::{
    endpoint_does_not_exist, endpoint_id_does_not_exist, parameter_not_valid, parameter_not_valid_because,
};
use crate::ledger::Ledger;
use crate::rules::bus_name::BusKey;
use crate::store::endpoints::{self, EndpointRow, Given};

/// AWS: "Amazon EventBridge quotas", endpoints of one account and region.
pub(crate) const ENDPOINTS_MAX: usize = 100;

/// AWS: API_CreateEndpoint, ReplicationConfig: "The default state is ENABLED".
pub(crate) const REPLICATED: &str = "ENABLED";

impl EndpointRow {
    /// As DescribeEndpoint tells it.
    pub(crate) fn to_endpoint(&self) -> Endpoint {
        let given = &self.given;
        let arn = Arn::new("events", &self.region, &self.account, format!("endpoint/{}", self.name));
        Endpoint {
            arn: Some(arn.to_string()),
            creation_time: Some(self.created_at_ms),
            description: given.description.clone(),
            endpoint_id: Some(self.endpoint_id.clone()),
            endpoint_url: Some(format!("https://{}.endpoint.events.amazonaws.com", self.endpoint_id)),
            event_buses: Some(given.buses.to_vec()),
            last_modified_time: Some(self.modified_at_ms),
            name: Some(self.name.clone()),
            replication_config: Some(ReplicationConfig { state: Some(given.replication.clone()) }),
            role_arn: given.role_arn.clone(),
            routing_config: Some(given.routing.clone()),
            state: Some("ACTIVE".to_owned()),
            state_reason: None,
        }
    }

    fn buses(&self) -> Vec<BusKey> {
        self.given.buses.iter().filter_map(key_of).collect()
    }
}

/// Without a word about replication, events are replicated.
pub(crate) fn replication(given: Option<ReplicationConfig>) -> String {
    given.and_then(|config| config.state).unwrap_or_else(|| REPLICATED.to_owned())
}

/// The two buses of a request. The model lets no other number pass.
pub(crate) fn pair(buses: Vec<EndpointEventBus>) -> Result<[EndpointEventBus; 2], Error> {
    buses.try_into().map_err(|_| parameter_not_valid("EventBuses"))
}

/// Whether what an endpoint says fits together. The sentences are ours.
pub(crate) fn check(call: &Call, given: &Given) -> Result<(), Error> {
    let refused = |reason: &str| parameter_not_valid_because("EventBuses", reason);
    let [Some(one), Some(other)] = given.buses.each_ref().map(key_of) else {
        return Err(refused("Provided Arn is not in correct format."));
    };
    if one.name != other.name {
        return Err(refused("The names of the event buses must match in each Region."));
    }
    if one.account != call.account || other.account != call.account {
        return Err(refused("The event buses must be in the account of the endpoint."));
    }
    let regions = [one.region.as_str(), other.region.as_str()];
    let (primary, secondary) = (call.region.as_str(), given.routing.failover_config.secondary.route.as_str());
    if primary == secondary || !(regions == [primary, secondary] || regions == [secondary, primary]) {
        return Err(refused("There must be one event bus in the primary and one in the secondary Region."));
    }
    if given.replication == REPLICATED && given.role_arn.is_none() {
        // AWS: API_CreateEndpoint, ReplicationConfig: "… ENABLED which means you must supply a RoleArn."
        return Err(parameter_not_valid_because("RoleArn", "Event replication needs a role."));
    }
    Ok(())
}

fn key_of(bus: &EndpointEventBus) -> Option<BusKey> {
    BusKey::of_arn(&Arn::parse(&bus.event_bus_arn)?)
}

impl Ledger<'_> {
    /// An endpoint of the caller that has to be there.
    pub(crate) fn endpoint(&self, call: &Call, region: &str, name: &str) -> Result<EndpointRow, Failure> {
        endpoints::select_one(self.tx, &call.account, region, name)?
            .ok_or_else(|| endpoint_does_not_exist(name).into())
    }

    /// The buses an endpoint's events go to.
    pub(crate) fn endpoint_buses(&mut self, call: &Call, endpoint: &str) -> Result<Vec<BusKey>, Failure> {
        let found = endpoints::select_by_endpoint_id(self.tx, endpoint)?;
        let Some(row) = found else { return Err(endpoint_id_does_not_exist(endpoint).into()) };
        let mut buses = row.buses();
        // The bus that takes the event comes first, its copy after it.
        buses.sort_by_key(|bus| (bus.region != call.region, bus.region != row.region));
        if row.given.replication != REPLICATED {
            buses.truncate(1);
        }
        Ok(buses)
    }
}
