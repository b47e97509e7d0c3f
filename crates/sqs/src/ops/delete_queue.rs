//! DeleteQueue.

use aws::Call;
use service::Error;

use crate::Sqs;
use crate::api::inputs::DeleteQueueInput;
use crate::api::outputs::DeleteQueueOutput;
use crate::store::queues;

pub(crate) async fn delete_queue(
    sqs: &Sqs,
    call: &Call,
    input: DeleteQueueInput,
) -> Result<DeleteQueueOutput, Error> {
    let key = sqs.own_key(&input.queue_url, call, "DeleteQueue")?;
    let wire = call.wire;
    sqs.write(move |ledger| {
        let id = ledger.find(&key, wire)?;
        queues::remember_deleted(ledger.tx, &key, ledger.now_ms())?;
        ledger.delete_queue(id)
    })
    .await?;
    sqs.work.notify_one();
    Ok(DeleteQueueOutput {})
}
