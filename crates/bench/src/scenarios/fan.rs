//! What SNS and EventBridge have in common: one request, messages in many queues, and others that must get none.

use std::io;
use std::time::{Duration, Instant};

use bench::failure;
use bench::load::{self, Round};

use crate::lab::Subject;

/// A server that delivers after its answer gets this long to have delivered it all; it counts as time used.
const ARRIVED_WITHIN: Duration = Duration::from_secs(60);

/// A request that fans out.
pub(crate) struct Fan {
    pub(crate) request: Vec<u8>,
    /// Messages in it; each served queue gets so many.
    pub(crate) entries: u64,
    /// The URLs of the queues that get what is sent.
    pub(crate) served: Vec<String>,
    /// And of those that do not.
    pub(crate) filtered: Vec<String>,
}

impl Fan {
    /// Deliveries that one request makes.
    pub(crate) fn deliveries(&self) -> u64 {
        self.entries * self.served.len() as u64
    }

    /// Repeats the request for a while, until all of it has arrived. The messages of the round are the deliveries.
    pub(crate) async fn repeat(
        &self,
        subject: &Subject,
        connections: usize,
        span: Duration,
    ) -> io::Result<Round> {
        let (request, pid) = (self.request.clone(), subject.pid());
        let deliveries = self.deliveries();
        let mut round = load::repeat(&subject.endpoint, pid, connections, span, request, deliveries).await?;
        let begun = Instant::now();
        let answered = round.messages / deliveries;
        while !self.arrived(subject, answered * self.entries).await? {
            if begun.elapsed() > ARRIVED_WITHIN {
                return Err(failure("not every queue has what was sent"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            round.elapsed = span + begun.elapsed();
        }
        Ok(round)
    }

    /// Whether all queues that should have the messages have them, equally many. It is an error when another has.
    async fn arrived(&self, subject: &Subject, sent: u64) -> io::Result<bool> {
        for url in &self.filtered {
            if subject.count_of(url).await? != 0 {
                return Err(failure("a queue got a message that is not for it"));
            }
        }
        let mut first = None;
        for url in &self.served {
            let count = subject.count_of(url).await?;
            if count < sent || *first.get_or_insert(count) != count {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
