//! ReceiveMessage: short and long polling.

use std::sync::Arc;

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sqs;
use crate::api::inputs::ReceiveMessageInput;
use crate::api::outputs::ReceiveMessageOutput;
use crate::api::types::Message;
use crate::errors::{attempt_is_not_retryable, invalid_value, over_limit};
use crate::ledger::Ledger;
use crate::messages::Delivered;
use crate::rules::queue_url::QueueKey;
use crate::rules::receipt_handle::ReceiptHandle;
use crate::rules::{fifo, receive};
use crate::sqs::Limits;
use crate::store::attempts::{self, Receipt};
use crate::store::messages::StateRow;
use crate::waiters::{Waiters, WokenUp};

/// A receive, checked.
#[derive(Clone, Debug)]
struct Wanted {
    most: usize,
    visibility_secs: Option<i64>,
    /// How long the caller waits; without it the queue says.
    wait_secs: Option<i64>,
    attempt_id: Option<String>,
}

/// What one look at the queue gave.
struct Look {
    delivered: Vec<Delivered>,
    fifo: bool,
    queue_id: i64,
    wait_secs: i64,
    waiters: Arc<Waiters>,
    /// There was so much to expire or dead-letter that the look ended before it found a message.
    unfinished: bool,
}

pub(crate) async fn receive_message(
    sqs: &Sqs,
    call: &Call,
    input: ReceiveMessageInput,
) -> Result<ReceiveMessageOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    let wait_secs = input.wait_time_seconds.map(i64::from);
    if let Some(secs) = wait_secs.filter(|secs| !(0..=20).contains(secs)) {
        return Err(invalid_value(secs, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided."));
    }
    let wanted = check(&input, wait_secs)?;
    let filter = receive::Filter::new(
        [input.attribute_names, input.message_system_attribute_names]
            .into_iter()
            .flatten()
            .flatten()
            .collect(),
        input.message_attribute_names.unwrap_or_default(),
    )?;
    let mut look = look_once(sqs, call, &key, wanted.clone()).await?;
    let mut closing = sqs.closing();
    let mut out_of_time = look.wait_secs == 0 || *closing.borrow();
    // One timer for the whole wait: a look that finds nothing must not prolong it.
    let mut timeout = std::pin::pin!(sqs.clock.wait_ms(look.wait_secs * 1000));
    let mut woken_up = None;
    while look.delivered.is_empty() && (!out_of_time || look.unfinished) {
        let parked = look.waiters.park();
        let mut woken = std::pin::pin!(parked.woken());
        // Registered before the look, so that a message that comes between look and wait wakes us.
        woken.as_mut().enable();
        look = look_once(sqs, call, &key, wanted.clone()).await?;
        if let Some(wake) = woken_up.take() {
            WokenUp::served(wake);
        }
        // A queue of that name may be another queue by now.
        if !look.delivered.is_empty() || out_of_time || look.unfinished || !parked.waits_on(&look.waiters) {
            continue;
        }
        tokio::select! {
            () = woken => woken_up = Some(WokenUp::new(&look.waiters)),
            () = &mut timeout => out_of_time = true,
            _ = closing.changed() => out_of_time = true,
        }
        // However the wait ended, there is one more look.
        look.unfinished |= out_of_time;
    }
    Ok(answer(look, &filter))
}

fn check(input: &ReceiveMessageInput, wait_secs: Option<i64>) -> Result<Wanted, Error> {
    let most = input.max_number_of_messages.unwrap_or(1);
    let most = usize::try_from(most).ok().filter(|most| (1..=10).contains(most)).ok_or_else(|| {
        invalid_value(most, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
    })?;
    let visibility_secs = input.visibility_timeout.map(i64::from);
    if let Some(secs) = visibility_secs.filter(|secs| !(0..=43_200).contains(secs)) {
        return Err(invalid_value(secs, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided."));
    }
    if let Some(id) = &input.receive_request_attempt_id {
        fifo::check_id("ReceiveRequestAttemptId", id)?;
    }
    Ok(Wanted { most, visibility_secs, wait_secs, attempt_id: input.receive_request_attempt_id.clone() })
}

async fn look_once(sqs: &Sqs, call: &Call, key: &QueueKey, wanted: Wanted) -> Result<Look, Error> {
    let (key, wire, limits) = (key.clone(), call.wire, sqs.options.limits);
    sqs.write(move |ledger| {
        let id = ledger.find(&key, wire)?;
        receive(ledger, id, &wanted, limits)
    })
    .await
}

fn receive(ledger: &mut Ledger<'_>, id: i64, wanted: &Wanted, limits: Limits) -> Result<Look, Failure> {
    let queue = ledger.queue(id)?;
    let fifo = queue.settings.fifo;
    let hidden_ms = wanted.visibility_secs.unwrap_or(queue.settings.visibility_secs) * 1000;
    let counts = queue.index.counts();
    let limit = if fifo { limits.fifo_in_flight } else { limits.standard_in_flight };
    let room = limit.saturating_sub(counts.in_flight);
    let wait_secs = wanted.wait_secs.unwrap_or(queue.settings.receive_wait_secs);
    let waiters = Arc::clone(&queue.waiters);
    let nothing = Look { delivered: Vec::new(), fifo, queue_id: id, wait_secs, waiters, unfinished: false };
    // Standard queues take an attempt id and make nothing of it.
    if fifo && let Some(delivered) = repeat_attempt(ledger, id, wanted, hidden_ms)? {
        return Ok(Look { delivered, ..nothing });
    }
    if counts.visible == 0 {
        ledger.set_alarm(id);
        return Ok(nothing);
    }
    if room == 0 {
        ledger.set_alarm(id);
        nothing.waiters.starve();
        // AWS: only a short poll of a standard queue is told.
        return if fifo || wait_secs > 0 { Ok(nothing) } else { Err(over_limit(limit).into()) };
    }
    ledger.touch(id);
    let delivered = ledger.deliver(id, wanted.most.min(room), hidden_ms)?;
    if hidden_ms == 0 {
        // They are still there for the next poll, and nothing else would tell it.
        ledger.wake(id, delivered.len());
    }
    if fifo {
        remember_attempt(ledger, id, wanted, &delivered, hidden_ms)?;
    }
    let unfinished = delivered.is_empty() && ledger.queue(id)?.index.peek().is_some();
    if delivered.is_empty() {
        ledger.set_alarm(id);
    }
    Ok(Look { delivered, unfinished, ..nothing })
}

/// Answers a repeated attempt with the messages of the first and hides them anew, while all of them are as the
/// first left them. Once their visibility timeout has passed, the attempt is a new one.
fn repeat_attempt(
    ledger: &mut Ledger<'_>,
    id: i64,
    wanted: &Wanted,
    hidden_ms: i64,
) -> Result<Option<Vec<Delivered>>, Failure> {
    let Some(attempt_id) = &wanted.attempt_id else { return Ok(None) };
    let now_ms = ledger.now_ms();
    let Some(receipts) = attempts::select(ledger.tx, id, attempt_id, now_ms)? else { return Ok(None) };
    if receipts.iter().any(|receipt| receipt.visible_at_ms <= now_ms) {
        return Ok(None);
    }
    let mut states = Vec::with_capacity(receipts.len());
    for receipt in receipts {
        let state = ledger.state(id, receipt.seq)?;
        let same = |state: &StateRow| {
            state.received == receipt.received && state.visible_at_ms == receipt.visible_at_ms
        };
        let state = state.filter(same).ok_or_else(|| attempt_is_not_retryable(attempt_id))?;
        states.push((receipt.seq, state));
    }
    ledger.touch(id);
    let mut delivered = Vec::with_capacity(states.len());
    for (seq, state) in states {
        delivered.push(ledger.deliver_again(seq, &state, hidden_ms)?);
    }
    remember_attempt(ledger, id, wanted, &delivered, hidden_ms)?;
    Ok(Some(delivered))
}

fn remember_attempt(
    ledger: &mut Ledger<'_>,
    id: i64,
    wanted: &Wanted,
    delivered: &[Delivered],
    hidden_ms: i64,
) -> Result<(), Failure> {
    let Some(attempt_id) = wanted.attempt_id.as_ref().filter(|_| !delivered.is_empty()) else {
        return Ok(());
    };
    let visible_at_ms = ledger.now_ms().saturating_add(hidden_ms);
    let receipt =
        |message: &Delivered| Receipt { seq: message.seq, received: message.claimed.received, visible_at_ms };
    let receipts: Vec<Receipt> = delivered.iter().map(receipt).collect();
    let expires_at_ms = ledger.now_ms() + fifo::DEDUPLICATION_WINDOW_MS;
    Ok(attempts::insert(ledger.tx, id, attempt_id, &receipts, expires_at_ms)?)
}

fn answer(look: Look, filter: &receive::Filter) -> ReceiveMessageOutput {
    let (queue_id, fifo) = (look.queue_id, look.fifo);
    let messages: Vec<Message> =
        look.delivered.into_iter().map(|delivered| give(delivered, queue_id, fifo, filter)).collect();
    ReceiveMessageOutput { messages: (!messages.is_empty()).then_some(messages) }
}

fn give(delivered: Delivered, queue_id: i64, fifo: bool, filter: &receive::Filter) -> Message {
    let handle = ReceiptHandle { queue_id, seq: delivered.seq, received: delivered.claimed.received };
    filter.message(delivered, handle.encode(), fifo)
}
