//! SendMessage.

use aws::Call;
use service::Error;

use crate::Sqs;
use crate::api::inputs::SendMessageInput;
use crate::api::outputs::SendMessageOutput;
use crate::messages::message_id_text;
use crate::rules::digest::hex;
use crate::rules::draft::{Draft, Sending};
use crate::rules::fifo::sequence_number;
use crate::store::messages::Then;

pub(crate) async fn send_message(
    sqs: &Sqs,
    call: &Call,
    input: SendMessageInput,
) -> Result<SendMessageOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    let body = sqs.body(input.message_body);
    let draft = Draft::check(
        call,
        Sending {
            operation: "SendMessage",
            body: body.clone(),
            delay_secs: input.delay_seconds,
            attributes: input.message_attributes,
            system_attributes: input.message_system_attributes,
            group_id: input.message_group_id,
            deduplication_id: input.message_deduplication_id,
        },
    )?;
    let md5_of_message_attributes = draft.attributes_md5.map(|digest| hex(&digest));
    let md5_of_message_system_attributes = draft.system_attributes_md5.map(|digest| hex(&digest));
    let message_id = sqs.clock.uuid_v4().into_bytes();
    let wire = call.wire;
    let (accepted, fifo) = sqs
        .write(move |ledger| {
            let queue = ledger.find(&key, wire)?;
            let fifo = ledger.queue(queue)?.settings.fifo;
            let accepted = ledger.accept(queue, draft, message_id, Then::Done)?;
            ledger.wake(queue, 1);
            Ok((accepted, fifo))
        })
        .await?;
    Ok(SendMessageOutput {
        md5_of_message_body: Some(hex(&body.md5())),
        md5_of_message_attributes,
        md5_of_message_system_attributes,
        message_id: Some(message_id_text(accepted.message_id)),
        sequence_number: fifo.then(|| sequence_number(accepted.seq)),
    })
}
