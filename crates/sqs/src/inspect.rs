//! Looking at messages without receiving them: nothing is claimed, counted or changed.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sqs;
use crate::api::types::Message;
use crate::ledger::Ledger;
use crate::messages::Delivered;
use crate::rules::receive::Filter;
use crate::store::messages::Claimed;

/// A handle that stands where a receive's would; it receives nothing and deletes nothing.
const NO_HANDLE: &str = "SQS/BACKDOOR/ACCESS";

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A receive would get it, or (FIFO) will get it after the messages before it.
    Visible,
    /// Sent with a delay that has not passed.
    Delayed,
    /// Received and not deleted; hidden until its visibility timeout ends.
    InFlight,
}

/// A message and where it stands.
#[derive(Clone, Debug)]
pub struct InspectedMessage {
    /// The message as ReceiveMessage with every attribute would answer it, with a handle that does nothing.
    pub message: Message,
    /// Where it stands.
    pub state: State,
    /// Until when it is hidden, in epoch milliseconds; in the past when it is visible.
    pub visible_at_ms: i64,
}

/// The messages of a queue.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The queue's ARN.
    pub queue_arn: String,
    /// Its messages in the order of acceptance.
    pub messages: Vec<InspectedMessage>,
}

/// More messages or bytes of bodies than this are not shown at once: everyone else waits while they are read.
const MESSAGES_MAX: usize = 10_000;
const BYTES_MAX: usize = 16 << 20;

impl Sqs {
    /// The messages of the queue a caller means by a URL.
    pub async fn inspect(&self, call: &Call, queue_url: &str) -> Result<Inspected, Error> {
        let key = self.key(queue_url, call)?;
        let wire = call.wire;
        self.write(move |ledger| {
            let id = ledger.find(&key, wire)?;
            let messages = inspect(ledger, id)?;
            Ok(Inspected { queue_arn: key.arn(), messages })
        })
        .await
    }
}

fn inspect(ledger: &mut Ledger<'_>, id: i64) -> Result<Vec<InspectedMessage>, Failure> {
    let now_ms = ledger.now_ms();
    let queue = ledger.exact_queue(id)?;
    let fifo = queue.settings.fifo;
    let mut places = queue.index.places();
    places.sort_by_key(|((_, seq), _)| *seq);
    places.truncate(MESSAGES_MAX);
    let everything = Filter::everything();
    let mut messages = Vec::with_capacity(places.len());
    let mut bytes = 0;
    for ((visible_at_ms, seq), _) in places {
        let (message, state) = ledger.read(seq)?;
        bytes += message.body.len();
        if bytes > BYTES_MAX && !messages.is_empty() {
            break;
        }
        let claimed = Claimed {
            received: state.received,
            first_received_at_ms: state.first_received_at_ms,
            group_id: state.group_id,
        };
        let shown = match (visible_at_ms > now_ms, claimed.received) {
            (false, _) => State::Visible,
            (true, 0) => State::Delayed,
            (true, _) => State::InFlight,
        };
        let delivered = Delivered { seq, sent_at_ms: state.sent_at_ms, message, claimed };
        let message = everything.message(delivered, NO_HANDLE.to_owned(), fifo);
        messages.push(InspectedMessage { message, state: shown, visible_at_ms });
    }
    Ok(messages)
}
