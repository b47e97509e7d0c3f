//! DeleteTopic: the topic and its subscriptions. What is not there is deleted, too.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::DeleteTopicInput;
use crate::api::outputs::DeleteTopicOutput;
use crate::errors::topic_has_archive;
use crate::rules::topic_arn;

pub(crate) async fn delete_topic(
    sns: &Sns,
    call: &Call,
    input: DeleteTopicInput,
) -> Result<DeleteTopicOutput, Error> {
    let key = topic_arn::parse("TopicArn", &input.topic_arn, call)?;
    sns.write(move |ledger| {
        let Ok(id) = ledger.find(&key) else { return Ok(()) };
        // AWS: SNS Developer Guide, "Message archiving for FIFO topic owners": the archive policy goes first.
        if ledger.topic(id)?.settings.archive_days.is_some() {
            return Err(topic_has_archive().into());
        }
        ledger.delete_topic(id)
    })
    .await?;
    Ok(DeleteTopicOutput {})
}
