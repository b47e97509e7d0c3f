//! DescribeArchive.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DescribeArchiveInput;
use crate::api::outputs::DescribeArchiveOutput;
use crate::archives::names::ScopedName;
use crate::errors::archive_does_not_exist;
use crate::store::archives;

pub(crate) async fn describe_archive(
    events: &EventBridge,
    call: &Call,
    input: DescribeArchiveInput,
) -> Result<DescribeArchiveOutput, Error> {
    let name = ScopedName::of_caller(call, input.archive_name);
    events
        .write(move |ledger| {
            let row =
                archives::select(ledger.tx, &name)?.ok_or_else(|| archive_does_not_exist(&name.name))?;
            Ok(DescribeArchiveOutput {
                archive_arn: Some(row.name.archive_arn()),
                creation_time: Some(row.created_at_ms),
                event_count: Some(row.events),
                event_source_arn: Some(row.bus_arn()),
                retention_days: Some(row.retention_days),
                size_bytes: Some(row.bytes),
                state: Some(ledger.archive_state(&row)),
                state_reason: None,
                archive_name: Some(row.name.name),
                description: row.description,
                event_pattern: row.event_pattern,
                kms_key_identifier: row.kms_key,
            })
        })
        .await
}
