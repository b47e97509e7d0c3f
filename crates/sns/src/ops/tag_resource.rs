//! TagResource: tags of a topic are added or replaced.

use aws::Call;
use failure::Failure;
use service::Error;

use crate::Sns;
use crate::api::inputs::TagResourceInput;
use crate::api::outputs::TagResourceOutput;
use crate::errors::resource_does_not_exist;
use crate::ledger::Ledger;
use crate::rules::tags::{self, Tags};
use crate::rules::topic_arn::{self, TopicKey};
use crate::store::topics;

pub(crate) async fn tag_resource(
    sns: &Sns,
    call: &Call,
    input: TagResourceInput,
) -> Result<TagResourceOutput, Error> {
    let key = topic_arn::parse("ResourceArn", &input.resource_arn, call)?;
    let more = tags::read(input.tags)?;
    sns.write(move |ledger| {
        change_tags(ledger, &key, |tags| {
            tags.extend(more);
            tags::check_count(tags)
        })
    })
    .await?;
    Ok(TagResourceOutput {})
}

/// Has a topic's tags changed.
pub(super) fn change_tags(
    ledger: &mut Ledger<'_>,
    key: &TopicKey,
    change: impl FnOnce(&mut Tags) -> Result<(), Error>,
) -> Result<(), Failure> {
    let id = find(ledger, key)?;
    let mut tags = ledger.topic(id)?.row.tags.clone();
    change(&mut tags)?;
    topics::set_tags(ledger.tx, id, &tags)?;
    ledger.topic_mut(id)?.row.tags = tags;
    Ok(())
}

/// The id of a topic as the three operations of tags look for it: to them it is a resource.
pub(super) fn find(ledger: &Ledger<'_>, key: &TopicKey) -> Result<i64, Error> {
    ledger.find(key).map_err(|_| resource_does_not_exist())
}
