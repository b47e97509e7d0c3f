//! The HTTP client: one request, one connection, to an address that was checked.
//!
//! Redirects are not followed, proxies not asked, cookies not kept. A name is resolved once; every address it has is
//! checked ([`egress`]), and the connection is made to a checked address, so that a name that changes its mind in between
//! (DNS rebinding) leads nowhere.

mod egress;
mod exchange;
mod talk;
mod tls;
mod url;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::{Egress, Options};
pub use exchange::{FetchError, OutgoingRequest, Response};
pub(crate) use url::{Destination, redact};

/// The HTTP client.
pub(crate) struct Client {
    egress: Egress,
    ca_file: Option<PathBuf>,
    own: RwLock<Vec<SocketAddr>>,
    /// Made for the first `https` URL: a hundred certificates are not needed by everybody.
    tls: OnceLock<Result<Arc<ClientConfig>, String>>,
}

impl Client {
    pub(crate) fn new(egress: Egress, ca_file: Option<PathBuf>) -> Self {
        Self { egress, ca_file, own: RwLock::default(), tls: OnceLock::new() }
    }

    pub(crate) fn set_own_addresses(&self, addresses: &[SocketAddr]) {
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = addresses.to_vec();
    }

    /// Makes a request. `timeout` is for all of it, from the name to the last byte that is read; it is real time, for a
    /// peer's patience is not to be steered.
    pub(crate) async fn fetch(
        &self,
        request: &OutgoingRequest,
        timeout: Duration,
    ) -> Result<Response, FetchError> {
        match tokio::time::timeout(timeout, self.exchange(request)).await {
            Ok(answered) => answered,
            Err(_) => {
                let message = format!("no answer within {} ms", timeout.as_millis());
                Err(FetchError { retry: true, timed_out: true, message })
            }
        }
    }

    async fn exchange(&self, request: &OutgoingRequest) -> Result<Response, FetchError> {
        let to = Destination::parse(&request.url).map_err(FetchError::permanent)?;
        let outgoing = talk::request(request, &to)?;
        let addresses = self.resolve(&to).await?;
        let stream = connect(&addresses).await?;
        if !to.https {
            return talk::converse(stream, outgoing).await;
        }
        let config = self.tls.get_or_init(|| tls::config(self.ca_file.as_deref()));
        let config = config.as_ref().map_err(|error| FetchError::permanent(error.as_str()))?;
        let name = ServerName::try_from(to.host.clone())
            .map_err(|_| FetchError::permanent("the host has no name a certificate could be for"))?;
        let stream = TlsConnector::from(Arc::clone(config)).connect(name, stream).await;
        let stream = stream.map_err(|error| FetchError::passing(format!("no TLS connection: {error}")))?;
        talk::converse(stream, outgoing).await
    }

    /// The addresses of a host that may be called.
    async fn resolve(&self, to: &Destination) -> Result<Vec<SocketAddr>, FetchError> {
        if self.egress == Egress::Deny {
            return Err(FetchError::permanent("calls to the outside are not allowed: egress is deny"));
        }
        let found = match known(&to.host) {
            Some(addresses) => addresses.into_iter().map(|ip| SocketAddr::new(ip, to.port)).collect(),
            None => look_up(to).await?,
        };
        let mut refused = None;
        let mut addresses = Vec::new();
        for address in found {
            match egress::refusal(self.egress, address.ip()) {
                Some(why) => refused = Some(format!("calls to {} are not allowed: {why}", address.ip())),
                None => addresses.push(address),
            }
        }
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        if addresses.iter().any(|address| egress::is_own(&own, *address, &to.path_and_query)) {
            return Err(FetchError::permanent("Fanlight does not call itself"));
        }
        match refused {
            Some(refused) if addresses.is_empty() => Err(FetchError::permanent(refused)),
            _ if addresses.is_empty() => Err(FetchError::passing("the host has no address".to_owned())),
            _ => Ok(addresses),
        }
    }
}

/// What need not be looked up: addresses, and the names of this machine, which a container without `/etc/hosts` or a
/// laptop without a network does not know.
fn known(host: &str) -> Option<Vec<IpAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Some(vec![address]);
    }
    let host = host.trim_end_matches('.');
    let local = ["localhost", "localhost.localstack.cloud"]
        .into_iter()
        .any(|name| host == name || host.strip_suffix(name).is_some_and(|below| below.ends_with('.')));
    local.then(|| vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)])
}

async fn look_up(to: &Destination) -> Result<Vec<SocketAddr>, FetchError> {
    let found = tokio::net::lookup_host((to.host.as_str(), to.port)).await;
    let found = found.map_err(|error| FetchError::passing(format!("the host is not found: {error}")))?;
    Ok(found.collect())
}

/// A connection to the first address that takes one.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, FetchError> {
    let mut last = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // One small request: waiting for more to send would only delay it.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = Some(format!("no connection to {address}: {error}")),
        }
    }
    Err(FetchError::passing(last.unwrap_or_else(|| "the host has no address".to_owned())))
}

impl FetchError {
    pub(crate) fn permanent(message: impl Into<String>) -> Self {
        Self { retry: false, timed_out: false, message: message.into() }
    }

    pub(crate) fn passing(message: String) -> Self {
        Self { retry: true, timed_out: false, message }
    }
}

impl Options {
    /// Whether what is configured can be used; if not, a sentence for the person who wrote it.
    pub fn check(&self) -> Result<(), String> {
        if self.ca_file.is_some() {
            tls::config(self.ca_file.as_deref())?;
        }
        for (service, url) in &self.endpoints {
            Destination::parse(url).map_err(|wrong| format!("the endpoint of {service}: {wrong}"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn names_of_this_machine_need_no_resolver() {
        for (host, local) in [
            ("localhost", true),
            ("localhost.", true),
            ("hooks.localhost", true),
            ("sqs.us-east-1.localhost.localstack.cloud", true),
            ("127.0.0.1", true),
            ("notlocalhost", false),
            ("localhost.example.com", false),
        ] {
            let loopback = known(host).is_some_and(|found| found.iter().all(|address| address.is_loopback()));
            assert_eq!(loopback, local, "{host}");
        }
    }
}
