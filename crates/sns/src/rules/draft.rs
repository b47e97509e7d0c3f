//! A message to be published that passed every check that needs no topic. AWS: API_Publish, API_PublishBatch.

use std::sync::Arc;

use aws::Call;
use clock::Clock;
use delivery::{Attribute, Parcel};
use service::Error;
use shape::Map;

use super::message_structure::Texts;
use super::{fifo, message_attributes};
use crate::api::types::MessageAttributeValue;
use crate::errors::{empty_message, invalid_parameter};

const SUBJECT_CHARS_MAX: usize = 100;

/// What a publisher says.
pub(crate) struct Publishing {
    pub(crate) message: String,
    pub(crate) structure: Option<String>,
    /// The platform of the app it goes to, if it goes to one.
    pub(crate) platform: Option<Box<str>>,
    pub(crate) subject: Option<String>,
    pub(crate) attributes: Option<Map<MessageAttributeValue>>,
    pub(crate) group_id: Option<String>,
    pub(crate) deduplication_id: Option<String>,
}

/// A message that passed the checks. It shares what its parcels share.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) message_id: String,
    pub(crate) published_at_ms: i64,
    pub(crate) texts: Texts,
    pub(crate) subject: Option<String>,
    /// In the order of their names.
    pub(crate) attributes: Arc<[Attribute]>,
    pub(crate) group_id: Option<Arc<str>>,
    pub(crate) deduplication_id: Option<Arc<str>>,
    pub(crate) trace_header: Option<Arc<str>>,
    /// What counts against the limits: the message and its attributes.
    pub(crate) bytes: usize,
}

/// What a message belongs to and is known by.
struct Ids {
    group: Option<Arc<str>>,
    deduplication: Option<Arc<str>>,
    trace: Option<Arc<str>>,
}

impl Draft {
    /// Checks what needs no topic.
    pub(crate) fn check(clock: &Clock, call: &Call, publishing: Publishing) -> Result<Self, Error> {
        let Publishing { message, structure, platform, subject, attributes, group_id, deduplication_id } =
            publishing;
        let texts = Texts::check(message, structure.as_deref(), platform.as_deref())?;
        if let Some(subject) = &subject {
            check_subject(subject)?;
        }
        let attributes = message_attributes::check(attributes)?.into();
        let ids = Ids {
            group: group_id.map(Arc::from),
            deduplication: deduplication_id.map(Arc::from),
            trace: call.trace_header.as_deref().map(Arc::from),
        };
        Self::new(clock, texts, subject, attributes, ids)
    }

    /// What another service sends: its body is the message.
    pub(crate) fn of_parcel(clock: &Clock, parcel: &Parcel) -> Result<Self, Error> {
        if parcel.body.is_empty() {
            return Err(empty_message());
        }
        let texts = Texts::plain(Arc::clone(&parcel.body));
        let ids = Ids {
            group: parcel.group_id.clone(),
            deduplication: parcel.deduplication_id.clone(),
            trace: parcel.trace_header.clone(),
        };
        Self::new(clock, texts, None, Arc::clone(&parcel.attributes), ids)
    }

    fn new(
        clock: &Clock,
        texts: Texts,
        subject: Option<String>,
        attributes: Arc<[Attribute]>,
        ids: Ids,
    ) -> Result<Self, Error> {
        for (parameter, id) in
            [("MessageGroupId", &ids.group), ("MessageDeduplicationId", &ids.deduplication)]
        {
            if let Some(id) = id {
                fifo::check_id(parameter, id)?;
            }
        }
        Ok(Self {
            message_id: clock.uuid_v4().to_string(),
            published_at_ms: clock.now_ms(),
            bytes: size(&texts, &attributes),
            texts,
            subject,
            attributes,
            group_id: ids.group,
            deduplication_id: ids.deduplication,
            trace_header: ids.trace,
        })
    }
}

fn size(texts: &Texts, attributes: &[Attribute]) -> usize {
    texts.published.len() + attributes.iter().map(message_attributes::size).sum::<usize>()
}

/// AWS: API_Publish, Subject: UTF-8 text without line breaks and control characters, of less than about 100 characters;
/// a hundred are let through.
fn check_subject(subject: &str) -> Result<(), Error> {
    let fits = (1..=SUBJECT_CHARS_MAX).contains(&subject.chars().count());
    if fits && !subject.chars().any(char::is_control) { Ok(()) } else { Err(invalid_parameter("Subject")) }
}

#[cfg(test)]
mod tests {
    use super::check_subject;

    #[test]
    fn a_subject_is_one_short_line() {
        for subject in ["News", "Grüße & more", &"a".repeat(100)] {
            assert!(check_subject(subject).is_ok(), "{subject}");
        }
        for subject in ["", "two\nlines", "bell\u{7}", &"a".repeat(101)] {
            assert_eq!(check_subject(subject).unwrap_err().message, "Invalid parameter: Subject");
        }
    }
}
