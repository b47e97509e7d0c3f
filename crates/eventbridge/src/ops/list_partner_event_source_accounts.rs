//! ListPartnerEventSourceAccounts.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::ListPartnerEventSourceAccountsInput;
use crate::api::outputs::ListPartnerEventSourceAccountsOutput;
use crate::api::types::PartnerEventSourceAccount;
use crate::errors::event_source_does_not_exist;
use crate::rules::page;
use crate::store::partner_sources as sources;

pub(crate) async fn list_partner_event_source_accounts(
    events: &EventBridge,
    call: &Call,
    input: ListPartnerEventSourceAccountsInput,
) -> Result<ListPartnerEventSourceAccountsOutput, Error> {
    let (call, name) = (call.clone(), input.event_source_name);
    let rows = events
        .write(move |ledger| {
            ledger.expire_event_sources()?;
            let rows = sources::select_offered(ledger.tx, &call.region, &name, &call.account)?;
            if rows.is_empty() { Err(event_source_does_not_exist(&name).into()) } else { Ok(rows) }
        })
        .await?;
    let page = page::cut(rows, input.limit, input.next_token.as_deref(), |row| row.customer.as_str())?;
    let accounts = page.items.into_iter().map(|row| PartnerEventSourceAccount {
        account: Some(row.customer.to_string()),
        creation_time: Some(row.created_at_ms),
        expiration_time: row.expires_at_ms,
        state: Some(row.state.as_str().to_owned()),
    });
    Ok(ListPartnerEventSourceAccountsOutput {
        partner_event_source_accounts: Some(accounts.collect()),
        next_token: page.next_token,
    })
}
