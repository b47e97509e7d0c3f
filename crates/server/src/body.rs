//! Reading a body, within limits.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use crate::Limits;

/// How much is set aside for a body that says how long it is. The rest is taken when it really comes.
const CAPACITY_MAX: usize = 256 * 1024;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is longer than allowed. Nothing of it, or not all of it, was read.
    TooLarge,
    /// It took longer than allowed.
    TooSlow,
    /// The connection or the framing broke.
    Broken,
}

/// Reads the whole body.
pub(crate) async fn read(body: Incoming, limits: &Limits) -> Result<Bytes, Unread> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > limits.body_bytes_max as u64 {
        // Not even begun: a caller that waits for `100 Continue` is told before it sends.
        return Err(Unread::TooLarge);
    }
    let mut reading = pin!(collect(body, limits.body_bytes_max));
    // Most bodies came together with their headers, and need no timer.
    if let Poll::Ready(read) = poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await {
        return read;
    }
    timeout(limits.body_read_timeout, reading).await.unwrap_or(Err(Unread::TooSlow))
}

async fn collect(mut body: Incoming, bytes_max: usize) -> Result<Bytes, Unread> {
    let Some(first) = next(&mut body).await? else { return Ok(Bytes::new()) };
    if first.len() > bytes_max {
        return Err(Unread::TooLarge);
    }
    if body.is_end_stream() {
        return Ok(first);
    }
    let expected = first.len() as u64 + body.size_hint().lower();
    let capacity = usize::try_from(expected).unwrap_or(CAPACITY_MAX).min(CAPACITY_MAX).max(first.len() * 2);
    let mut whole = BytesMut::with_capacity(capacity);
    whole.extend_from_slice(&first);
    while let Some(more) = next(&mut body).await? {
        if more.len() > bytes_max - whole.len() {
            return Err(Unread::TooLarge);
        }
        whole.extend_from_slice(&more);
    }
    Ok(whole.freeze())
}

/// The next piece of data; trailers are read over.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, Unread> {
    loop {
        match body.frame().await {
            None => return Ok(None),
            Some(Err(_)) => return Err(Unread::Broken),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}
