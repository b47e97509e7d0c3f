//! Somebody to deliver to: takes whole requests off a real socket and answers as it was told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// What to do with a request.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// These bytes, and the end.
    Bytes(Vec<u8>),
    /// Nothing, for ever.
    Silence,
}

impl Answer {
    pub(super) fn status(status: u16) -> Self {
        Self::with(status, "", "")
    }

    pub(super) fn with(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::raw(&format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n{body}"))
    }

    pub(super) fn raw(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Received {
    /// The request line.
    pub(super) line: String,
    /// Names in small letters, and values, in order.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Received {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    requests: mpsc::UnboundedReceiver<Received>,
}

impl Receiver {
    /// Listens; whatever comes after the last answer is answered 200.
    pub(super) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answers: Arc<Mutex<VecDeque<Answer>>> = Arc::new(Mutex::new(answers.into_iter().collect()));
        let (sender, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answers), sender.clone()));
            }
        });
        Self { address, requests }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request; a test that waits in vain ends.
    pub(super) async fn request(&mut self) -> Received {
        let request = tokio::time::timeout(Duration::from_secs(10), self.requests.recv()).await;
        request.expect("nobody called").expect("the receiver is gone")
    }

    /// Nobody called, although everybody had the chance.
    pub(super) async fn heard_nothing(&mut self) {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let heard = self.requests.try_recv();
        assert!(heard.is_err(), "{heard:?}");
    }
}

/// Serves one request on a stream.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    requests: mpsc::UnboundedSender<Received>,
) {
    let Some(request) = read(&mut stream).await else { return };
    let answer = answers.lock().unwrap().pop_front().unwrap_or_else(|| Answer::status(200));
    let _ = requests.send(request);
    match answer {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Answer::Silence => std::future::pending::<()>().await,
    }
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_ends = loop {
        if let Some(place) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break place;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let head = String::from_utf8(bytes[..head_ends].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next()?.to_owned();
    let pair =
        |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: Vec<(String, String)> = lines.filter_map(pair).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < head_ends + 4 + length {
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    }
    Some(Received { line, headers, body: bytes[head_ends + 4..].to_vec() })
}
