//! The bench itself: the yardstick, a fresh server for each round, and the report.

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bench::http::{Connection, Endpoint};
use bench::load::{self, Round};
use bench::process::{Scratch, Server};
use bench::report::{Report, Row, Target, median};
use bench::{failure, scan, usage, wire};

/// How every scenario is run.
pub(crate) struct Settings {
    pub(crate) binary: PathBuf,
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) connections: Option<usize>,
    pub(crate) span: Duration,
    pub(crate) rounds: usize,
    pub(crate) messages: u64,
    pub(crate) backlog: u64,
    pub(crate) durability: String,
}

/// What the scenarios share.
pub(crate) struct Lab {
    pub(crate) settings: Settings,
    pub(crate) report: Report,
    bare: Server,
    /// Rate and CPU microseconds of every round of B, for the last row.
    b_rounds: RefCell<Vec<(f64, f64)>>,
    load_at_start: String,
}

impl Lab {
    pub(crate) fn new(settings: Settings) -> io::Result<Self> {
        let bare = Server::start(&std::env::current_exe()?, &["bare-server"])?;
        let load_at_start = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load_at_start = load_at_start.split_whitespace().next().unwrap_or("unknown").to_owned();
        Ok(Self { settings, report: Report::default(), bare, b_rounds: RefCell::default(), load_at_start })
    }

    /// The report, with B itself as its last row: ratios say nothing about a machine that was busy otherwise.
    pub(crate) fn finish(mut self) -> Report {
        let (rates, cpu): (Vec<f64>, Vec<f64>) = self.b_rounds.take().into_iter().unzip();
        let note = format!(
            "{:.1} µs of server CPU a request; load average {} at the start",
            median(&cpu),
            self.load_at_start
        );
        self.row("bare", "B: bare hyper, 1 KB in, 16 connections", "requests/s", rates, Target::Shown, note);
        self.report
    }

    /// One round of the yardstick. It is sent the very request that the server under test gets for a
    /// 1 KB SendMessage: same headers, same length, same generator.
    pub(crate) async fn bare_round(&self, connections: usize) -> io::Result<Round> {
        let endpoint = &self.bare.endpoint;
        let url = format!("http://{}/000000000000/bench", endpoint.host);
        let request = wire::send(endpoint, &url, &wire::text(1024));
        // The yardstick is steady; half the time is enough for it.
        let span = self.settings.span / 2;
        let round = load::repeat(endpoint, Some(self.bare.pid()), connections, span, request, 1).await?;
        if connections == 16 {
            self.b_rounds.borrow_mut().push((round.rate(), round.cpu_micros().unwrap_or(f64::NAN)));
        }
        Ok(round)
    }

    /// A server with nothing in it: one of its own, or the endpoint that was named.
    pub(crate) fn subject(&self) -> io::Result<Subject> {
        self.subject_with(&self.settings.durability)
    }

    pub(crate) fn subject_with(&self, durability: &str) -> io::Result<Subject> {
        self.subject_of(durability, None)
    }

    /// As [`Lab::subject`], with a configuration file of its own; a server that was named keeps the one it has.
    pub(crate) fn subject_configured(&self, config: &str) -> io::Result<Subject> {
        self.subject_of(&self.settings.durability, Some(config))
    }

    fn subject_of(&self, durability: &str, config: Option<&str>) -> io::Result<Subject> {
        if let Some(endpoint) = &self.settings.endpoint {
            return Ok(Subject { endpoint: endpoint.clone(), server: None, scratch: None });
        }
        let scratch = Scratch::new("bench")?;
        let config = match config {
            Some(text) => {
                let path = scratch.path().join("bench.toml");
                std::fs::write(&path, text)?;
                Some(path.to_string_lossy().into_owned())
            }
            None => None,
        };
        let data = scratch.path().to_string_lossy();
        let mut arguments = arguments(Some(&data), durability);
        if let Some(path) = &config {
            arguments.extend(["--config", path]);
        }
        let server = Server::start(&self.settings.binary, &arguments)?;
        Ok(Subject { endpoint: server.endpoint.clone(), server: Some(server), scratch: Some(scratch) })
    }

    /// Whether the server is ours to start, watch and stop.
    pub(crate) fn owns_server(&self) -> bool {
        self.settings.endpoint.is_none()
    }

    pub(crate) fn row(
        &mut self,
        scenario: &'static str,
        what: impl Into<String>,
        figure: &'static str,
        rounds: Vec<f64>,
        target: Target,
        note: String,
    ) {
        if !rounds.is_empty() {
            let digits = if figure.contains(['÷', '%', 'µ']) { 2 } else { 1 };
            self.report.rows.push(Row { scenario, what: what.into(), figure, rounds, digits, target, note });
        }
    }
}

/// Starts Fanlight on a free port; without a directory it is ephemeral.
pub(crate) fn start(binary: &Path, data: Option<&Path>, durability: &str) -> io::Result<Server> {
    let data = data.map(|path| path.to_string_lossy());
    Server::start(binary, &arguments(data.as_deref(), durability))
}

fn arguments<'a>(data: Option<&'a str>, durability: &'a str) -> Vec<&'a str> {
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--log", "error"];
    if let Some(data) = data {
        arguments.extend(["--data", data, "--durability", durability]);
    }
    arguments
}

/// The server under test, for one round.
pub(crate) struct Subject {
    pub(crate) endpoint: Endpoint,
    server: Option<Server>,
    // Dropped after the server, which has its files open in there.
    scratch: Option<Scratch>,
}

impl Subject {
    pub(crate) fn pid(&self) -> Option<u32> {
        self.server.as_ref().map(Server::pid)
    }

    pub(crate) fn cpu(&self) -> io::Result<Option<Duration>> {
        self.pid().map(usage::cpu).transpose()
    }

    pub(crate) fn resident_mib(&self) -> io::Result<Option<f64>> {
        Ok(self.pid().map(usage::resident_bytes).transpose()?.map(|bytes| bytes as f64 / 1_048_576.0))
    }

    /// Stops the server and hands over its data directory.
    pub(crate) fn stop(mut self) -> io::Result<Scratch> {
        let (Some(server), Some(scratch)) = (self.server.take(), self.scratch.take()) else {
            return Err(failure("this server is not ours to stop"));
        };
        server.stop()?;
        Ok(scratch)
    }

    /// Creates a queue and says its URL; its name is [`fresh`]. `attributes` is the inside of a JSON object.
    pub(crate) async fn create_queue(&self, attributes: &str) -> io::Result<String> {
        let suffix = if attributes.contains("FifoQueue") { ".fifo" } else { "" };
        let name = fresh("queue") + suffix;
        let mut connection = Connection::open(&self.endpoint).await?;
        let body = format!(r#"{{"QueueName":"{name}","Attributes":{{{attributes}}}}}"#);
        let answer = connection.call(&wire::json(&self.endpoint, "CreateQueue", &body)).await?.ok()?;
        let url = scan::json_strings(answer, "QueueUrl").next();
        let url = url.ok_or_else(|| failure("CreateQueue answered without a QueueUrl"))?;
        Ok(String::from_utf8_lossy(url).replace("\\/", "/"))
    }

    /// One attribute of a queue.
    pub(crate) async fn queue_attribute(&self, queue_url: &str, name: &str) -> io::Result<String> {
        let mut connection = Connection::open(&self.endpoint).await?;
        let body = format!(r#"{{"QueueUrl":"{queue_url}","AttributeNames":["{name}"]}}"#);
        let answer = connection.call(&wire::json(&self.endpoint, "GetQueueAttributes", &body)).await?.ok()?;
        let value = scan::json_strings(answer, name).next();
        let value = value.ok_or_else(|| failure(format!("GetQueueAttributes answered without {name}")))?;
        Ok(String::from_utf8_lossy(value).into_owned())
    }

    /// How many messages wait in a queue.
    pub(crate) async fn count_of(&self, queue_url: &str) -> io::Result<u64> {
        let count = self.queue_attribute(queue_url, "ApproximateNumberOfMessages").await?;
        count.parse().map_err(|_| failure(format!("{count:?} is no number of messages")))
    }

    /// Fills a queue with `count` messages of 1 KB, by batches over 16 connections.
    pub(crate) async fn fill(&self, queue_url: &str, count: u64) -> io::Result<()> {
        let request: std::rc::Rc<[u8]> =
            wire::send_batch(&self.endpoint, queue_url, &wire::text(1024), 10).into();
        let batches = count / 10;
        load::each_connection(16, |number| {
            let (endpoint, request) = (self.endpoint.clone(), std::rc::Rc::clone(&request));
            let share = batches / 16 + u64::from((number as u64) < batches % 16);
            async move {
                let mut connection = Connection::open(&endpoint).await?;
                for _ in 0..share {
                    let body = connection.call(&request).await?.ok()?;
                    if scan::count(body, "\"MessageId\"") != 10 {
                        return Err(failure("SendMessageBatch refused an entry"));
                    }
                }
                Ok(())
            }
        })
        .await
        .map(drop)
    }
}

/// A name that nothing has on a server that was named, where earlier rounds and runs leave what they made.
pub(crate) fn fresh(stem: &str) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    format!("bench-{stem}-{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed))
}

/// Collects one value a round, of what could be measured.
pub(crate) fn push_ratio(values: &mut Vec<f64>, ours: Option<f64>, bare: Option<f64>) {
    if let (Some(ours), Some(bare)) = (ours, bare)
        && bare > 0.0
    {
        values.push(ours / bare);
    }
}
