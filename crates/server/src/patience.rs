//! A socket that gives up on a reader who does not read, and lets a refused writer finish in peace.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// How long, and how much, a refused writer may go on: enough for any body a test would send by mistake.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The socket of one connection.
pub(crate) struct Patient {
    inner: TokioIo<TcpStream>,
    write_timeout: Duration,
    /// Runs only while a write waits, or while the end is awaited.
    deadline: Option<Pin<Box<Sleep>>>,
    /// Set when a body was refused unread. Closing a socket with unread data resets it, and the reset overtakes the
    /// answer; so what is still coming is read and thrown away first. Without it, the same is done for whoever is
    /// found to be talking still.
    lingers: Arc<AtomicBool>,
    lingered_bytes: usize,
    shut: bool,
}

impl Patient {
    pub(crate) fn new(stream: TcpStream, write_timeout: Duration, lingers: Arc<AtomicBool>) -> Self {
        Self {
            inner: TokioIo::new(stream),
            write_timeout,
            deadline: None,
            lingers,
            lingered_bytes: 0,
            shut: false,
        }
    }

    /// Whether the deadline, which starts with the first question, has passed.
    fn is_over(&mut self, limit: Duration, context: &mut Context<'_>) -> bool {
        #[expect(clippy::disallowed_methods, reason = "patience with a peer is not to be steered by tests")]
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        deadline.as_mut().poll(context).is_ready()
    }

    fn progress<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        if self.is_over(self.write_timeout, context) {
            return Poll::Ready(Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the client does not read its answer",
            )));
        }
        Poll::Pending
    }

    /// Whether nothing was refused, and nothing more came.
    fn is_silent(&self) -> bool {
        self.lingered_bytes == 0 && !self.lingers.load(Ordering::Relaxed)
    }

    /// Reads and forgets, until the peer is done or has had its chance.
    fn drain(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut bytes = [0_u8; 16 * 1024];
        while self.lingered_bytes < LINGER_BYTES_MAX {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.inner).poll_read(context, buffer.unfilled()) {
                Poll::Pending if self.is_silent() || self.is_over(LINGER, context) => break,
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(_)) => break,
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => break,
                Poll::Ready(Ok(())) => self.lingered_bytes += buffer.filled().len(),
            }
        }
        Poll::Ready(())
    }
}

impl Read for Patient {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_read(context, buffer)
    }
}

impl Write for Patient {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write(context, bytes);
        this.progress(written, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write_vectored(context, slices);
        this.progress(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.shut {
            ready!(Pin::new(&mut this.inner).poll_shutdown(context))?;
            this.shut = true;
            this.deadline = None;
        }
        this.drain(context).map(Ok)
    }
}
