//! What the handle and the worker share.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};

use clock::Clock;
use storage::{Store, Tx};
use tokio::sync::{Notify, watch};

use crate::client::Client;
use crate::{Addressed, Authorizer, Deliver, Options, Undeliverable, UndeliverableKind};

/// So many finished deliveries are a reason to look whether there are too many.
const FINISHED_A_LOOK: usize = 256;

/// What the handle and the worker share.
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) options: Options,
    pub(crate) client: Client,
    ports: RwLock<HashMap<&'static str, Weak<dyn Deliver>>>,
    authorizers: RwLock<HashMap<&'static str, Weak<dyn Authorizer>>>,
    /// Something was posted.
    pub(crate) posted: Arc<Notify>,
    pub(crate) finished: Arc<Finished>,
    /// Counts what the worker has settled, for tests to wait for.
    pub(crate) settled: watch::Sender<u64>,
}

/// What was finished since somebody looked.
#[derive(Default)]
pub(crate) struct Finished {
    count: AtomicUsize,
    pub(crate) many: Notify,
}

impl Finished {
    fn one_more(&self) {
        if self.count.fetch_add(1, Ordering::Relaxed) % FINISHED_A_LOOK == FINISHED_A_LOOK - 1 {
            self.many.notify_one();
        }
    }
}

impl Core {
    pub(crate) fn new(store: Store, clock: Clock, options: Options) -> Self {
        let client = Client::new(options.egress, options.ca_file.clone());
        Self {
            store,
            clock,
            options,
            client,
            ports: RwLock::default(),
            authorizers: RwLock::default(),
            posted: Arc::default(),
            finished: Arc::default(),
            settled: watch::Sender::new(0),
        }
    }

    pub(crate) fn introduce(&self, service: &'static str, port: &Arc<dyn Deliver>) {
        let mut ports = self.ports.write().unwrap_or_else(PoisonError::into_inner);
        ports.insert(service, Arc::downgrade(port));
    }

    pub(crate) fn introduce_authorizer(&self, service: &'static str, authorizer: &Arc<dyn Authorizer>) {
        let mut authorizers = self.authorizers.write().unwrap_or_else(PoisonError::into_inner);
        authorizers.insert(service, Arc::downgrade(authorizer));
    }

    pub(crate) fn authorizer(&self, service: &str) -> Option<Arc<dyn Authorizer>> {
        self.authorizers.read().unwrap_or_else(PoisonError::into_inner).get(service).and_then(Weak::upgrade)
    }

    pub(crate) fn set_own_addresses(&self, addresses: &[SocketAddr]) {
        self.client.set_own_addresses(addresses);
    }

    /// Counts a delivery that was finished in this transaction.
    pub(crate) fn one_finished(&self, tx: &Tx<'_>) {
        let finished = Arc::clone(&self.finished);
        tx.on_commit(move || finished.one_more());
    }

    /// Hands parcels to the services whose ARNs they carry: all parcels of one service together, in their order.
    pub(crate) fn deliver(
        &self,
        tx: &Tx<'_>,
        parcels: &[Addressed<'_>],
    ) -> Result<Vec<Result<(), Undeliverable>>, storage::Error> {
        let Some(first) = parcels.first() else { return Ok(Vec::new()) };
        if parcels.iter().all(|parcel| parcel.to.service == first.to.service) {
            return self.deliver_to_one(tx, &first.to.service, parcels);
        }
        let mut fates: Vec<Option<Result<(), Undeliverable>>> = parcels.iter().map(|_| None).collect();
        let mut services: Vec<&str> = Vec::new();
        for parcel in parcels {
            if !services.contains(&parcel.to.service.as_str()) {
                services.push(&parcel.to.service);
            }
        }
        for service in services {
            let of_service = |place: &usize| parcels[*place].to.service == service;
            let places: Vec<usize> = (0..parcels.len()).filter(of_service).collect();
            let parcels: Vec<Addressed<'_>> = places.iter().map(|place| parcels[*place]).collect();
            let outcome = self.deliver_to_one(tx, service, &parcels)?;
            for (place, fate) in places.into_iter().zip(outcome) {
                fates[place] = Some(fate);
            }
        }
        Ok(fates.into_iter().map(|fate| fate.unwrap_or_else(|| Err(nobody("")))).collect())
    }

    fn deliver_to_one(
        &self,
        tx: &Tx<'_>,
        service: &str,
        parcels: &[Addressed<'_>],
    ) -> Result<Vec<Result<(), Undeliverable>>, storage::Error> {
        let port =
            self.ports.read().unwrap_or_else(PoisonError::into_inner).get(service).and_then(Weak::upgrade);
        match port {
            Some(port) => port.deliver(tx, parcels),
            None => Ok(parcels.iter().map(|_| Err(nobody(service))).collect()),
        }
    }
}

pub(crate) fn nobody(service: &str) -> Undeliverable {
    Undeliverable {
        code: "NoSuchService".to_owned(),
        message: format!("There is no {service} here."),
        kind: UndeliverableKind::Missing,
    }
}
