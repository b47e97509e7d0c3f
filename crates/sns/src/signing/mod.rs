//! Signatures of what goes to subscribers, and the certificate they are checked with.
//!
//! AWS: SNS Developer Guide, "Verifying the signatures of Amazon SNS messages". One key signs for all topics. It is made
//! when something is to be signed for the first time, and kept in the store, so that a message in a queue can still be
//! verified after a restart.

mod arithmetic;
mod key;
mod names;

use std::num::NonZero;
use std::sync::{Arc, OnceLock};

use aws::Region;
use failure::Failure;
use service::{Error, internal_failure};
use storage::{Sql, Store, Tx};
use tokio::sync::{Mutex, Semaphore};

use self::key::SigningKey;
use crate::CertUrl;
use crate::store::signing_keys;

/// What a validator needs of a message besides the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) base64: String,
    /// 1: SHA-1, 2: SHA-256.
    pub(crate) version: u8,
    pub(crate) cert_url: String,
}

/// Where a message is published: what its certificate's URL may depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The topic's region.
    pub(crate) region: &'a Region,
    /// The URL we are known by.
    pub(crate) base_url: &'a str,
}

/// Signs.
pub(crate) struct Signer {
    store: Store,
    cert_url: CertUrl,
    key: Arc<OnceLock<Arc<SigningKey>>>,
    /// Held by whoever makes the key, so that it is made once.
    making: Mutex<()>,
    /// Cores that may sign while the threads that serve go on. Who finds none signs where it is.
    idle_cores: Arc<Semaphore>,
}

impl Signer {
    pub(crate) fn new(store: Store, cert_url: CertUrl) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let idle_cores = Arc::new(Semaphore::new(cores / 2));
        Self { store, cert_url, key: Arc::default(), making: Mutex::new(()), idle_cores }
    }

    /// Signs what [`canonical`](crate::envelope::Notification::canonical) gives, on a core that has nothing else to do: it
    /// is most of what a publish costs.
    pub(crate) async fn sign(
        &self,
        canonical: &str,
        version: u8,
        place: Place<'_>,
    ) -> Result<Signature, Error> {
        let key = self.key().await?;
        let cert_url = self.cert_url(&key, place);
        let base64 = match Arc::clone(&self.idle_cores).try_acquire_owned() {
            Ok(core) => {
                let canonical = canonical.to_owned();
                let signing = tokio::task::spawn_blocking(move || {
                    let _core = core;
                    key.sign(&canonical, version)
                });
                signing.await.map_err(|error| no_key(&error))?
            }
            Err(_) => key.sign(canonical, version),
        };
        Ok(Signature { base64, version, cert_url })
    }

    /// As [`sign`](Self::sign), inside a transaction. For publishers that are inside one already.
    pub(crate) fn sign_within(
        &self,
        tx: &Tx<'_>,
        canonical: &str,
        version: u8,
        place: Place<'_>,
    ) -> Result<Signature, Failure> {
        let key = match self.key.get() {
            Some(key) => Arc::clone(key),
            None => {
                let key = Arc::new(match load(tx)? {
                    Some(key) => key,
                    None => keep(tx, SigningKey::generate().map_err(|error| no_key(&error))?)?,
                });
                // What is made here may yet be rolled back.
                let (remembered, committed) = (Arc::clone(&self.key), Arc::clone(&key));
                tx.on_commit(move || drop(remembered.set(committed)));
                key
            }
        };
        Ok(self.signature(&key, canonical, version, place))
    }

    fn signature(&self, key: &SigningKey, canonical: &str, version: u8, place: Place<'_>) -> Signature {
        let base64 = key.sign(canonical, version);
        Signature { base64, version, cert_url: self.cert_url(key, place) }
    }

    /// Has the key made in the background, so that it is there when it is needed. Called when somebody subscribes.
    pub(crate) fn prepare(self: &Arc<Self>) {
        if self.key.get().is_none() {
            let signer = Arc::clone(self);
            // What goes wrong here is told to whoever needs the key.
            tokio::spawn(async move { drop(signer.key().await) });
        }
    }

    /// The certificate in the file of this name, if there is one.
    pub(crate) async fn certificate_pem(&self, file_name: &str) -> Result<Option<String>, Error> {
        let kept = self.store.read(|read| signing_keys::select(read)).await.map_err(Failure::from)?;
        Ok(kept.map(|row| row.certificate).filter(|certificate| key::file_name(certificate) == file_name))
    }

    fn cert_url(&self, key: &SigningKey, place: Place<'_>) -> String {
        let file = key.file_name();
        match &self.cert_url {
            CertUrl::Aws => {
                let suffix = if place.region.partition() == "aws-cn" { ".cn" } else { "" };
                format!("https://sns.{}.amazonaws.com{suffix}/{file}", place.region.as_str())
            }
            CertUrl::Local => format!("{}/{file}", place.base_url),
            CertUrl::Host(host) => format!("https://{host}/{file}"),
        }
    }

    async fn key(&self) -> Result<Arc<SigningKey>, Error> {
        if let Some(key) = self.key.get() {
            return Ok(Arc::clone(key));
        }
        let _alone = self.making.lock().await;
        if let Some(key) = self.key.get() {
            return Ok(Arc::clone(key));
        }
        let kept = self.store.read(|read| load(read)).await.map_err(Error::from)?;
        let key = match kept {
            Some(key) => key,
            None => {
                let made = tokio::task::spawn_blocking(SigningKey::generate).await;
                let made = made.map_err(|error| no_key(&error))?.map_err(|error| no_key(&error))?;
                // Somebody may have made one in a transaction meanwhile.
                let kept = self.store.write(move |tx| match load(tx)? {
                    Some(key) => Ok::<_, Failure>(key),
                    None => keep(tx, made),
                });
                kept.await?
            }
        };
        Ok(Arc::clone(self.key.get_or_init(|| Arc::new(key))))
    }
}

fn load(sql: &impl Sql) -> Result<Option<SigningKey>, Failure> {
    let Some(row) = signing_keys::select(sql)? else { return Ok(None) };
    let key = SigningKey::read(&row.primes, row.certificate).map_err(|error| no_key(&error))?;
    Ok(Some(key))
}

fn keep(tx: &Tx<'_>, key: SigningKey) -> Result<SigningKey, Failure> {
    signing_keys::insert(tx, &key.primes(), key.certificate_pem())?;
    Ok(key)
}

fn no_key(error: &impl std::fmt::Display) -> Error {
    tracing::error!(%error, "the key for signatures cannot be made or read");
    internal_failure()
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("cert_url", &self.cert_url).finish_non_exhaustive()
    }
}
