//! The port through which other services publish: inside their own transaction.

use std::sync::Arc;

use delivery::{Addressed, Deliver, Undeliverable, UndeliverableKind};
use failure::Failure;
use service::Error;
use storage::Tx;

use crate::Sns;
use crate::accept::accept;
use crate::errors::topic_does_not_exist;
use crate::fanout::Publisher;
use crate::ledger::Ledger;
use crate::rules::draft::Draft;
use crate::rules::topic_arn::TopicKey;

impl Deliver for Sns {
    /// As many Publishes. Topic policies are kept, not enforced, so none of them forbids anything.
    fn deliver(
        &self,
        tx: &Tx<'_>,
        parcels: &[Addressed<'_>],
    ) -> Result<Vec<Result<(), Undeliverable>>, storage::Error> {
        let mut ledger = Ledger::open(tx, &self.shared, &self.deliveries)?;
        let publisher = Publisher { signer: Arc::clone(&self.signer), base_url: self.own_url().to_owned() };
        let mut fates = Vec::with_capacity(parcels.len());
        for addressed in parcels {
            let key = TopicKey::of_arn(addressed.to);
            let Some(topic) = key.and_then(|key| ledger.registry.by_key.get(&key).copied()) else {
                fates.push(Err(undeliverable(topic_does_not_exist(), UndeliverableKind::Missing)));
                continue;
            };
            let fate = Draft::of_parcel(&self.clock, addressed.parcel)
                .map_err(Failure::from)
                .and_then(|draft| accept(&mut ledger, &publisher, topic, vec![(draft, Vec::new())]));
            fates.push(match fate {
                Ok(_) => Ok(()),
                Err(Failure::Refused(error)) => Err(undeliverable(error, UndeliverableKind::Refused)),
                Err(Failure::Store(error)) => return Err(error),
            });
        }
        Ok(fates)
    }
}

fn undeliverable(error: Error, kind: UndeliverableKind) -> Undeliverable {
    Undeliverable { code: error.kind.code.to_owned(), message: error.message, kind }
}
