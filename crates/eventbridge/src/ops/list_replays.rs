//! ListReplays.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListReplaysInput;
use crate::api::outputs::ListReplaysOutput;
use crate::api::types::Replay;
use crate::errors::more_than_one_filter;
use crate::rules::page;
use crate::store::replays::{self, ReplayRow};

pub(crate) async fn list_replays(
    events: &EventBridge,
    call: &Call,
    input: ListReplaysInput,
) -> Result<ListReplaysOutput, Error> {
    let filters = [&input.event_source_arn, &input.name_prefix, &input.state];
    if filters.into_iter().flatten().count() > 1 {
        return Err(more_than_one_filter("ListReplays"));
    }
    let prefix = input.name_prefix.unwrap_or_default();
    let call = call.clone();
    events
        .write(move |ledger| {
            let mut found = replays::select_of(ledger.tx, &call.account, &call.region)?;
            found.retain(|row| {
                row.name.name.starts_with(&prefix)
                    && input.event_source_arn.as_ref().is_none_or(|arn| *arn == row.archive_arn())
                    && input.state.as_ref().is_none_or(|state| state == row.state.as_str())
            });
            let page = page::cut(found, input.limit, input.next_token.as_deref(), |row| &row.name.name)?;
            let entry = |row: ReplayRow| Replay {
                event_end_time: Some(row.event_end_ms),
                event_last_replayed_time: row.last.map(|(time_ms, _)| time_ms),
                event_source_arn: Some(row.archive_arn()),
                event_start_time: Some(row.event_start_ms),
                replay_end_time: row.ended_at_ms,
                replay_start_time: Some(row.started_at_ms),
                state: Some(row.state.as_str().to_owned()),
                state_reason: row.state_reason,
                replay_name: Some(row.name.name),
            };
            let replays = page.items.into_iter().map(entry).collect();
            Ok(ListReplaysOutput { replays: Some(replays), next_token: page.next_token })
        })
        .await
}
