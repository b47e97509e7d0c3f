//! The yardstick: a bare hyper 1 server on one thread that reads a body and answers 200 with fixed bytes.
//!
//! Everything Fanlight does for a message, it does on top of this much.

use std::convert::Infallible;
use std::io::{self, Read, Write};
use std::net::Ipv4Addr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// As long as an answer to SendMessage.
const ANSWER: &[u8] = br#"{"MessageId":"6b1f3b9e-0c1c-4b0a-9f0e-6f4f3b6f2a11","MD5OfMessageBody":"d41d8cd98f00b204e9800998ecf8427e"}"#;

/// Serves until stdin ends, which is when the benchmark that started it is gone.
///
/// # Errors
/// When no port can be had.
pub fn serve() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    std::thread::spawn(|| {
        // Any end of stdin, also a broken one, means that nobody wants this server any more.
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        writeln!(io::stdout(), "http://{}\nReady.", listener.local_addr()?)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(async move {
                // A client that hangs up is the normal end of a connection here.
                let _ =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await;
            });
        }
    })
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    // A body that breaks off ends the connection anyway.
    let _ = request.into_body().collect().await;
    let mut response = Response::new(Full::new(Bytes::from_static(ANSWER)));
    response.headers_mut().insert(
        hyper::header::CONTENT_TYPE,
        hyper::header::HeaderValue::from_static("application/x-amz-json-1.0"),
    );
    Ok(response)
}
