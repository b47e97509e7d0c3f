//! CreateEventBus.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::CreateEventBusInput;
use crate::api::outputs::CreateEventBusOutput;
use crate::errors::{already_exists, limit_exceeded, parameter_not_valid_because, validation};
use crate::rules::bus_name::{BusKey, DEFAULT};
use crate::rules::{optional_text, tags, target};
use crate::store::buses::BusRow;
use crate::store::kept;

pub(crate) async fn create_event_bus(
    events: &EventBridge,
    call: &Call,
    input: CreateEventBusInput,
) -> Result<CreateEventBusOutput, Error> {
    check_name(&input)?;
    let tags = input.tags.unwrap_or_default();
    tags::check(&tags)?;
    let key = BusKey::of_caller(call, &input.name);
    target::check_dead_letter(input.dead_letter_config.as_ref(), &key)?;
    let description = optional_text::given(input.description);
    let kms_key = optional_text::given(input.kms_key_identifier);
    let mut output = CreateEventBusOutput {
        event_bus_arn: Some(key.arn()),
        description: description.clone(),
        kms_key_identifier: kms_key.clone(),
        dead_letter_config: input.dead_letter_config.clone(),
        log_config: input.log_config.clone(),
    };
    let most = events.options.limits.buses;
    events
        .write(move |ledger| {
            if ledger.look_up(&key)?.is_some() {
                return Err(already_exists("Event bus", &key.name).into());
            }
            // The default bus counts, whether or not anybody has asked for it.
            ledger.look_up(&BusKey { name: DEFAULT.into(), ..key.clone() })?;
            let beside = ledger.registry.by_key.keys();
            let beside = beside.filter(|other| other.account == key.account && other.region == key.region);
            if beside.count() >= most {
                return Err(limit_exceeded().into());
            }
            if let Some(source) = &input.event_source_name {
                ledger.associate_event_source(&key, source)?;
            }
            let row = BusRow {
                description,
                kms_key,
                dead_letter: input.dead_letter_config.and_then(|config| config.arn),
                log_config: input.log_config.as_ref().map(kept::to_text),
                event_source: input.event_source_name,
                ..BusRow::new(key.clone(), ledger.now_ms())
            };
            ledger.add_bus(row)?;
            ledger.tag(&key.arn(), &tags)
        })
        .await?;
    output.dead_letter_config = output.dead_letter_config.filter(|config| config.arn.is_some());
    Ok(output)
}

/// AWS: API_CreateEventBus, Name: only a partner's bus has slashes, and it has the name of its event source.
fn check_name(input: &CreateEventBusInput) -> Result<(), Error> {
    match &input.event_source_name {
        Some(source) if *source != input.name => Err(parameter_not_valid_because(
            "Name",
            "The name of a partner event bus must match the name of its event source.",
        )),
        Some(_) => Ok(()),
        // AWS: terraform-provider-aws#35065.
        None if input.name.starts_with("aws.") => {
            Err(validation("EventBus name starting with 'aws.' is not valid."))
        }
        None if input.name.contains('/') => Err(validation("Event bus name must not contain '/'.")),
        None => Ok(()),
    }
}
