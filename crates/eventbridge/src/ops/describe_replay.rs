//! DescribeReplay.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DescribeReplayInput;
use crate::api::outputs::DescribeReplayOutput;
use crate::api::types::ReplayDestination;
use crate::archives::names::ScopedName;
use crate::errors::replay_does_not_exist;
use crate::store::replays;

pub(crate) async fn describe_replay(
    events: &EventBridge,
    call: &Call,
    input: DescribeReplayInput,
) -> Result<DescribeReplayOutput, Error> {
    let name = ScopedName::of_caller(call, input.replay_name);
    events
        .write(move |ledger| {
            let row = replays::select(ledger.tx, &name)?.ok_or_else(|| replay_does_not_exist(&name.name))?;
            Ok(DescribeReplayOutput {
                event_end_time: Some(row.event_end_ms),
                event_last_replayed_time: row.last.map(|(time_ms, _)| time_ms),
                event_source_arn: Some(row.archive_arn()),
                event_start_time: Some(row.event_start_ms),
                replay_arn: Some(row.name.replay_arn()),
                replay_end_time: row.ended_at_ms,
                replay_start_time: Some(row.started_at_ms),
                state: Some(row.state.as_str().to_owned()),
                state_reason: row.state_reason,
                replay_name: Some(row.name.name),
                description: row.description,
                destination: Some(ReplayDestination { arn: row.destination, filter_arns: row.filter_arns }),
            })
        })
        .await
}
