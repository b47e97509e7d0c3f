//! Listening, accepting, and stopping.

use std::future::{Future, poll_fn};
use std::io;
use std::net::{Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::app::{App, Application};
use crate::{Settings, connection};

/// How long requests in flight may take once we stop. The whole process has to be gone within a second.
pub const ON_SHUTDOWN_MAX: Duration = Duration::from_millis(700);

/// How long to wait after a failed accept: out of file descriptors, most likely, and some are about to be closed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A server that listens. Connections are accepted by the kernel from now on, and served once it runs.
pub struct Server {
    listeners: Vec<TcpListener>,
    addresses: Vec<SocketAddr>,
    app: Arc<App>,
}

/// Connections that wait in the kernel to be taken. One more has its first packet dropped and tries again after a second.
const BACKLOG: u32 = 4096;

/// Listens on an address.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // What is left of connections to a server that has just ended must not keep the next from its port. On Windows it
    // would let two servers share one.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

impl Server {
    /// Listens on every one of these addresses.
    pub async fn bind(
        addresses: &[SocketAddr],
        settings: Settings,
        application: Application,
    ) -> io::Result<Self> {
        let mut listeners = Vec::new();
        let mut bound = Vec::new();
        for address in addresses {
            let named = |error: io::Error| {
                io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
            };
            let listener = listen(*address).map_err(named)?;
            bound.push(listener.local_addr()?);
            listeners.push(listener);
        }
        let listens_to_network = bound.iter().any(|address| !address.ip().is_loopback());
        let app = Arc::new(App::new(settings, application, listens_to_network));
        let mut server = Self { listeners, addresses: bound, app };
        server.listen_to_the_other_loopback();
        Ok(server)
    }

    /// `localhost` means `::1` to half of all clients, and they ask there first. Where there is no such address, or
    /// somebody else has the port, they will find us at the other.
    fn listen_to_the_other_loopback(&mut self) {
        if let [SocketAddr::V4(address)] = self.addresses[..]
            && address.ip().is_loopback()
            && let Ok(listener) = listen((Ipv6Addr::LOCALHOST, address.port()).into())
        {
            self.listeners.push(listener);
        }
    }

    /// The addresses it was asked to listen on, with the ports it got.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Serves until `stop` is ready; then takes no more connections, lets services answer what waits, and returns
    /// when every answer is on its way, or after [`ON_SHUTDOWN_MAX`].
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let slots_max = self.app.limits().connections_max.min(u32::MAX as usize);
        let slots = Arc::new(Semaphore::new(slots_max));
        let (stopping, stopped) = watch::channel(false);
        let accepting =
            tokio::spawn(accept(self.listeners, Arc::clone(&self.app), Arc::clone(&slots), stopped));
        stop.await;
        accepting.abort();
        // It always ends in being cancelled, and the listeners are closed once it has.
        let _ = accepting.await;
        stopping.send_replace(true);
        self.app.release_waiting();
        let all = u32::try_from(slots_max).unwrap_or(u32::MAX);
        if timeout(ON_SHUTDOWN_MAX, slots.acquire_many(all)).await.is_err() {
            tracing::warn!("stopped with requests unanswered");
        }
    }
}

async fn accept(
    listeners: Vec<TcpListener>,
    app: Arc<App>,
    slots: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
) {
    loop {
        // Taken before accepting: beyond the limit, connections wait in the kernel and cost us nothing.
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        match next(&listeners).await {
            Ok((stream, peer)) => {
                let serving = connection::serve(stream, peer, Arc::clone(&app), stopped.clone());
                tokio::spawn(async move {
                    serving.await;
                    drop(slot);
                });
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections");
                #[expect(clippy::disallowed_methods, reason = "the kernel does not follow a steered clock")]
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// The next connection to any of them. One loop for all: a loop each would hold a slot each, and wait.
async fn next(listeners: &[TcpListener]) -> io::Result<(TcpStream, SocketAddr)> {
    poll_fn(|context| {
        for listener in listeners {
            if let Poll::Ready(accepted) = listener.poll_accept(context) {
                return Poll::Ready(accepted);
            }
        }
        Poll::Pending
    })
    .await
}

/// Whether the next accept may well succeed at once.
fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
