//! The closed loop: N connections on one thread, each sending its next request when the last was answered.

use std::future::Future;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::http::{Connection, Endpoint};
use crate::{failure, usage};

/// Latencies in nanoseconds, three digits, up to a minute.
pub type Latencies = Histogram<u64>;

const LATENCY_NANOS_MAX: u64 = 60_000_000_000;

/// Caches, branch predictors and the write-ahead log get this long before counting begins.
const WARM_UP: Duration = Duration::from_millis(300);

/// What one round measured.
#[derive(Debug)]
pub struct Round {
    /// Messages (for the yardstick: requests) that were answered.
    pub messages: u64,
    /// From the first counted request to the last answer.
    pub elapsed: Duration,
    /// CPU time the server used meanwhile, where it could be read.
    pub cpu: Option<Duration>,
    /// Latency of each request.
    pub latencies: Latencies,
}

impl Round {
    /// Messages a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.messages as f64 / self.elapsed.as_secs_f64()
    }

    /// Microseconds of server CPU a message.
    #[must_use]
    pub fn cpu_micros(&self) -> Option<f64> {
        let cpu = self.cpu?;
        (self.messages > 0).then(|| cpu.as_secs_f64() * 1e6 / self.messages as f64)
    }

    /// Microseconds at a quantile, such as 0.99.
    #[must_use]
    pub fn micros_at(&self, quantile: f64) -> f64 {
        self.latencies.value_at_quantile(quantile) as f64 / 1e3
    }
}

/// An empty histogram.
///
/// # Errors
/// Never in practice: the bounds are constants.
pub fn latencies() -> io::Result<Latencies> {
    Histogram::new_with_bounds(100, LATENCY_NANOS_MAX, 3).map_err(|error| failure(error.to_string()))
}

/// Adds one latency; what is longer than a minute counts as a minute.
pub fn record(latencies: &mut Latencies, latency: Duration) {
    let nanos = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
    latencies.saturating_record(nanos);
}

/// Runs one future per connection on this thread until all end, and hands back what each returned.
///
/// # Errors
/// The first error of any.
pub async fn each_connection<T, F>(
    connections: usize,
    mut start: impl FnMut(usize) -> F,
) -> io::Result<Vec<T>>
where
    T: 'static,
    F: Future<Output = io::Result<T>> + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..connections {
        tasks.spawn_local(start(number));
    }
    let mut results = Vec::with_capacity(connections);
    while let Some(result) = tasks.join_next().await {
        results.push(result.map_err(|error| failure(error.to_string()))??);
    }
    Ok(results)
}

/// Repeats one request over `connections` for `span` after a short warm-up.
///
/// # Errors
/// When a connection breaks or an answer is not 200.
pub async fn repeat(
    endpoint: &Endpoint,
    pid: Option<u32>,
    connections: usize,
    span: Duration,
    request: Vec<u8>,
    messages_per_request: u64,
) -> io::Result<Round> {
    let request: Rc<[u8]> = request.into();
    let begun = Instant::now() + WARM_UP;
    let end = begun + span;
    let workers = each_connection(connections, |_| {
        let (endpoint, request) = (endpoint.clone(), Rc::clone(&request));
        async move { repeat_one(&endpoint, &request, begun, end).await }
    });
    let cpu = async {
        tokio::time::sleep_until(begun.into()).await;
        let before = pid.map(usage::cpu).transpose()?;
        tokio::time::sleep_until(end.into()).await;
        let after = pid.map(usage::cpu).transpose()?;
        Ok::<_, io::Error>(after.zip(before).map(|(after, before)| after.saturating_sub(before)))
    };
    let (workers, cpu) = tokio::try_join!(workers, cpu)?;
    let mut all = latencies()?;
    for one in &workers {
        all.add(one).map_err(|error| failure(error.to_string()))?;
    }
    Ok(Round { messages: all.len() * messages_per_request, elapsed: span, cpu, latencies: all })
}

/// One connection's share: counts the requests that were answered between `begun` and `end`.
async fn repeat_one(
    endpoint: &Endpoint,
    request: &[u8],
    begun: Instant,
    end: Instant,
) -> io::Result<Latencies> {
    let mut connection = Connection::open(endpoint).await?;
    let mut latencies = latencies()?;
    let mut sent = Instant::now();
    loop {
        let body = connection.call(request).await?.ok()?;
        if body.is_empty() {
            return Err(failure("an empty answer"));
        }
        let answered = Instant::now();
        if answered >= end {
            return Ok(latencies);
        }
        if answered >= begun {
            record(&mut latencies, answered - sent);
        }
        sent = answered;
    }
}
