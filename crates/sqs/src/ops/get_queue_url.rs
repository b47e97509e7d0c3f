//! GetQueueUrl.

use aws::{AccountId, Call};
use service::Error;

use crate::Sqs;
use crate::api::inputs::GetQueueUrlInput;
use crate::api::outputs::GetQueueUrlOutput;
use crate::errors::queue_does_not_exist;
use crate::rules::queue_url::QueueKey;

pub(crate) async fn get_queue_url(
    sqs: &Sqs,
    call: &Call,
    input: GetQueueUrlInput,
) -> Result<GetQueueUrlOutput, Error> {
    let mut key = QueueKey::of_caller(call, &input.queue_name);
    let wire = call.wire;
    if let Some(owner) = input.queue_owner_aws_account_id {
        key.account = AccountId::parse(&owner).ok_or_else(|| queue_does_not_exist(wire))?;
    }
    let queue_url = key.url(call);
    sqs.write(move |ledger| Ok(ledger.find(&key, wire).map(drop)?)).await?;
    Ok(GetQueueUrlOutput { queue_url: Some(queue_url) })
}
