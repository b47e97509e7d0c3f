//! The port through which a service takes parcels from its neighbours.

use aws::Arn;
use storage::Tx;

use crate::Parcel;

/// A parcel and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct Addressed<'a> {
    /// The resource it is for.
    pub to: &'a Arn,
    /// What it is.
    pub parcel: &'a Parcel,
}

/// Why a resource did not take a parcel. Sending it again would not help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeliverable {
    /// The code the service answers, such as `AWS.SimpleQueueService.NonExistentQueue`.
    pub code: String,
    /// The sentence that goes with it.
    pub message: String,
    /// What kind of failure it is.
    pub kind: UndeliverableKind,
}

/// What kept a parcel from being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndeliverableKind {
    /// The resource is not there.
    Missing,
    /// The resource's policy does not let this sender in.
    Forbidden,
    /// The resource is there and does not take this.
    Refused,
}

/// A service that takes parcels inside the transaction of whoever sends them. Its neighbours do not know it; the
/// binary introduces them.
pub trait Deliver: Send + Sync {
    /// Hands parcels over, in order, inside the sender's transaction. The outer error is the store's and ends the whole
    /// transaction; the inner one is the fate of one parcel, of which nothing was written.
    fn deliver(
        &self,
        tx: &Tx<'_>,
        parcels: &[Addressed<'_>],
    ) -> Result<Vec<Result<(), Undeliverable>>, storage::Error>;
}
