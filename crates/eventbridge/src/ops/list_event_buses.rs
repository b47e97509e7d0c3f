//! ListEventBuses.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListEventBusesInput;
use crate::api::outputs::ListEventBusesOutput;
use crate::api::types::EventBus;
use crate::rules::bus_name::{BusKey, DEFAULT};
use crate::rules::page;

pub(crate) async fn list_event_buses(
    events: &EventBridge,
    call: &Call,
    input: ListEventBusesInput,
) -> Result<ListEventBusesOutput, Error> {
    let default = BusKey::of_caller(call, DEFAULT);
    let prefix = input.name_prefix.unwrap_or_default();
    let page = events
        .write(move |ledger| {
            ledger.find(&default)?;
            let buses = ledger.registry.by_id.values().filter(|bus| {
                let key = &bus.row.key;
                key.account == default.account
                    && key.region == default.region
                    && key.name.starts_with(&prefix)
            });
            let buses = buses.map(|bus| EventBus {
                arn: Some(bus.arn.clone()),
                name: Some(bus.row.key.name.to_string()),
                creation_time: Some(bus.row.created_at_ms),
                last_modified_time: Some(bus.row.modified_at_ms),
                description: bus.row.description.clone(),
                policy: bus.row.policy.clone(),
                managed_by: None,
            });
            let name = |bus: &EventBus| bus.name.clone().unwrap_or_default();
            let named = buses.map(|bus| (name(&bus), bus)).collect();
            Ok(page::cut(named, input.limit, input.next_token.as_deref(), |(name, _): &(String, _)| name)?)
        })
        .await?;
    Ok(ListEventBusesOutput {
        event_buses: Some(page.items.into_iter().map(|(_, bus)| bus).collect()),
        next_token: page.next_token,
    })
}
