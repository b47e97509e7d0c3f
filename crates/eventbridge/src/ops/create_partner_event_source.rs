//! CreatePartnerEventSource.

use aws::{AccountId, Call};
use service::Error;

use crate::EventBridge;
use crate::api::inputs::CreatePartnerEventSourceInput;
use crate::api::outputs::CreatePartnerEventSourceOutput;
use crate::errors::{already_exists, parameter_not_valid};
use crate::store::partner_sources::{self as sources, SourceRow, SourceState};

pub(crate) async fn create_partner_event_source(
    events: &EventBridge,
    call: &Call,
    input: CreatePartnerEventSourceInput,
) -> Result<CreatePartnerEventSourceOutput, Error> {
    let customer = AccountId::parse(&input.account).ok_or_else(|| parameter_not_valid("Account"))?;
    let call = call.clone();
    events
        .write(move |ledger| {
            ledger.expire_event_sources()?;
            let known = sources::select_one(ledger.tx, &call.region, &input.name, &customer)?;
            let row = SourceRow::new(&call, &input.name, customer, ledger.now_ms());
            let arn = row.arn();
            match known {
                None => sources::insert(ledger.tx, &row)?,
                // What was withdrawn is offered again; the customer's bus may still be there.
                Some(known) if known.state == SourceState::Deleted => {
                    sources::update(ledger.tx, &SourceRow { id: known.id, ..row })?;
                }
                Some(_) => return Err(already_exists("Event source", &input.name).into()),
            }
            Ok(CreatePartnerEventSourceOutput { event_source_arn: Some(arn) })
        })
        .await
}
