//! ListQueues.

use aws::Call;
use service::Error;

use crate::Sqs;
use crate::api::inputs::ListQueuesInput;
use crate::api::outputs::ListQueuesOutput;
use crate::rules::page::{self, check_max_results};

pub(crate) async fn list_queues(
    sqs: &Sqs,
    call: &Call,
    input: ListQueuesInput,
) -> Result<ListQueuesOutput, Error> {
    let most = check_max_results(input.max_results, 1000)?;
    let prefix = input.queue_name_prefix.unwrap_or_default();
    let (account, region) = (call.account.clone(), call.region.clone());
    let mut names = sqs
        .write(move |ledger| {
            let keys = ledger.registry.by_key.keys();
            let listed = keys.filter(|key| {
                key.account == account && key.region == region && key.name.starts_with(&prefix)
            });
            Ok(listed.cloned().collect::<Vec<_>>())
        })
        .await?;
    names.sort_by(|a, b| a.name.cmp(&b.name));
    let page = page::cut(names, most, input.next_token.as_deref(), |key| &key.name)?;
    let urls: Vec<String> = page.items.iter().map(|key| key.url(call)).collect();
    Ok(ListQueuesOutput { queue_urls: (!urls.is_empty()).then_some(urls), next_token: page.next_token })
}
