//! Letters: e-mail, SMS and push notifications, which never leave the machine and can be read afterwards.

use aws::{AccountId, Region};

use crate::Attribute;

/// A message to a person or a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Whose it is.
    pub account: AccountId,
    /// Where it was sent.
    pub region: Region,
    /// How it would have travelled.
    pub kind: LetterKind,
    /// Phone number, e-mail address or endpoint ARN.
    pub to: String,
    /// The topic, unless it was sent directly.
    pub topic_arn: Option<String>,
    /// The subscription, unless it was sent directly.
    pub subscription_arn: Option<String>,
    /// The id of the message.
    pub message_id: String,
    /// Its subject.
    pub subject: Option<String>,
    /// Its text; for push, what the platform would get.
    pub message: String,
    /// `json`, when the publisher said so.
    pub message_structure: Option<String>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// How a letter would have travelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LetterKind {
    /// E-mail with the text.
    Email,
    /// E-mail with the JSON envelope.
    EmailJson,
    /// A text message.
    Sms,
    /// A push notification.
    Push,
}

impl LetterKind {
    /// `email`, `email-json`, `sms` or `push`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::EmailJson => "email-json",
            Self::Sms => "sms",
            Self::Push => "push",
        }
    }

    /// Reads what [`as_str`](Self::as_str) writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Email, Self::EmailJson, Self::Sms, Self::Push].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A letter as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentLetter {
    /// What was written.
    pub letter: Letter,
    /// When.
    pub sent_at_ms: i64,
}

/// Which letters are meant; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterFilter {
    /// Whose.
    pub account: Option<AccountId>,
    /// Where it was sent.
    pub region: Option<Region>,
    /// How it would have travelled.
    pub kind: Option<LetterKind>,
    /// Phone number, address or endpoint ARN.
    pub to: Option<String>,
}
