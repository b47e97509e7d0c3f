//! What another service sends, as a message: the rules are SendMessage's, the sender is the service.

use std::borrow::Cow;
use std::collections::HashMap;

use delivery::Parcel;
use service::Error;

use super::digest::{self, Body, Md5Digest};
use super::draft::Draft;
use super::message_attributes::{self, Attribute};
use super::{fifo, message_body};

/// Who AWS names as the sender, by the service in the source's ARN: the user each service sends as. It is another one
/// in some regions; these are of us-east-1.
///
/// AWS: recorded in events of Lambda functions that read such queues.
const SENDERS: &[(&str, &str)] = &[("events", "AIDAJXNJGGKNS7OSV23OI"), ("sns", "AIDAIT2UOQQY3AUEKVGXU")];

/// Bodies and attributes that were checked and digested, so that a fan-out does so once. They are known by where they
/// are in memory, which is theirs while their parcels are borrowed.
pub(crate) struct Contents {
    bodies: HashMap<*const u8, Result<Md5Digest, Error>>,
    attributes: HashMap<*const delivery::Attribute, Result<Stored, Error>>,
}

/// Attributes that were checked.
struct Stored {
    /// In the form of `message_attributes::to_bytes`.
    form: Option<Vec<u8>>,
    /// What counts against the message's size.
    bytes: usize,
}

impl Contents {
    /// Of the parcels that are to be sent.
    pub(crate) fn of<'a>(parcels: impl Iterator<Item = &'a Parcel>) -> Self {
        let bodies: HashMap<_, &str> = parcels.map(|parcel| (parcel.body.as_ptr(), &*parcel.body)).collect();
        let (places, texts): (Vec<_>, Vec<_>) = bodies.into_iter().unzip();
        let digests = digest::of_bodies(&texts);
        let checked = texts.iter().zip(digests).map(|(text, md5)| message_body::check(text).map(|()| md5));
        Self { bodies: places.into_iter().zip(checked).collect(), attributes: HashMap::new() }
    }

    /// One of them as a message for a queue of this type; checks what needs no more of the queue.
    pub(crate) fn draft<'a>(&'a mut self, parcel: &'a Parcel, fifo: bool) -> Result<Draft<'a>, Error> {
        let known = self.bodies.get(&parcel.body.as_ptr()).cloned();
        let body_md5 = known.unwrap_or_else(|| Err(service::internal_failure()))?;
        let attributes = self.check_attributes(&parcel.attributes)?;
        // FIFO topics feed standard queues too, whose messages keep the group (fair queues) and lose the other id.
        // AWS: SNS Developer Guide, "Message delivery for FIFO topics".
        let deduplication_id = parcel.deduplication_id.as_deref().filter(|_| fifo);
        let group_id = parcel.group_id.as_deref();
        if let Some(id) = group_id {
            fifo::check_id("MessageGroupId", id)?;
        }
        if let Some(id) = deduplication_id {
            fifo::check_id("MessageDeduplicationId", id)?;
        }
        let stored = attributes.and_then(|stored| stored.form.as_deref());
        Ok(Draft {
            body: Body::Digested(Cow::Borrowed(&parcel.body), body_md5),
            attributes: stored.map(Cow::Borrowed),
            // These two are for the answer of SendMessage.
            attributes_md5: None,
            system_attributes_md5: None,
            trace_header: parcel.trace_header.as_deref().map(str::to_owned),
            sender_id: Cow::Borrowed(sender_id(&parcel.source)),
            delay_secs: None,
            group_id: group_id.map(str::to_owned),
            deduplication_id: deduplication_id.map(str::to_owned),
            bytes: parcel.body.len() + attributes.map_or(0, |stored| stored.bytes),
        })
    }

    fn check_attributes(&mut self, attributes: &[delivery::Attribute]) -> Result<Option<&Stored>, Error> {
        if attributes.is_empty() {
            return Ok(None);
        }
        let check = || {
            let checked = message_attributes::check_parcel(attributes)?;
            let bytes = checked.iter().map(Attribute::size).sum();
            Ok(Stored { form: message_attributes::to_bytes(&checked), bytes })
        };
        let checked = self.attributes.entry(attributes.as_ptr()).or_insert_with(check);
        checked.as_ref().map(Some).map_err(Error::clone)
    }
}

/// The service's user; for any other source its account, as for a caller.
fn sender_id(source: &str) -> &str {
    let part = |place: usize| source.split(':').nth(place).unwrap_or_default();
    let known = SENDERS.iter().find(|(service, _)| *service == part(2));
    known.map_or_else(|| part(4), |(_, user)| *user)
}

#[cfg(test)]
mod tests {
    use super::sender_id;

    #[test]
    fn services_send_as_their_users_and_others_as_their_accounts() {
        for (source, sender) in [
            ("arn:aws:sns:eu-west-1:111122223333:t", "AIDAIT2UOQQY3AUEKVGXU"),
            ("arn:aws:events:us-east-1:111122223333:rule/bus/r", "AIDAJXNJGGKNS7OSV23OI"),
            ("arn:aws:pipes:us-east-1:111122223333:pipe/p", "111122223333"),
            ("", ""),
        ] {
            assert_eq!(sender_id(source), sender, "{source}");
        }
    }
}
