//! SetSubscriptionAttributes.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sns;
use crate::api::inputs::SetSubscriptionAttributesInput;
use crate::api::outputs::SetSubscriptionAttributesOutput;
use crate::errors::invalid_parameter;
use crate::ledger::Ledger;
use crate::rules::subscription_arn;
use crate::rules::subscription_attributes::Setter;
use crate::sns::Limits;
use crate::store::subscriptions;

pub(crate) async fn set_subscription_attributes(
    sns: &Sns,
    call: &Call,
    input: SetSubscriptionAttributesInput,
) -> Result<SetSubscriptionAttributesOutput, Error> {
    subscription_arn::check(&input.subscription_arn, call)?;
    let limits = sns.options.limits;
    sns.write(move |ledger| set(ledger, &input, &limits)).await?;
    Ok(SetSubscriptionAttributesOutput {})
}

fn set(
    ledger: &mut Ledger<'_>,
    input: &SetSubscriptionAttributesInput,
    limits: &Limits,
) -> Result<(), Failure> {
    let (topic_id, id) = ledger.find_living(&input.subscription_arn)?;
    let (topic, subscription) = (ledger.topic(topic_id)?, ledger.subscription(topic_id, id)?);
    let mut attributes = subscription.row.attributes.clone();
    let mut setter = Setter {
        protocol: &subscription.row.protocol,
        endpoint: &subscription.row.endpoint,
        fifo_topic: topic.settings.fifo,
        attributes: &mut attributes,
    };
    let name = input.attribute_name.as_str();
    setter.set(name, input.attribute_value.as_deref()).map_err(service::Error::from)?;
    let has = |name: &str| attributes.contains_key(name);
    if has("FilterPolicy") && !subscription.row.attributes.contains_key("FilterPolicy") {
        ledger.check_room_for_filter(topic, limits)?;
    }
    let replay = name == "ReplayPolicy" && has("ReplayPolicy");
    if replay && topic.settings.archive_days.is_none() {
        return Err(invalid_parameter(crate::subscriptions::NO_ARCHIVE).into());
    }
    subscriptions::set_attributes(ledger.tx, id, &attributes)?;
    let subscription = ledger.subscription_mut(topic_id, id)?;
    subscription.row.attributes = attributes;
    subscription.reread();
    if name == "ReplayPolicy" {
        ledger.begin_replay(topic_id, id)?;
    }
    Ok(())
}
