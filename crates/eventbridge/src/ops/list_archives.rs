//! ListArchives.

use aws::Call;
use service::Error;

use super::create_archive::own_bus;
use crate::EventBridge;
use crate::api::inputs::ListArchivesInput;
use crate::api::outputs::ListArchivesOutput;
use crate::api::types::Archive;
use crate::errors::more_than_one_filter;
use crate::rules::page;
use crate::store::archives::{self, ArchiveRow};

pub(crate) async fn list_archives(
    events: &EventBridge,
    call: &Call,
    input: ListArchivesInput,
) -> Result<ListArchivesOutput, Error> {
    let filters = [&input.event_source_arn, &input.name_prefix, &input.state];
    if filters.into_iter().flatten().count() > 1 {
        return Err(more_than_one_filter("ListArchives"));
    }
    let bus =
        input.event_source_arn.as_deref().map(|arn| own_bus("EventSourceArn", arn, call)).transpose()?;
    let prefix = input.name_prefix.unwrap_or_default();
    let call = call.clone();
    events
        .write(move |ledger| {
            let bus = match &bus {
                Some(bus) => Some(ledger.find(bus)?),
                None => None,
            };
            let mut found = archives::select_all(ledger.tx)?;
            found.retain(|row| {
                row.name.account == call.account
                    && row.name.region == call.region
                    && row.name.name.starts_with(&prefix)
                    && bus.is_none_or(|bus| bus == row.bus_id)
                    && input.state.as_ref().is_none_or(|state| *state == ledger.archive_state(row))
            });
            let page = page::cut(found, input.limit, input.next_token.as_deref(), |row| &row.name.name)?;
            let entry = |row: ArchiveRow| Archive {
                creation_time: Some(row.created_at_ms),
                event_count: Some(row.events),
                event_source_arn: Some(row.bus_arn()),
                retention_days: Some(row.retention_days),
                size_bytes: Some(row.bytes),
                state: Some(ledger.archive_state(&row)),
                state_reason: None,
                archive_name: Some(row.name.name),
            };
            let archives = page.items.into_iter().map(entry).collect();
            Ok(ListArchivesOutput { archives: Some(archives), next_token: page.next_token })
        })
        .await
}
