//! Publish: to a topic, to an app's endpoint, or to a phone.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::accept::Receipt;
use crate::api::inputs::PublishInput;
use crate::api::outputs::PublishOutput;
use crate::errors::{message_too_long, more_than_one_destination, no_destination};
use crate::mobile::{self, Words};
use crate::rules::draft::{Draft, Publishing};
use crate::rules::message_size;
use crate::rules::platform_arn::EndpointKey;
use crate::rules::topic_arn::{self, TopicKey};

/// AWS: "Mobile text messaging with Amazon SNS": the longest SMS message, in parts.
const SMS_CHARS_MAX: usize = 1_600;

/// Where a message goes.
enum Destination {
    Topic(TopicKey),
    Endpoint(String),
    Phone(String),
}

impl Destination {
    /// Through which service an app is reached, if it goes to one.
    fn platform(&self) -> Option<Box<str>> {
        match self {
            Self::Endpoint(arn) => EndpointKey::of_arn(arn).map(|key| key.application.platform),
            Self::Topic(_) | Self::Phone(_) => None,
        }
    }
}

pub(crate) async fn publish(sns: &Sns, call: &Call, input: PublishInput) -> Result<PublishOutput, Error> {
    let PublishInput { topic_arn, target_arn, phone_number, .. } = input;
    let destination = destination(call, topic_arn, target_arn, phone_number)?;
    let publishing = Publishing {
        message: input.message,
        structure: input.message_structure,
        platform: destination.platform(),
        subject: input.subject,
        attributes: input.message_attributes,
        group_id: input.message_group_id,
        deduplication_id: input.message_deduplication_id,
    };
    let draft = Draft::check(&sns.clock, call, publishing)?;
    let receipt = match destination {
        Destination::Topic(key) => {
            let receipts = sns.publish_to_topic(key, &call.base_url, vec![draft]).await?;
            receipts.into_iter().next().ok_or_else(service::internal_failure)?
        }
        Destination::Endpoint(arn) => to_endpoint(sns, arn, draft).await?,
        Destination::Phone(number) => to_phone(sns, call, number, draft).await?,
    };
    Ok(PublishOutput { message_id: Some(receipt.message_id), sequence_number: receipt.sequence_number })
}

fn destination(
    call: &Call,
    topic_arn: Option<String>,
    target_arn: Option<String>,
    phone_number: Option<String>,
) -> Result<Destination, Error> {
    match (topic_arn, target_arn, phone_number) {
        (Some(arn), None, None) => Ok(Destination::Topic(topic_arn::parse("TopicArn", &arn, call)?)),
        (None, Some(arn), None)
            if arn.split(':').nth(5).is_some_and(|part| part.starts_with("endpoint/")) =>
        {
            Ok(Destination::Endpoint(arn))
        }
        (None, Some(arn), None) => Ok(Destination::Topic(topic_arn::parse("TargetArn", &arn, call)?)),
        (None, None, Some(number)) => {
            mobile::check_phone(&number)?;
            Ok(Destination::Phone(number))
        }
        (None, None, None) => Err(no_destination()),
        (_, _, Some(_)) => Err(more_than_one_destination("PhoneNumber")),
        (Some(_), Some(_), None) => Err(more_than_one_destination("TargetArn")),
    }
}

async fn to_endpoint(sns: &Sns, arn: String, draft: Draft) -> Result<Receipt, Error> {
    message_size::check(draft.bytes, message_size::ORDINARY_BYTES_MAX)?;
    sns.write(move |ledger| {
        let letter = mobile::letter_for_endpoint(ledger, &arn, &words(&draft))?;
        ledger.deliveries.letter(ledger.tx, &letter)?;
        Ok(Receipt { message_id: draft.message_id, sequence_number: None })
    })
    .await
}

async fn to_phone(sns: &Sns, call: &Call, number: String, draft: Draft) -> Result<Receipt, Error> {
    message_size::check(draft.bytes, message_size::ORDINARY_BYTES_MAX)?;
    if draft.texts.to("sms").chars().count() > SMS_CHARS_MAX {
        return Err(message_too_long());
    }
    let (account, region) = (call.account.clone(), call.region.clone());
    sns.write(move |ledger| {
        let letter = mobile::letter_for_phone(ledger, &account, &region, &number, &words(&draft))?;
        // Who opted out gets nothing, and the publisher is not told.
        if let Some(letter) = letter {
            ledger.deliveries.letter(ledger.tx, &letter)?;
        }
        Ok(Receipt { message_id: draft.message_id, sequence_number: None })
    })
    .await
}

fn words(draft: &Draft) -> Words<'_> {
    Words {
        by: None,
        message_id: &draft.message_id,
        subject: draft.subject.as_deref(),
        texts: &draft.texts,
        attributes: &draft.attributes,
    }
}
