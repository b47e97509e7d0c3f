//! Messages to phones and apps: nobody is called, what would have been sent is kept as a letter.
//!
//! AWS: "Mobile text messaging with Amazon SNS", "Sending mobile push notifications with Amazon SNS".

use aws::{AccountId, Call, Region};
use delivery::{Attribute, Letter, LetterKind};
use failure::Failure;
use service::{Error, token_after};
use storage::Read;

use crate::Sns;
use crate::errors::{
    endpoint_disabled, invalid_phone_number, no_endpoint_for_target, not_valid_to_publish_to,
    platform_application_disabled,
};
use crate::ledger::Ledger;
use crate::rules::message_structure::Texts;
use crate::rules::page;
use crate::rules::phone_number::{canonical, is_phone};
use crate::rules::platform_arn::EndpointKey;
use crate::store::sms::{self, Owner};
use crate::store::{platform_applications, platform_endpoints};

/// What is said to a phone or an app.
pub(crate) struct Words<'a> {
    /// The topic and the subscription it comes by, if it does.
    pub(crate) by: Option<(&'a str, &'a str)>,
    pub(crate) message_id: &'a str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) texts: &'a Texts,
    pub(crate) attributes: &'a [Attribute],
}

impl Words<'_> {
    fn letter(&self, owner: Owner, kind: LetterKind, to: &str, key: &str) -> Letter {
        Letter {
            account: owner.account,
            region: owner.region,
            kind,
            to: to.to_owned(),
            topic_arn: self.by.map(|(topic, _)| topic.to_owned()),
            subscription_arn: self.by.map(|(_, subscription)| subscription.to_owned()),
            message_id: self.message_id.to_owned(),
            subject: self.subject.map(str::to_owned),
            message: self.texts.to(key).to_string(),
            message_structure: self.texts.is_structured().then(|| "json".to_owned()),
            attributes: self.attributes.to_vec(),
        }
    }
}

/// The letter to an app; refused if its endpoint is not there, or it or its application is disabled. A subscriber to
/// whom this happens gets nothing, and nobody is told.
pub(crate) fn letter_for_endpoint(
    ledger: &Ledger<'_>,
    arn: &str,
    words: &Words<'_>,
) -> Result<Letter, Failure> {
    let key = EndpointKey::of_arn(arn).ok_or_else(no_endpoint_for_target)?;
    let application = platform_applications::find(ledger.tx, &key.application)?;
    let application = application.ok_or_else(no_endpoint_for_target)?;
    let endpoint = platform_endpoints::find(ledger.tx, application.id, &key.uuid)?;
    let endpoint = endpoint.ok_or_else(no_endpoint_for_target)?;
    if !application.is_enabled() {
        return Err(platform_application_disabled().into());
    }
    if !endpoint.enabled {
        return Err(endpoint_disabled().into());
    }
    let owner = Owner { account: key.application.account, region: key.application.region };
    Ok(words.letter(owner, LetterKind::Push, arn, &key.application.platform))
}

/// The letter to a phone; none if it opted out, of which the publisher is not told.
///
/// AWS: "SMS delivery failures": the delivery log says `Phone number is opted out`, Publish succeeds.
pub(crate) fn letter_for_phone(
    ledger: &Ledger<'_>,
    account: &AccountId,
    region: &Region,
    number: &str,
    words: &Words<'_>,
) -> Result<Option<Letter>, storage::Error> {
    let owner = Owner { account: account.clone(), region: region.clone() };
    if sms::is_opted_out(ledger.tx, &owner, &canonical(number))? {
        return Ok(None);
    }
    Ok(Some(words.letter(owner, LetterKind::Sms, number, "sms")))
}

/// Refuses to publish to what is no phone number.
pub(crate) fn check_phone(number: &str) -> Result<(), Error> {
    if is_phone(number) { Ok(()) } else { Err(not_valid_to_publish_to(number)) }
}

/// A parameter that is a phone number, without its separators.
pub(crate) fn phone(number: &str) -> Result<String, Error> {
    if is_phone(number) { Ok(canonical(number)) } else { Err(invalid_phone_number()) }
}

/// Whose settings and phones the caller speaks of.
pub(crate) fn owner(call: &Call) -> Owner {
    Owner { account: call.account.clone(), region: call.region.clone() }
}

/// The key a page begins after: a number the token holds, or the beginning.
pub(crate) fn after_id(token: Option<&str>) -> Result<i64, Error> {
    let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(0) };
    page::read(token)?.parse().map_err(|_| crate::errors::invalid_parameter("NextToken"))
}

/// The key a page begins after: a text the token holds, or the beginning.
pub(crate) fn after_text(token: Option<&str>) -> Result<String, Error> {
    token.filter(|token| !token.is_empty()).map_or_else(|| Ok(String::new()), page::read)
}

/// Cuts a page from rows of which one more than it holds was asked for; answers the token of the next.
pub(crate) fn cut<T>(rows: &mut Vec<T>, most: usize, key: impl Fn(&T) -> String) -> Option<String> {
    let more = rows.len() > most;
    rows.truncate(most);
    rows.last().filter(|_| more).map(|row| token_after(&key(row)))
}

impl Sns {
    /// Reads what is committed.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T, Failure> + Send + 'static,
    {
        self.store.read(work).await.map_err(Error::from)
    }

    /// A phone answers STOP: this account can no longer write to it from this region. Refused if it is no phone.
    pub async fn opt_out_phone_number(
        &self,
        account: AccountId,
        region: Region,
        number: &str,
    ) -> Result<(), Error> {
        let number = phone(number)?;
        let owner = Owner { account, region };
        self.write(move |ledger| Ok(sms::insert_opt_out(ledger.tx, &owner, &number)?)).await
    }

    /// The phones that do not want to hear from an account in a region, in the order of their numbers.
    pub async fn opted_out_phone_numbers(
        &self,
        account: AccountId,
        region: Region,
    ) -> Result<Vec<String>, Error> {
        let owner = Owner { account, region };
        self.read(move |read| Ok(sms::select_opt_outs(read, &owner, "", usize::MAX)?)).await
    }
}

impl Ledger<'_> {
    /// Removes what is known about phones and apps: everything, or one account's.
    pub(crate) fn reset_mobile(&self, account: Option<&AccountId>) -> Result<(), Failure> {
        platform_applications::delete_all(self.tx, account)?;
        Ok(sms::delete_all(self.tx, account)?)
    }
}
