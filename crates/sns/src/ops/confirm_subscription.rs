//! ConfirmSubscription. Mostly it is a link that somebody opens: nobody signed it.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sns;
use crate::api::inputs::ConfirmSubscriptionInput;
use crate::api::outputs::ConfirmSubscriptionOutput;
use crate::errors::{invalid_parameter, malformed_token};
use crate::ledger::Ledger;
use crate::rules::subscription_arn::topic_of_link;
use crate::rules::subscription_token::{LIFETIME_MS, is_well_formed};
use crate::store::{farewells, subscriptions};

pub(crate) async fn confirm_subscription(
    sns: &Sns,
    call: &Call,
    input: ConfirmSubscriptionInput,
) -> Result<ConfirmSubscriptionOutput, Error> {
    let key = topic_of_link(&input.topic_arn, call)?;
    if !is_well_formed(&input.token) {
        return Err(malformed_token());
    }
    let authenticated = call.access_key.is_some();
    // AWS: API_ConfirmSubscription, "if … true and the request has an Amazon Web Services signature".
    let lock = authenticated && on_unsubscribe(input.authenticate_on_unsubscribe.as_deref())?;
    let token = input.token;
    let arn = sns.write(move |ledger| {
        let topic_id = ledger.find(&key)?;
        let id = find(ledger, topic_id, &token)?;
        let row = &mut ledger.subscription_mut(topic_id, id)?.row;
        let first = row.pending;
        row.pending = false;
        row.authenticated |= authenticated;
        row.locked |= lock;
        let subscription = ledger.subscription(topic_id, id)?;
        subscriptions::set_standing(ledger.tx, &subscription.row)?;
        let arn = subscription.arn.clone();
        if first {
            ledger.begin_replay(topic_id, id)?;
        }
        Ok(arn)
    });
    Ok(ConfirmSubscriptionOutput { subscription_arn: Some(arn.await?) })
}

fn on_unsubscribe(text: Option<&str>) -> Result<bool, Error> {
    match text.map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(invalid_parameter("AuthenticateOnUnsubscribe")),
    }
}

/// The id of the subscription a token confirms. The token of a goodbye brings the subscription back.
fn find(ledger: &mut Ledger<'_>, topic_id: i64, token: &str) -> Result<i64, Failure> {
    let now_ms = ledger.now_ms();
    let topic = ledger.topic(topic_id)?;
    if let Some(subscription) = topic.subscription_of_token(token).filter(|found| !found.is_over(now_ms)) {
        return Ok(subscription.row.id);
    }
    let row = farewells::select(ledger.tx, topic_id, token, now_ms.saturating_sub(LIFETIME_MS))?;
    let Some(mut row) = row else { return Err(invalid_parameter("Token").into()) };
    // Meanwhile somebody may have subscribed the endpoint anew, or the topic takes what it does not.
    let found = topic.subscription_of(&row.protocol, &row.endpoint).map(|found| found.row.id);
    if found.is_none() {
        topic.check_protocol(&row.protocol)?;
    }
    farewells::delete(ledger.tx, token)?;
    if let Some(id) = found {
        return Ok(id);
    }
    row.created_at_ms = now_ms;
    ledger.add_subscription(row)
}
