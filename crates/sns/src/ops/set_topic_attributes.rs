//! SetTopicAttributes.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sns;
use crate::api::inputs::SetTopicAttributesInput;
use crate::api::outputs::SetTopicAttributesOutput;
use crate::ledger::Ledger;
use crate::rules::topic_arn;
use crate::rules::topic_attributes::{self, SetAttributes};
use crate::store::topics;

pub(crate) async fn set_topic_attributes(
    sns: &Sns,
    call: &Call,
    input: SetTopicAttributesInput,
) -> Result<SetTopicAttributesOutput, Error> {
    let key = topic_arn::parse("TopicArn", &input.topic_arn, call)?;
    let value = input.attribute_value.unwrap_or_default();
    sns.write(move |ledger| {
        let id = ledger.find(&key)?;
        let now_ms = ledger.now_ms();
        let topic = ledger.topic(id)?;
        let (fifo, mut attributes) = (topic.settings.fifo, topic.row.attributes.clone());
        topic_attributes::set(&mut attributes, fifo, &input.attribute_name, &value, now_ms)
            .map_err(Error::from)?;
        if input.attribute_name == "MaximumMessageSize" {
            topic.check_size(value.parse().unwrap_or_default(), now_ms)?;
        }
        replace(ledger, id, attributes)
    })
    .await?;
    Ok(SetTopicAttributesOutput {})
}

/// Gives a topic other attributes.
pub(super) fn replace(ledger: &mut Ledger<'_>, id: i64, attributes: SetAttributes) -> Result<(), Failure> {
    topics::set_attributes(ledger.tx, id, &attributes)?;
    let topic = ledger.topic_mut(id)?;
    topic.row.attributes = attributes;
    topic.reread();
    Ok(())
}
