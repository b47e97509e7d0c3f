//! An HTTP server that keeps what it is sent and answers as it was told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Received {
    /// The request line.
    pub(super) line: String,
    /// Names in small letters, and values.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Received {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

type Answers = Arc<Mutex<VecDeque<(u16, String)>>>;

pub(super) struct Receiver {
    address: SocketAddr,
    answers: Answers,
    requests: mpsc::UnboundedReceiver<Received>,
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answers = Answers::default();
        let (sender, requests) = mpsc::unbounded_channel();
        let told = Arc::clone(&answers);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&told), sender.clone()));
            }
        });
        Self { address, answers, requests }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What to answer next; when nothing is left, it is 200.
    pub(super) fn answer(&self, status: u16, body: &str) {
        self.answers.lock().unwrap().push_back((status, body.to_owned()));
    }

    pub(super) async fn request(&mut self) -> Received {
        let request = tokio::time::timeout(Duration::from_secs(10), self.requests.recv()).await;
        request.expect("nobody called").expect("the receiver is gone")
    }

    /// Nobody has called.
    pub(super) fn heard_nothing(&mut self) {
        let heard = self.requests.try_recv();
        assert!(heard.is_err(), "{heard:?}");
    }
}

async fn serve(mut stream: TcpStream, answers: Answers, requests: mpsc::UnboundedSender<Received>) {
    let Some(request) = read(&mut stream).await else { return };
    let (status, body) = answers.lock().unwrap().pop_front().unwrap_or((200, String::new()));
    let _ = requests.send(request);
    let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
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
    let body = String::from_utf8(bytes[head_ends + 4..].to_vec()).unwrap();
    Some(Received { line, headers, body })
}
