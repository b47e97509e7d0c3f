//! One HTTP/1.1 conversation on a connection.

use std::pin::pin;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Destination, FetchError, OutgoingRequest, Response};

/// The head of an answer may not be longer.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// What is read of a body; nobody needs more of an answer.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// What the connection and not the poster decides about.
const OURS: [&str; 8] = [
    "host",
    "content-length",
    "transfer-encoding",
    "upgrade",
    "te",
    "trailer",
    "keep-alive",
    "proxy-connection",
];

/// The request as it goes over the wire.
pub(super) fn request(
    request: &OutgoingRequest,
    to: &Destination,
) -> Result<Request<Full<Bytes>>, FetchError> {
    let wrong = |what: String| FetchError::permanent(what);
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| wrong(format!("{:?} is not a method", request.method)))?;
    let path: Uri = to.path_and_query.parse().map_err(|_| wrong("the URL cannot be read".to_owned()))?;
    let mut outgoing = Request::new(Full::new(Bytes::copy_from_slice(&request.body)));
    *outgoing.method_mut() = method;
    *outgoing.uri_mut() = path;
    let headers = outgoing.headers_mut();
    let host = HeaderValue::from_str(&to.authority);
    headers.insert(HOST, host.map_err(|_| wrong("the URL cannot be read".to_owned()))?);
    for (name, value) in &request.headers {
        if OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
            continue;
        }
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| wrong(format!("{name:?} is not the name of a header")))?;
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| wrong(format!("the header {name} has a value that cannot be sent")))?;
        // More headers than a request can have are more than anybody meant.
        headers.try_append(header, value).map_err(|_| wrong("there are too many headers".to_owned()))?;
    }
    if let Some(basic) = &to.basic
        && !headers.contains_key(AUTHORIZATION)
        && let Ok(mut value) = HeaderValue::from_str(basic)
    {
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(outgoing)
}

/// Sends the request and reads the answer.
pub(super) async fn converse<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Response, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let handshake = http1::Builder::new().max_buf_size(HEAD_BYTES_MAX).handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(broken)?;
    let mut connection = pin!(connection);
    let mut conversation = pin!(async move {
        let response = sender.send_request(request).await.map_err(broken)?;
        read(response).await
    });
    tokio::select! {
        answered = &mut conversation => answered,
        // The peer may have closed after its answer, which is still to be read.
        _ = &mut connection => conversation.await,
    }
}

async fn read(response: hyper::Response<Incoming>) -> Result<Response, FetchError> {
    let status = response.status().as_u16();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let mut incoming = response.into_body();
    let mut body = Vec::new();
    while body.len() < BODY_BYTES_MAX
        && let Some(frame) = incoming.frame().await
    {
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            let room = BODY_BYTES_MAX - body.len();
            body.extend_from_slice(data.get(..room).unwrap_or(&data));
        }
    }
    Ok(Response { status, headers, body })
}

fn broken(error: hyper::Error) -> FetchError {
    let message = if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        "the connection was closed before there was an answer".to_owned()
    } else {
        format!("the answer cannot be read: {error}")
    };
    FetchError::passing(message)
}
