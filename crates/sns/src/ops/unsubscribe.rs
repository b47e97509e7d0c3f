//! Unsubscribe. A link in every message leads here, so it may be unsigned.

use aws::{AccountId, Call};
use failure::Failure;
use service::Error;

use crate::Sns;
use crate::api::inputs::UnsubscribeInput;
use crate::api::outputs::UnsubscribeOutput;
use crate::envelope::Kind;
use crate::errors::{not_authorized_to_unsubscribe, pending_subscription_cannot_be_ended};
use crate::invitation::{About, Invitation};
use crate::ledger::Ledger;
use crate::registry::Subscription;
use crate::rules::subscription_token::LIFETIME_MS;
use crate::rules::{subscription_arn, subscription_token};
use crate::store::farewells;
use crate::subscriptions::principal;

pub(crate) async fn unsubscribe(
    sns: &Sns,
    call: &Call,
    input: UnsubscribeInput,
) -> Result<UnsubscribeOutput, Error> {
    let arn = input.subscription_arn;
    subscription_arn::check(&arn, call)?;
    let caller = call.access_key.is_some().then(|| call.account.clone());
    let goodbye = goodbye(sns, call, &arn).await?;
    sns.write(move |ledger| end(ledger, &arn, caller.as_ref(), goodbye.as_ref())).await?;
    Ok(UnsubscribeOutput {})
}

/// What the endpoint is told. AWS: an HTTP/S endpoint always is; API_Unsubscribe: others are, if somebody else than the
/// owner ended the subscription. An address is told so here if the link was opened.
async fn goodbye(sns: &Sns, call: &Call, arn: &str) -> Result<Option<Invitation>, Error> {
    let (topic, signature_version) = {
        let registry = sns.shared.lock();
        let Some((topic, subscription)) = registry.subscription(arn) else { return Ok(None) };
        let told = match subscription.row.protocol.as_str() {
            "http" | "https" => true,
            "email" | "email-json" => call.access_key.is_none(),
            _ => false,
        };
        if !told || subscription.row.pending {
            return Ok(None);
        }
        (topic.row.key.clone(), topic.settings.signature_version)
    };
    let token = subscription_token::fresh(&sns.clock);
    let about = About { topic: &topic, subscription_arn: arn, signature_version };
    Invitation::write(sns, call, Kind::UnsubscribeConfirmation, token, about).await.map(Some)
}

/// Ends a subscription. Ending what is not there is no error (recorded: `test_unsubscribe_idempotency`).
fn end(
    ledger: &mut Ledger<'_>,
    arn: &str,
    caller: Option<&AccountId>,
    goodbye: Option<&Invitation>,
) -> Result<(), Failure> {
    let Ok((topic_id, id)) = ledger.find_subscription(arn) else { return Ok(()) };
    let (topic, subscription) = (ledger.topic(topic_id)?, ledger.subscription(topic_id, id)?);
    // What nobody confirmed in time is as good as gone.
    if subscription.row.pending && !subscription.is_over(ledger.now_ms()) {
        return Err(pending_subscription_cannot_be_ended().into());
    }
    let owners = [&topic.row.key.account, &subscription.row.owner];
    if subscription.row.locked && !caller.is_some_and(|caller| owners.contains(&caller)) {
        let who = caller.map_or_else(|| "anonymous".to_owned(), principal);
        return Err(not_authorized_to_unsubscribe(&who, arn).into());
    }
    let row = subscription.row.clone();
    ledger.delete_subscription(topic_id, id)?;
    let Some(goodbye) = goodbye.filter(|_| !row.pending) else { return Ok(()) };
    farewells::delete_old(ledger.tx, ledger.now_ms().saturating_sub(LIFETIME_MS))?;
    farewells::insert(ledger.tx, &goodbye.token, &row)?;
    let topic = ledger.topic(topic_id)?;
    let ended = Subscription::new(&topic.arn, row);
    goodbye.send(ledger, topic, &ended)
}
