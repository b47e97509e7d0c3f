//! UpdateArchive.

use aws::Call;
use service::Error;

use super::create_archive::check_pattern;
use crate::EventBridge;
use crate::api::inputs::UpdateArchiveInput;
use crate::api::outputs::UpdateArchiveOutput;
use crate::archives::names::ScopedName;
use crate::errors::{archive_does_not_exist, validation};
use crate::rules::optional_text;
use crate::store::archives;

pub(crate) async fn update_archive(
    events: &EventBridge,
    call: &Call,
    input: UpdateArchiveInput,
) -> Result<UpdateArchiveOutput, Error> {
    let unchanged = input.description.is_none()
        && input.event_pattern.is_none()
        && input.retention_days.is_none()
        && input.kms_key_identifier.is_none();
    if unchanged {
        return Err(validation(
            "Parameter(s) EventPattern, RetentionDays, Description or KmsKeyIdentifier must be specified.",
        ));
    }
    check_pattern(input.event_pattern.as_deref().filter(|pattern| !pattern.is_empty()))?;
    let name = ScopedName::of_caller(call, input.archive_name);
    let output = events
        .write(move |ledger| {
            let mut row =
                archives::select(ledger.tx, &name)?.ok_or_else(|| archive_does_not_exist(&name.name))?;
            // AWS: API_UpdateArchive; what is left out stays. An empty pattern takes the pattern away.
            row.event_pattern = optional_text::updated(row.event_pattern, input.event_pattern);
            row.description = optional_text::updated(row.description, input.description);
            row.retention_days = input.retention_days.unwrap_or(row.retention_days);
            row.kms_key = optional_text::updated(row.kms_key, input.kms_key_identifier);
            ledger.replace_archive(&row)?;
            Ok(UpdateArchiveOutput {
                archive_arn: Some(row.name.archive_arn()),
                creation_time: Some(row.created_at_ms),
                state: Some(ledger.archive_state(&row)),
                state_reason: None,
            })
        })
        .await?;
    events.archives_changed();
    Ok(output)
}
