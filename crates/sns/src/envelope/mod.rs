//! What SNS wraps around a message, and what of it is signed.
//!
//! AWS: SNS Developer Guide, "Parsing Amazon SNS message formats", "Verifying the signatures of Amazon SNS messages".

mod json;

use clock::calendar::iso8601_ms;
use delivery::Attribute;

use self::json::{Layout, Object, quote};
use crate::signing::Signature;

/// The types of messages; the names are those of the member `Type` and of the header `x-amz-sns-message-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something was published.
    Notification,
    /// Somebody subscribed the endpoint.
    SubscriptionConfirmation,
    /// Somebody unsubscribed it.
    UnsubscribeConfirmation,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Notification => "Notification",
            Self::SubscriptionConfirmation => "SubscriptionConfirmation",
            Self::UnsubscribeConfirmation => "UnsubscribeConfirmation",
        }
    }
}

/// The link that confirms a subscription. AWS leaves the colons of ARNs as they are.
pub(crate) fn subscribe_url(base_url: &str, topic_arn: &str, token: &str) -> String {
    format!("{base_url}/?Action=ConfirmSubscription&TopicArn={topic_arn}&Token={token}")
}

/// The link that ends a subscription.
pub(crate) fn unsubscribe_url(base_url: &str, subscription_arn: &str) -> String {
    format!("{base_url}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}")
}

/// A published message, as its subscribers are told of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notification<'a> {
    pub(crate) message_id: &'a str,
    pub(crate) topic_arn: &'a str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) message: &'a str,
    pub(crate) timestamp_ms: i64,
    /// In the order of their names.
    pub(crate) attributes: &'a [Attribute],
    /// Of a FIFO topic.
    pub(crate) sequence_number: Option<&'a str>,
    /// Whether it comes from the archive of a FIFO topic.
    pub(crate) replayed: bool,
}

/// What all subscribers of a message get; only the link to unsubscribe differs.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    before: String,
    after: String,
}

impl Envelope {
    /// The body one subscriber gets.
    pub(crate) fn body(&self, unsubscribe_url: &str) -> String {
        let length = self.before.len() + unsubscribe_url.len() + 2 + self.after.len();
        let mut body = String::with_capacity(length);
        body.push_str(&self.before);
        quote(&mut body, unsubscribe_url);
        body.push_str(&self.after);
        body
    }
}

impl Notification<'_> {
    /// What is signed.
    pub(crate) fn canonical(&self) -> String {
        let timestamp = iso8601_ms(self.timestamp_ms);
        let mut text = String::with_capacity(self.message.len() + 256);
        line(&mut text, "Message", self.message);
        line(&mut text, "MessageId", self.message_id);
        if let Some(subject) = self.subject {
            line(&mut text, "Subject", subject);
        }
        line(&mut text, "Timestamp", &timestamp);
        line(&mut text, "TopicArn", self.topic_arn);
        line(&mut text, "Type", Kind::Notification.as_str());
        text
    }

    /// The envelope for queues and HTTP endpoints. Without a signature it is a FIFO topic's.
    pub(crate) fn envelope(&self, signature: Option<&Signature>) -> Envelope {
        let mut object = Object::begin(Layout::Lines, self.message.len() + 1_024);
        object.text("Type", Kind::Notification.as_str());
        object.text("MessageId", self.message_id);
        object.optional("SequenceNumber", self.sequence_number);
        object.text("TopicArn", self.topic_arn);
        object.optional("Subject", self.subject);
        object.text("Message", self.message);
        object.text("Timestamp", &iso8601_ms(self.timestamp_ms));
        if let Some(signature) = signature {
            put_signature(&mut object, signature, "SigningCertURL");
        }
        object.name("UnsubscribeURL");
        let before = object.pause();
        let mut object = Object::resume(Layout::Lines);
        if self.replayed {
            object.json("Replayed", "true");
        }
        if !self.attributes.is_empty() {
            object.attributes(self.attributes);
        }
        Envelope { before, after: object.end() }
    }

    /// The event a function is invoked with.
    ///
    /// AWS: Lambda Developer Guide, "Invoking Lambda functions with Amazon SNS notifications".
    pub(crate) fn lambda_event(
        &self,
        signature: Option<&Signature>,
        subscription_arn: &str,
        unsubscribe_url: &str,
    ) -> String {
        let mut sns = Object::begin(Layout::Compact, self.message.len() + 1_024);
        sns.text("Type", Kind::Notification.as_str());
        sns.text("MessageId", self.message_id);
        sns.text("TopicArn", self.topic_arn);
        match self.subject {
            Some(subject) => sns.text("Subject", subject),
            None => sns.json("Subject", "null"),
        }
        sns.text("Message", self.message);
        sns.text("Timestamp", &iso8601_ms(self.timestamp_ms));
        if let Some(signature) = signature {
            put_signature(&mut sns, signature, "SigningCertUrl");
        }
        sns.text("UnsubscribeUrl", unsubscribe_url);
        sns.attributes(self.attributes);
        let mut record = Object::begin(Layout::Compact, self.message.len() + 1_280);
        record.text("EventSource", "aws:sns");
        record.text("EventVersion", "1.0");
        record.text("EventSubscriptionArn", subscription_arn);
        record.json("Sns", &sns.end());
        format!("{{\"Records\":[{}]}}", record.end())
    }

    /// What a delivery stream gets: the envelope in one line, unsigned, and a line break.
    ///
    /// AWS: SNS Developer Guide, "Formatting Amazon SNS notifications for storage in Amazon S3 destinations".
    pub(crate) fn stream_record(&self, unsubscribe_url: &str) -> String {
        let mut object = Object::begin(Layout::Compact, self.message.len() + 512);
        object.text("Type", Kind::Notification.as_str());
        object.text("MessageId", self.message_id);
        object.text("TopicArn", self.topic_arn);
        object.optional("Subject", self.subject);
        object.text("Message", self.message);
        object.text("Timestamp", &iso8601_ms(self.timestamp_ms));
        object.text("UnsubscribeURL", unsubscribe_url);
        if !self.attributes.is_empty() {
            object.attributes(self.attributes);
        }
        let mut record = object.end();
        record.push('\n');
        record
    }
}

/// What an endpoint is told when it is subscribed or unsubscribed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Confirmation<'a> {
    /// `SubscriptionConfirmation` or `UnsubscribeConfirmation`.
    pub(crate) kind: Kind,
    pub(crate) message_id: &'a str,
    pub(crate) token: &'a str,
    pub(crate) topic_arn: &'a str,
    pub(crate) subscription_arn: &'a str,
    pub(crate) subscribe_url: &'a str,
    pub(crate) timestamp_ms: i64,
}

impl Confirmation<'_> {
    /// The sentences for whoever reads it.
    pub(crate) fn message(&self) -> String {
        match self.kind {
            Kind::UnsubscribeConfirmation => format!(
                "You have chosen to deactivate subscription {}.\nTo cancel this operation and restore the \
                 subscription, visit the SubscribeURL included in this message.",
                self.subscription_arn
            ),
            Kind::Notification | Kind::SubscriptionConfirmation => format!(
                "You have chosen to subscribe to the topic {}.\nTo confirm the subscription, visit the SubscribeURL \
                 included in this message.",
                self.topic_arn
            ),
        }
    }

    /// What is signed.
    pub(crate) fn canonical(&self) -> String {
        let mut text = String::with_capacity(1_024);
        line(&mut text, "Message", &self.message());
        line(&mut text, "MessageId", self.message_id);
        line(&mut text, "SubscribeURL", self.subscribe_url);
        line(&mut text, "Timestamp", &iso8601_ms(self.timestamp_ms));
        line(&mut text, "Token", self.token);
        line(&mut text, "TopicArn", self.topic_arn);
        line(&mut text, "Type", self.kind.as_str());
        text
    }

    /// The body the endpoint gets.
    pub(crate) fn body(&self, signature: Option<&Signature>) -> String {
        let mut object = Object::begin(Layout::Lines, 2_048);
        object.text("Type", self.kind.as_str());
        object.text("MessageId", self.message_id);
        object.text("Token", self.token);
        object.text("TopicArn", self.topic_arn);
        object.text("Message", &self.message());
        object.text("SubscribeURL", self.subscribe_url);
        object.text("Timestamp", &iso8601_ms(self.timestamp_ms));
        if let Some(signature) = signature {
            put_signature(&mut object, signature, "SigningCertURL");
        }
        object.end()
    }
}

fn put_signature(object: &mut Object, signature: &Signature, cert_url: &str) {
    object.text("SignatureVersion", if signature.version == 2 { "2" } else { "1" });
    object.text("Signature", &signature.base64);
    object.text(cert_url, &signature.cert_url);
}

fn line(text: &mut String, name: &str, value: &str) {
    for part in [name, "\n", value, "\n"] {
        text.push_str(part);
    }
}

#[cfg(test)]
mod tests;
