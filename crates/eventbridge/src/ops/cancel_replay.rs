//! CancelReplay.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::CancelReplayInput;
use crate::api::outputs::CancelReplayOutput;
use crate::archives::names::ScopedName;
use crate::errors::{replay_does_not_exist, replay_is_over};
use crate::store::replays::{self, ReplayState};

pub(crate) async fn cancel_replay(
    events: &EventBridge,
    call: &Call,
    input: CancelReplayInput,
) -> Result<CancelReplayOutput, Error> {
    let name = ScopedName::of_caller(call, input.replay_name);
    let output = events
        .write(move |ledger| {
            let mut row =
                replays::select(ledger.tx, &name)?.ok_or_else(|| replay_does_not_exist(&name.name))?;
            if !matches!(row.state, ReplayState::Starting | ReplayState::Running) {
                return Err(replay_is_over(&name.name).into());
            }
            row.state = ReplayState::Cancelling;
            replays::update(ledger.tx, &row)?;
            Ok(CancelReplayOutput {
                replay_arn: Some(name.replay_arn()),
                state: Some(row.state.as_str().to_owned()),
                state_reason: None,
            })
        })
        .await?;
    events.archives_changed();
    Ok(output)
}
