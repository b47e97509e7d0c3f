//! `fanlight serve`: from the flags to `Ready.`, and to the end.

use std::io::{self, Write};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::{ServeFlags, Settled, environment, logs};
use crate::config::localstack;
use crate::{Config, Server, StartError};

/// A signal ends the process within a second.
const SHUTDOWN_MAX: Duration = Duration::from_millis(950);

/// Serves until the process is told to stop.
pub fn run(flags: ServeFlags) -> Result<(), StartError> {
    let Settled { config, log, workers } = flags.settle()?;
    logs::start(log);
    for sentence in environment::unknown().into_iter().chain(localstack::read().left_out) {
        tracing::warn!("{sentence}");
    }
    // As many connections as the server takes need as many file descriptors, and shells give out 1,024. What cannot
    // be had is done without: the accept loop waits when it runs out.
    let _ = rlimit::increase_nofile_limit(65_536);
    let runtime = runtime(workers)?;
    let served = runtime.block_on(serve(config));
    // Whatever still runs waits for a peer; nobody waits for it.
    runtime.shutdown_background();
    served
}

fn runtime(workers: usize) -> io::Result<Runtime> {
    let mut builder = if workers == 1 { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    if workers > 1 {
        builder.worker_threads(workers);
    }
    builder.enable_all().build()
}

async fn serve(config: Config) -> Result<(), StartError> {
    // Before anybody is told that we are here: a signal must never find us unprepared.
    let told_to_stop = signal()?;
    let _file_limit = outlive_file_limit()?;
    let server = Server::start(config).await?;
    announce(&server.url())?;
    tracing::info!(url = server.url(), version = env!("CARGO_PKG_VERSION"), "serving");
    told_to_stop.await;
    tracing::info!("stopping");
    // What is committed is kept whether or not the log is tidied up in time.
    if tokio::time::timeout(SHUTDOWN_MAX, server.shutdown()).await.is_err() {
        tracing::warn!("stopped before the database was tidied up; nothing is lost");
    }
    Ok(())
}

/// Scripts and test containers wait for these two lines.
fn announce(url: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{url}\nReady.")?;
    stdout.flush()
}

#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// A file that reaches the limit of its size ends the process, unless somebody listens for the signal; then it is a write
/// that fails, which is told to whoever asked for it.
#[cfg(unix)]
fn outlive_file_limit() -> io::Result<tokio::signal::unix::Signal> {
    /// On Linux, macOS and the BSDs.
    const SIGXFSZ: i32 = 25;
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(SIGXFSZ))
}

#[cfg(not(unix))]
fn outlive_file_limit() -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a way to be told, we are not told.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
