//! The HTTP endpoint: it outlives every kill, now and then turns a delivery away, and enters what it accepts.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::{Source, Stage};

/// One delivery in so many is answered 500 and must come again.
const TURNED_AWAY: u64 = 12;

/// Starts the endpoint on a free port; it serves until the task is aborted or the runtime ends.
pub(super) async fn start<S: Source>(
    stage: &Rc<Stage<S>>,
) -> io::Result<(SocketAddr, tokio::task::JoinHandle<()>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let stage = Rc::clone(stage);
    let serving = tokio::task::spawn_local(async move {
        // Accepting fails when the machine is out of sockets; deliveries then fail, and are owed at the end.
        while let Ok((stream, _)) = listener.accept().await {
            let stage = Rc::clone(&stage);
            tokio::task::spawn_local(async move {
                let answer = service_fn(|request| answer(&stage, request));
                // A connection that breaks off is the server being killed.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    });
    Ok((address, serving))
}

async fn answer<S: Source>(
    stage: &Stage<S>,
    request: Request<Incoming>,
) -> Result<Response<Empty<Bytes>>, hyper::Error> {
    let (head, body) = request.into_parts();
    // A body that breaks off was never delivered.
    let body = body.collect().await?.to_bytes();
    let opened = stage.source.open_call(&head.headers, &String::from_utf8_lossy(&body));
    let mut response = Response::new(Empty::new());
    if let Some(opened) = opened {
        if stage.roll(TURNED_AWAY) == 0 {
            stage.turned_away.set(stage.turned_away.get() + 1);
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        } else if opened.key().is_none() || opened.key() != stage.forgotten.get() {
            stage.ledger.borrow_mut().arrived(S::PLAN.hook(), None, &opened);
        }
    }
    Ok(response)
}
