//! GetSubscriptionAttributes.

use aws::Call;
use service::Error;
use shape::Map;

use crate::api::inputs::GetSubscriptionAttributesInput;
use crate::api::outputs::GetSubscriptionAttributesOutput;
use crate::registry::{Subscription, Topic};
use crate::rules::delivery_policy::effective_subscription_json;
use crate::rules::subscription_arn;
use crate::subscriptions::principal;
use crate::{Sns, archive};

pub(crate) async fn get_subscription_attributes(
    sns: &Sns,
    call: &Call,
    input: GetSubscriptionAttributesInput,
) -> Result<GetSubscriptionAttributesOutput, Error> {
    let arn = input.subscription_arn;
    subscription_arn::check(&arn, call)?;
    let attributes = sns.write(move |ledger| {
        let (topic_id, id) = ledger.find_living(&arn)?;
        let mut attributes = shown(ledger.topic(topic_id)?, ledger.subscription(topic_id, id)?);
        if let Some(status) = archive::replay_status(ledger.tx, id)? {
            attributes.insert("ReplayStatus", status.to_owned());
        }
        Ok(attributes)
    });
    Ok(GetSubscriptionAttributesOutput { attributes: Some(attributes.await?) })
}

fn shown(topic: &Topic, subscription: &Subscription) -> Map<String> {
    let row = &subscription.row;
    let mut shown = Map::new();
    shown.insert("ConfirmationWasAuthenticated", row.authenticated.to_string());
    shown.insert("Endpoint", row.endpoint.clone());
    shown.insert("Owner", row.owner.to_string());
    shown.insert("PendingConfirmation", row.pending.to_string());
    shown.insert("Protocol", row.protocol.clone());
    shown.insert("RawMessageDelivery", subscription.settings.raw.to_string());
    shown.insert("SubscriptionArn", subscription.arn.clone());
    shown.insert("SubscriptionPrincipal", principal(&row.owner));
    shown.insert("TopicArn", topic.arn.clone());
    let filtered = row.attributes.contains_key("FilterPolicy");
    for (name, value) in &row.attributes {
        // A scope says nothing without a policy (recorded: `test_set_subscription_filter_policy_scope`).
        if name != "RawMessageDelivery" && (filtered || name != "FilterPolicyScope") {
            shown.insert(name, value.clone());
        }
    }
    if filtered && !shown.contains_key("FilterPolicyScope") {
        shown.insert("FilterPolicyScope", "MessageAttributes".to_owned());
    }
    if matches!(row.protocol.as_str(), "http" | "https") {
        let of_topic = topic.row.attributes.get("DeliveryPolicy").map(String::as_str);
        let own = row.attributes.get("DeliveryPolicy").map(String::as_str);
        shown.insert("EffectiveDeliveryPolicy", effective_subscription_json(of_topic, own));
    }
    shown
}
