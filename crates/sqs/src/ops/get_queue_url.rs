//! GetQueueUrl.

use aws::{AccountId, Call};
use service::Error;

use crate::Sqs;
use crate::api::inputs::GetQueueUrlInput;
use crate::api::outputs::GetQueueUrlOutput;
use crate::errors::queue_of_another_account_does_not_exist;
use crate::rules::queue_url::QueueKey;

pub(crate) async fn get_queue_url(
    sqs: &Sqs,
    call: &Call,
    input: GetQueueUrlInput,
) -> Result<GetQueueUrlOutput, Error> {
    let mut key = QueueKey::of_caller(call, &input.queue_name);
    if let Some(owner) = input.queue_owner_aws_account_id {
        key.account = AccountId::parse(&owner).ok_or_else(queue_of_another_account_does_not_exist)?;
    }
    let (wire, own) = (call.wire, key.account == call.account);
    let queue_url = key.url(call);
    sqs.write(move |ledger| {
        let found = ledger.find(&key, wire).map(drop);
        Ok(if own { found } else { found.map_err(|_| queue_of_another_account_does_not_exist()) }?)
    })
    .await?;
    Ok(GetQueueUrlOutput { queue_url: Some(queue_url) })
}
