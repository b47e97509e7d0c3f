//! One connection: requests one after the other, until somebody has had enough.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::app::App;
use crate::patience::Patient;

/// What a request has to know of the connection it came by.
pub(crate) struct Line {
    /// Our end, as a client without a `Host` would have to write it.
    pub(crate) local: String,
    /// Set once a body was refused unread: the connection cannot be used again.
    pub(crate) spoiled: Arc<AtomicBool>,
}

/// Serves a connection to its end.
pub(crate) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    app: Arc<App>,
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small and waited for. A socket that refuses the option still works.
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr().map_or_else(|_| "localhost".to_owned(), |local| local.to_string());
    let line = Arc::new(Line { local, spoiled: Arc::new(AtomicBool::new(false)) });
    let socket = Patient::new(stream, app.limits().write_timeout, Arc::clone(&line.spoiled));
    let requests = {
        let app = Arc::clone(&app);
        service_fn(move |request| answer(Arc::clone(&app), Arc::clone(&line), request))
    };
    let mut connection = pin!(builder(&app).serve_connection(socket, requests));
    let mut stop = pin!(async move { stopping.wait_for(|stopping| *stopping).await.is_ok() });
    let mut stopped = false;
    let ended = poll_fn(|context| {
        if !stopped && stop.as_mut().poll(context).is_ready() {
            stopped = true;
            connection.as_mut().graceful_shutdown();
        }
        Pin::new(&mut connection).poll(context)
    })
    .await;
    if let Err(error) = ended {
        // TLS, HTTP/2, port scanners, clients that went away: all of it ends here, and none of it is ours to mend.
        tracing::debug!(%peer, %error, "connection ended");
    }
}

fn builder(app: &App) -> http1::Builder {
    let limits = app.limits();
    let mut builder = http1::Builder::new();
    builder
        // Without a timer the timeout would be ignored, silently.
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read_timeout)
        .max_buf_size(limits.head_bytes_max)
        .max_headers(limits.headers_max);
    // Not `pipeline_flush`: it holds back an answer as long as anything unread follows the request, even half a
    // request or the garbage the answer is about.
    builder
}

async fn answer(
    app: Arc<App>,
    line: Arc<Line>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = app.handle(request, &line).await;
    if line.spoiled.load(Ordering::Relaxed) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(Full::new))
}
