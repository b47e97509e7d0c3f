//! StartReplay.

use aws::Call;
use failure::Failure;
use service::Error;

use super::create_archive::own_bus;
use crate::EventBridge;
use crate::api::inputs::StartReplayInput;
use crate::api::outputs::StartReplayOutput;
use crate::archives::names::ScopedName;
use crate::errors::{already_exists, limit_exceeded, parameter_not_valid_because};
use crate::ledger::Ledger;
use crate::rules::optional_text;
use crate::store::archives::{self, ArchiveRow};
use crate::store::replays::{self, ReplayRow, ReplayState};

pub(crate) async fn start_replay(
    events: &EventBridge,
    call: &Call,
    input: StartReplayInput,
) -> Result<StartReplayOutput, Error> {
    if input.event_start_time >= input.event_end_time {
        let reason = "EventStartTime must be before EventEndTime.";
        return Err(parameter_not_valid_because("EventEndTime", reason));
    }
    let bus = own_bus("Destination.Arn", &input.destination.arn, call)?;
    let name = ScopedName::of_caller(call, input.replay_name);
    let (most, call) = (events.options.limits.replays, call.clone());
    let output = events
        .write(move |ledger| {
            let bus_id = ledger.find(&bus)?;
            let archive = archive(ledger, &call, &input.event_source_arn)?;
            if archive.bus_id != bus_id {
                let reason = "Cross event bus replay is not permitted.";
                return Err(parameter_not_valid_because("Destination.Arn", reason).into());
            }
            if replays::select(ledger.tx, &name)?.is_some() {
                return Err(already_exists("Replay", &name.name).into());
            }
            let active = replays::count_active(ledger.tx, &name.account, &name.region)?;
            if usize::try_from(active).is_ok_and(|active| active >= most) {
                return Err(limit_exceeded().into());
            }
            let output = StartReplayOutput {
                replay_arn: Some(name.replay_arn()),
                replay_start_time: Some(ledger.now_ms()),
                state: Some(ReplayState::Starting.as_str().to_owned()),
                state_reason: None,
            };
            let row = ReplayRow {
                id: 0,
                name,
                description: optional_text::given(input.description),
                archive_id: archive.id,
                archive_name: archive.name.name,
                bus_id,
                destination: input.destination.arn,
                filter_arns: input.destination.filter_arns,
                event_start_ms: input.event_start_time,
                event_end_ms: input.event_end_time,
                started_at_ms: ledger.now_ms(),
                state: ReplayState::Starting,
                state_reason: None,
                ended_at_ms: None,
                last: None,
            };
            replays::insert(ledger.tx, &row)?;
            Ok(output)
        })
        .await?;
    events.archives_changed();
    Ok(output)
}

/// The archive an ARN names; that of somebody else is not there.
fn archive(ledger: &Ledger<'_>, call: &Call, arn: &str) -> Result<ArchiveRow, Failure> {
    let refused = |reason: &str| Failure::from(parameter_not_valid_because("EventSourceArn", reason));
    let name = ScopedName::of_archive_arn(arn).ok_or_else(|| refused("Must contain an archive ARN."))?;
    let own = name.account == call.account && name.region == call.region;
    let found = if own { archives::select(ledger.tx, &name)? } else { None };
    found.ok_or_else(|| refused(&format!("Archive {} does not exist.", name.name)))
}
