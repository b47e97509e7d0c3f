//! Wiring: clock, store, services, pages, socket.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use clock::Clock;
use delivery::{Authorizer, Deliver, Deliveries};
use eventbridge::EventBridge;
use server::{Application, Settings};
use service::Service;
use sns::Sns;
use sqs::Sqs;
use storage::{Durability, Location, Store};
use sts::Sts;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::Config;
use crate::config::ConfigError;
use crate::pages::Pages;

/// Why a server did not start; one sentence for the person who started it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// What was configured makes no sense.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory or the database in it cannot be used.
    #[error(transparent)]
    Open(#[from] storage::OpenError),
    /// What the database holds cannot be read.
    #[error("cannot read the database: {0}")]
    Load(#[from] storage::Error),
    /// The address cannot be listened on.
    #[error(transparent)]
    Listen(#[from] std::io::Error),
}

/// A running server. It stops when it is told to, or when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    clock: Clock,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
}

impl Server {
    /// Opens the store, starts the services and listens. Connections are accepted when this returns. Needs a tokio
    /// runtime with time and io.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let clock = config.clock.clone();
        config.deliveries.check().map_err(ConfigError)?;
        let store = open(&config)?;
        let sqs = Sqs::open(store.clone(), clock.clone(), config.sqs).await?;
        let deliveries = Deliveries::open(store.clone(), clock.clone(), config.deliveries).await?;
        deliveries.introduce("sqs", &(Arc::clone(&sqs) as Arc<dyn Deliver>));
        let sns = Sns::open(store.clone(), clock.clone(), Arc::clone(&deliveries), config.sns).await?;
        deliveries.introduce("sns", &(Arc::clone(&sns) as Arc<dyn Deliver>));
        let events =
            EventBridge::open(store.clone(), clock.clone(), Arc::clone(&deliveries), config.events).await?;
        deliveries.introduce_authorizer("events", &(Arc::clone(&events) as Arc<dyn Authorizer>));
        let pages = Pages {
            clock: clock.clone(),
            store: store.clone(),
            sqs: Arc::clone(&sqs),
            sns: Arc::clone(&sns),
            events: Arc::clone(&events),
            deliveries: Arc::clone(&deliveries),
        };
        // An unsigned request that names only an action means the first service that has it.
        let services: Vec<Arc<dyn Service>> = vec![
            Arc::clone(&sqs) as Arc<dyn Service>,
            Arc::clone(&sns) as Arc<dyn Service>,
            Arc::clone(&events) as Arc<dyn Service>,
            Arc::new(Sts),
        ];
        let outside = Arc::clone(&deliveries);
        let application = Application {
            services,
            surface: Some(Arc::new(pages)),
            release_waiting: Box::new(move || {
                sqs.shutdown();
                events.shutdown();
                outside.shutdown();
            }),
        };
        let settings = Settings {
            region: config.region,
            account: config.account,
            keys: config.keys,
            hosts: config.hosts,
            allow_origins: config.allow_origins,
            ..Settings::new(clock.clone())
        };
        let server = server::Server::bind(&config.listen, settings, application).await?;
        deliveries.set_own_addresses(server.addresses());
        let address = server.addresses().first().copied().ok_or_else(nowhere)?;
        sns.set_own_url(&url_of(address));
        deliveries.start();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(async move {
            // A dropped sender is a dropped `Server`: also a reason to stop.
            server.run(async { drop(stopped.await) }).await;
            deliveries.stopped().await;
            store.close().await;
        });
        Ok(Self { address, clock, stop: Some(stop), running: Some(running) })
    }

    /// The address it listens on; of several, the first.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL to give to clients on this machine.
    pub fn url(&self) -> String {
        url_of(self.address)
    }

    /// Its clock, to be read and steered.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Answers open long polls, lets requests in flight finish, closes the store, and returns when all that is done.
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        if let Some(running) = self.running.take()
            && let Err(error) = running.await
        {
            tracing::error!(%error, "the server did not stop in order");
        }
    }
}

pub(crate) fn url_of(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

fn nowhere() -> ConfigError {
    ConfigError("there is no address to listen on".to_owned())
}

fn open(config: &Config) -> Result<Store, StartError> {
    let options = match (&config.data, config.durability) {
        (None, None | Some(Durability::None)) => storage::Options::ephemeral(config.clock.clone()),
        (None, Some(durability)) => {
            let problem =
                format!("durability {durability} needs a data directory to keep things in: add --data DIR");
            return Err(ConfigError(problem).into());
        }
        (Some(directory), durability) => storage::Options::new(
            Location::Directory(directory.clone()),
            durability.unwrap_or(Durability::Process),
            config.clock.clone(),
        ),
    };
    Ok(Store::open(
        options,
        &[sqs::MIGRATIONS, sns::MIGRATIONS, eventbridge::MIGRATIONS, delivery::MIGRATIONS],
    )?)
}
