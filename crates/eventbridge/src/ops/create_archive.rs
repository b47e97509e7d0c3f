//! CreateArchive.

use aws::{Arn, Call};
use service::Error;

use crate::EventBridge;
use crate::api::inputs::CreateArchiveInput;
use crate::api::outputs::CreateArchiveOutput;
use crate::archives::managed_rule;
use crate::archives::names::ScopedName;
use crate::errors::{already_exists, bus_does_not_exist, parameter_not_valid_because};
use crate::rules::bus_name::BusKey;
use crate::rules::{optional_text, pattern_text};
use crate::store::archives::{self, ArchiveRow};

pub(crate) async fn create_archive(
    events: &EventBridge,
    call: &Call,
    input: CreateArchiveInput,
) -> Result<CreateArchiveOutput, Error> {
    let bus = own_bus("EventSourceArn", &input.event_source_arn, call)?;
    let event_pattern = optional_text::given(input.event_pattern);
    check_pattern(event_pattern.as_deref())?;
    let name = ScopedName::of_caller(call, input.archive_name);
    let output = events
        .write(move |ledger| {
            let bus_id = ledger.find(&bus)?;
            if archives::select(ledger.tx, &name)?.is_some() {
                return Err(already_exists("Archive", &name.name).into());
            }
            let (arn, now_ms) = (name.archive_arn(), ledger.now_ms());
            ledger.add_archive(ArchiveRow {
                id: 0,
                name,
                bus_id,
                bus_name: bus.name.into(),
                description: optional_text::given(input.description),
                event_pattern,
                retention_days: input.retention_days.unwrap_or_default(),
                kms_key: optional_text::given(input.kms_key_identifier),
                created_at_ms: now_ms,
                events: 0,
                bytes: 0,
            })?;
            Ok(CreateArchiveOutput {
                archive_arn: Some(arn),
                creation_time: Some(now_ms),
                state: Some("ENABLED".to_owned()),
                state_reason: None,
            })
        })
        .await?;
    events.archives_changed();
    Ok(output)
}

/// The bus a parameter names. That of somebody else is not there.
pub(super) fn own_bus(parameter: &str, arn: &str, call: &Call) -> Result<BusKey, Error> {
    let bus = Arn::parse(arn).and_then(|arn| BusKey::of_arn(&arn));
    let bus = bus.ok_or_else(|| parameter_not_valid_because(parameter, "Must contain an event bus ARN."))?;
    let own = bus.account == call.account && bus.region == call.region;
    if own { Ok(bus) } else { Err(bus_does_not_exist(&bus.name)) }
}

/// Refuses a pattern that is none, or that the archive's rule could not have.
pub(super) fn check_pattern(pattern: Option<&str>) -> Result<(), Error> {
    let Some(text) = pattern else { return Ok(()) };
    pattern_text::check(text)?;
    pattern_text::check(&managed_rule::pattern(Some(text))).map(drop)
}
