//! ListDeadLetterSourceQueues.

use aws::Call;
use service::Error;

use crate::Sqs;
use crate::api::inputs::ListDeadLetterSourceQueuesInput;
use crate::api::outputs::ListDeadLetterSourceQueuesOutput;
use crate::rules::page::{self, check_max_results};

pub(crate) async fn list_dead_letter_source_queues(
    sqs: &Sqs,
    call: &Call,
    input: ListDeadLetterSourceQueuesInput,
) -> Result<ListDeadLetterSourceQueuesOutput, Error> {
    let key = sqs.key(&input.queue_url, call)?;
    let most = check_max_results(input.max_results, 1000)?;
    let wire = call.wire;
    let mut sources = sqs
        .write(move |ledger| {
            let id = ledger.find(&key, wire)?;
            let arn = ledger.queue(id)?.arn.clone();
            Ok(ledger.sources_of(&arn).map(|queue| queue.row.key.clone()).collect::<Vec<_>>())
        })
        .await?;
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let page = page::cut(sources, most, input.next_token.as_deref(), |key| &key.name)?;
    Ok(ListDeadLetterSourceQueuesOutput {
        queue_urls: page.items.iter().map(|key| key.url(call)).collect(),
        next_token: page.next_token,
    })
}
