//! The port through which other services send: their parcels become messages inside the sender's transaction.

use aws::Wire;
use delivery::{Addressed, Deliver, Undeliverable, UndeliverableKind};
use failure::Failure;
use service::Error;
use storage::Tx;

use crate::Sqs;
use crate::api::errors::QUEUE_DOES_NOT_EXIST;
use crate::errors::queue_does_not_exist;
use crate::ledger::Ledger;
use crate::rules::parcel::Contents;
use crate::rules::queue_url::QueueKey;
use crate::store::messages::Then;

impl Deliver for Sqs {
    /// As many SendMessages. Queue policies are kept, not enforced, so none of them forbids anything.
    fn deliver(
        &self,
        tx: &Tx<'_>,
        parcels: &[Addressed<'_>],
    ) -> Result<Vec<Result<(), Undeliverable>>, storage::Error> {
        // One for all, so that the lock is taken once.
        let mut ledger = Ledger::open(tx, &self.shared, &self.alarms)?;
        let mut contents = Contents::of(parcels.iter().map(|addressed| addressed.parcel));
        let mut fates = Vec::with_capacity(parcels.len());
        for parcel in parcels {
            let message_id = self.clock.uuid_v4().into_bytes();
            fates.push(match accept(&mut ledger, &mut contents, parcel, message_id) {
                Ok(()) => Ok(()),
                Err(Failure::Refused(error)) => Err(undeliverable(error)),
                Err(Failure::Store(error)) => return Err(error),
            });
        }
        Ok(fates)
    }
}

/// Accepts one parcel. All refusals come before the first write.
fn accept(
    ledger: &mut Ledger<'_>,
    contents: &mut Contents,
    Addressed { to, parcel }: &Addressed<'_>,
    message_id: [u8; 16],
) -> Result<(), Failure> {
    let key = QueueKey::of_parsed_arn(to).ok_or_else(|| queue_does_not_exist(Wire::Json))?;
    let id = ledger.find(&key, Wire::Json)?;
    let fifo = ledger.queue(id)?.settings.fifo;
    let draft = contents.draft(parcel, fifo)?;
    ledger.accept(id, draft, message_id, Then::More)?;
    ledger.wake(id, 1);
    Ok(())
}

fn undeliverable(error: Error) -> Undeliverable {
    let missing = error.kind == &QUEUE_DOES_NOT_EXIST;
    let kind = if missing { UndeliverableKind::Missing } else { UndeliverableKind::Refused };
    Undeliverable { code: error.kind.code.to_owned(), message: error.message, kind }
}
