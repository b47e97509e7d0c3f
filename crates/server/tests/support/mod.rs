#![allow(dead_code, reason = "each test file uses its part of it")]
//! A server with a service of three operations, and a client that sends bytes and shows what came back.

use std::net::SocketAddr;
use std::sync::Arc;

use aws::Call;
use bytes::Bytes;
use clock::Clock;
use http::Response;
use http::request::Parts;
use server::{Application, Server, Settings, Surface, SurfaceFuture, Visit};
use service::{
    Error, Handler, OperationSchema, Refusal, ReplyFuture, Service, ServiceSchema, WireProtocol,
    internal_failure, start,
};
use shape::{
    Kind, Member, ReadShape, Reader, Sink, Source, StructureSchema, Unreadable, Violation, WriteShape,
    write_optional,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinHandle;

static TEXT: StructureSchema = StructureSchema {
    name: "Text",
    members: &[Member { name: "Text", query: "Text", kind: Kind::String, required: false, checks: &[] }],
};

#[derive(Default)]
struct Text {
    text: Option<String>,
}

impl ReadShape for Text {
    fn schema() -> &'static StructureSchema {
        &TEXT
    }

    fn read_member(&mut self, _: usize, reader: &mut Reader<'_>) -> Result<(), Unreadable> {
        self.text = Some(reader.value()?);
        Ok(())
    }
}

impl WriteShape for Text {
    fn schema(&self) -> &'static StructureSchema {
        &TEXT
    }

    fn write_members(&self, sink: &mut dyn Sink) {
        write_optional(sink, &TEXT.members[0], self.text.as_ref());
    }
}

macro_rules! operation {
    ($name:ident = $text:literal) => {
        static $name: OperationSchema = OperationSchema {
            name: $text,
            input: &TEXT,
            output: &TEXT,
            result_wrapper: Some(concat!($text, "Result")),
            errors: &[],
        };
    };
}

operation!(ECHO = "Echo");
operation!(WHO = "Who");
operation!(PANIC = "Panic");
operation!(WAIT = "Wait");

static SCHEMA: ServiceSchema = ServiceSchema {
    name: "sample",
    target_prefix: Some("Sample"),
    version: "2026-01-01",
    xml_namespace: "http://sample/",
    error_namespace: "com.sample#",
    query_compatible: true,
    protocols: &[WireProtocol::AwsJson10, WireProtocol::AwsQuery],
    operations: &[&ECHO, &WHO, &PANIC, &WAIT],
};

/// Echoes, says who calls, panics, and waits to be released.
pub(crate) struct Sample {
    released: watch::Sender<bool>,
    /// Told when somebody waits.
    pub(crate) waits: Notify,
}

async fn echo(_: &Sample, _: &Call, input: Text) -> Result<Text, Error> {
    Ok(input)
}

async fn who(_: &Sample, call: &Call, _: Text) -> Result<Text, Error> {
    Ok(Text { text: Some(format!("{} {} {}", call.account, call.region, call.base_url)) })
}

async fn panic(_: &Sample, _: &Call, input: Text) -> Result<Text, Error> {
    panic!("{:?}", input.text)
}

async fn wait(sample: &Sample, _: &Call, _: Text) -> Result<Text, Error> {
    let mut released = sample.released.subscribe();
    sample.waits.notify_one();
    let _ = released.wait_for(|released| *released).await;
    Ok(Text { text: Some("released".into()) })
}

static HANDLERS: &[Handler<Sample>] = &[
    Handler { operation: &ECHO, start: |s, c, i| start(s, c, i, echo) },
    Handler { operation: &WHO, start: |s, c, i| start(s, c, i, who) },
    Handler { operation: &PANIC, start: |s, c, i| start(s, c, i, panic) },
    Handler { operation: &WAIT, start: |s, c, i| start(s, c, i, wait) },
];

impl Service for Sample {
    fn schema(&self) -> &'static ServiceSchema {
        &SCHEMA
    }

    fn start<'a>(
        &'a self,
        operation: &'static OperationSchema,
        call: &'a Call,
        input: &mut dyn Source,
    ) -> Result<ReplyFuture<'a>, Refusal> {
        let handler = HANDLERS.iter().find(|handler| std::ptr::eq(handler.operation, operation));
        (handler.expect("one of ours").start)(self, call, input)
    }

    fn refuse(&self, _: &[Violation], _: &Call) -> Error {
        internal_failure()
    }

    fn path_parameters(&self, _: &str, path: &str, _: &Call) -> Result<Vec<(&'static str, String)>, Error> {
        Ok(vec![("Text", path.to_owned())])
    }
}

struct Page;

impl Surface for Page {
    fn owns(&self, parts: &Parts) -> bool {
        parts.uri.path() == "/page"
    }

    fn answer(&self, visit: Visit) -> SurfaceFuture<'_> {
        Box::pin(async move { Response::new(Bytes::from(format!("page for {}", visit.call.account))) })
    }
}

/// A running server.
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) sample: Arc<Sample>,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        // 2026-11-20T20:40:00Z
        let mut settings = Settings::new(Clock::steered(1_795_207_200_000));
        change(&mut settings);
        let sample = Arc::new(Sample { released: watch::Sender::new(false), waits: Notify::new() });
        let for_release = Arc::clone(&sample);
        let application = Application {
            services: vec![Arc::clone(&sample) as Arc<dyn Service>],
            surface: Some(Arc::new(Page)),
            release_waiting: Box::new(move || _ = for_release.released.send_replace(true)),
        };
        let server = Server::bind(&[([127, 0, 0, 1], 0).into()], settings, application).await.unwrap();
        let address = server.addresses()[0];
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(server.run(async { drop(stopped.await) }));
        Self { address, sample, stop: Some(stop), running }
    }

    /// A connection.
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends these bytes on a connection of their own, and gives all that comes back until the server hangs up.
    pub(crate) async fn send(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // The server may hang up before it has read everything.
        let _ = stream.write_all(bytes.as_ref()).await;
        rest(&mut stream).await
    }

    /// Tells the server to stop.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Returns when the server has stopped.
    pub(crate) async fn stopped(self) {
        self.running.await.unwrap();
    }
}

/// All that comes until the server hangs up.
pub(crate) async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// All that comes until `end` does.
pub(crate) async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end.as_bytes()) {
        match stream.read_u8().await {
            Ok(byte) => bytes.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A JSON request, without the empty line that ends its head.
pub(crate) fn head(operation: &str) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost:4566\r\nX-Amz-Target: Sample.{operation}\r\n\
         Content-Type: application/x-amz-json-1.0\r\n"
    )
}

/// A whole JSON request.
pub(crate) fn json(operation: &str, more_headers: &str, body: &str) -> String {
    format!("{}{more_headers}Content-Length: {}\r\n\r\n{body}", head(operation), body.len())
}

/// The status code of an answer.
pub(crate) fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

/// The body of an answer.
pub(crate) fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}
