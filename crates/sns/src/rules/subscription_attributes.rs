//! Subscription attributes: names, values, defaults, and how they bear on each other.
//!
//! AWS: API_Subscribe, API_SetSubscriptionAttributes, API_GetSubscriptionAttributes.

use std::collections::BTreeMap;

use aws::Arn;
use pattern::Pattern;
use pattern::filter_policy::{self, Scope};

use super::attribute::{Refused, is_role};
use super::replay_policy::ReplayPolicy;
use super::{delivery_policy, document, redrive_policy};
use crate::store::subscriptions::SubscriptionRow;
use crate::subscriptions::NO_ARCHIVE;

/// AWS: "the maximum size of a filter policy is 256 KB".
const FILTER_POLICY_BYTES_MAX: usize = 256 * 1024;

/// A subscription's attributes, read once when they change.
#[derive(Clone, Debug)]
pub(crate) struct SubscriptionSettings {
    /// The message goes as it is, without the envelope.
    pub(crate) raw: bool,
    /// Which messages it wants; all when there is none.
    pub(crate) filter: Option<Filter>,
    /// The queue for what cannot be delivered.
    pub(crate) dead_letter_queue: Option<String>,
    /// The endpoint, when it is an ARN.
    pub(crate) endpoint: Option<Arn>,
}

/// A filter policy.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) scope: Scope,
    pub(crate) pattern: Pattern,
}

impl SubscriptionSettings {
    /// Reads what is set.
    pub(crate) fn read(row: &SubscriptionRow) -> Self {
        let attribute = |name: &str| row.attributes.get(name).map(String::as_str);
        let scope = scope(&row.attributes);
        let filter = attribute("FilterPolicy")
            .and_then(|policy| filter_policy::compile(policy, scope).ok())
            .map(|pattern| Filter { scope, pattern });
        Self {
            raw: attribute("RawMessageDelivery").is_some_and(|raw| raw.eq_ignore_ascii_case("true")),
            filter,
            dead_letter_queue: attribute("RedrivePolicy").and_then(redrive_policy::dead_letter_queue),
            endpoint: Arn::parse(&row.endpoint),
        }
    }
}

fn scope(attributes: &BTreeMap<String, String>) -> Scope {
    match attributes.get("FilterPolicyScope").map(String::as_str) {
        Some("MessageBody") => Scope::MessageBody,
        _ => Scope::MessageAttributes,
    }
}

/// The attributes somebody set, and what they belong to.
pub(crate) struct Setter<'a> {
    pub(crate) protocol: &'a str,
    pub(crate) endpoint: &'a str,
    pub(crate) fifo_topic: bool,
    pub(crate) attributes: &'a mut BTreeMap<String, String>,
}

impl Setter<'_> {
    /// Sets all that are given at once.
    pub(crate) fn set_all<'v>(
        &mut self,
        given: impl Iterator<Item = (&'v str, &'v String)> + Clone,
    ) -> Result<(), Refused> {
        // Which policies fit depends on the scope, so it comes first.
        let is_scope = |name: &str| name == "FilterPolicyScope";
        for (name, value) in given.clone().filter(|(name, _)| is_scope(name)) {
            self.set(name, Some(value))?;
        }
        for (name, value) in given.filter(|(name, _)| !is_scope(name)) {
            self.set(name, Some(value))?;
        }
        if self.protocol == "firehose" && !self.attributes.contains_key("SubscriptionRoleArn") {
            let reason = "SubscriptionRoleArn is required for Amazon Kinesis Data Firehose subscriptions";
            return Err(reason.to_owned().into());
        }
        Ok(())
    }

    /// Sets one. An empty policy takes the policy away, and so does no value at all; but a `RedrivePolicy` of no
    /// characters is refused (recorded: terraform-provider-aws, `putSubscriptionAttribute`).
    pub(crate) fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), Refused> {
        if name == "RedrivePolicy" && value.is_some_and(|value| value.trim().is_empty()) {
            return document::parse(name, value.unwrap_or_default()).map(drop).map_err(Refused::from);
        }
        let value = value.unwrap_or_default();
        match name {
            "RawMessageDelivery" => self.set_raw(value),
            "FilterPolicyScope" => self.set_scope(value),
            "FilterPolicy" => self.set_filter(value),
            "DeliveryPolicy" => self.set_policy(name, value, |_| delivery_policy::check_subscription(value)),
            "RedrivePolicy" => self.set_policy(name, value, |setter| {
                let to_fifo_queue = setter.protocol == "sqs" && setter.endpoint.ends_with(".fifo");
                redrive_policy::check(value, setter.fifo_topic, to_fifo_queue)
            }),
            "ReplayPolicy" => self.set_policy(name, value, |setter| {
                ReplayPolicy::parse(value)?;
                if setter.fifo_topic { Ok(()) } else { Err(NO_ARCHIVE.to_owned()) }
            }),
            "SubscriptionRoleArn" if is_role(value) => {
                self.keep(name, value);
                Ok(())
            }
            "SubscriptionRoleArn" => {
                Err(format!("SubscriptionRoleArn: Invalid value [{value}]. Must be the ARN of a role.")
                    .into())
            }
            _ => Err(Refused::Unknown),
        }
    }

    fn set_raw(&mut self, value: &str) -> Result<(), Refused> {
        match value.to_ascii_lowercase().as_str() {
            "true" if !["sqs", "http", "https", "firehose"].contains(&self.protocol) => {
                // Recorded: aws-controllers-k8s/community#2192.
                let protocol = self.protocol;
                Err(format!("Delivery protocol [{protocol}] does not support raw message delivery.").into())
            }
            "true" => {
                self.keep("RawMessageDelivery", "true");
                Ok(())
            }
            "false" => {
                self.attributes.remove("RawMessageDelivery");
                Ok(())
            }
            _ => Err(format!("RawMessageDelivery: Invalid value [{value}]. Must be true or false.").into()),
        }
    }

    fn set_scope(&mut self, value: &str) -> Result<(), Refused> {
        let scope = match value {
            "MessageBody" => Scope::MessageBody,
            "MessageAttributes" => Scope::MessageAttributes,
            _ => {
                let words = "Please use either MessageBody or MessageAttributes";
                return Err(format!("FilterPolicyScope: Invalid value [{value}]. {words}").into());
            }
        };
        if let Some(policy) = self.attributes.get("FilterPolicy") {
            filter_policy::compile(policy, scope).map_err(|error| error.to_string())?;
        }
        self.keep("FilterPolicyScope", value);
        Ok(())
    }

    fn set_filter(&mut self, value: &str) -> Result<(), Refused> {
        if document::is_empty(value) {
            self.attributes.remove("FilterPolicy");
            self.attributes.remove("FilterPolicyScope");
            return Ok(());
        }
        if value.len() > FILTER_POLICY_BYTES_MAX {
            return Err(format!("FilterPolicy: Filter policy exceeds {FILTER_POLICY_BYTES_MAX} bytes").into());
        }
        filter_policy::compile(value, scope(self.attributes)).map_err(|error| error.to_string())?;
        self.keep("FilterPolicy", value);
        Ok(())
    }

    fn set_policy(
        &mut self,
        name: &str,
        value: &str,
        check: impl FnOnce(&Self) -> Result<(), String>,
    ) -> Result<(), Refused> {
        if document::is_empty(value) {
            self.attributes.remove(name);
            return Ok(());
        }
        document::parse(name, value)?;
        check(self)?;
        self.keep(name, value);
        Ok(())
    }

    fn keep(&mut self, name: &str, value: &str) {
        self.attributes.insert(name.to_owned(), value.to_owned());
    }
}

/// Whether what is given here says nothing else than what is set: what is not given does not matter.
pub(crate) fn agree<'v>(
    given: impl Iterator<Item = &'v str>,
    wanted: &BTreeMap<String, String>,
    set: &BTreeMap<String, String>,
) -> bool {
    let mut given = given;
    given.all(|name| {
        let default = |attributes: &BTreeMap<String, String>| match attributes.get(name) {
            None if name == "FilterPolicyScope" => Some("MessageAttributes".to_owned()),
            found => found.cloned(),
        };
        document::same(default(wanted).as_ref(), default(set).as_ref())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(protocol: &str, given: &[(&str, &str)]) -> Result<BTreeMap<String, String>, Refused> {
        let mut attributes = BTreeMap::new();
        let endpoint = "arn:aws:sqs:us-east-1:000000000000:q";
        let given: Vec<(&str, String)> =
            given.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Setter { protocol, endpoint, fifo_topic: false, attributes: &mut attributes }
            .set_all(given.iter().map(|(name, value)| (*name, value)))?;
        Ok(attributes)
    }

    fn because(protocol: &str, name: &str, value: &str) -> String {
        match set(protocol, &[(name, value)]) {
            Err(Refused::Because(reason)) => reason,
            other => panic!("{name}={value}: {other:?}"),
        }
    }

    #[test]
    fn truth_is_written_in_any_case() {
        assert_eq!(set("sqs", &[("RawMessageDelivery", "True")]).unwrap()["RawMessageDelivery"], "true");
        assert!(set("lambda", &[("RawMessageDelivery", "false")]).unwrap().is_empty());
        assert_eq!(
            because("lambda", "RawMessageDelivery", "true"),
            "Delivery protocol [lambda] does not support raw message delivery."
        );
        assert_eq!(
            because("sqs", "RawMessageDelivery", "maybe"),
            "RawMessageDelivery: Invalid value [maybe]. Must be true or false."
        );
    }

    #[test]
    fn the_scope_comes_first_whatever_the_order() {
        let nested = r#"{"a": {"b": ["c"]}}"#;
        assert!(set("sqs", &[("FilterPolicy", nested), ("FilterPolicyScope", "MessageBody")]).is_ok());
        assert_eq!(
            because("sqs", "FilterPolicy", nested),
            "Filter policy scope MessageAttributes does not support nested filter policy"
        );
    }

    #[test]
    fn a_nested_policy_keeps_its_scope() {
        let mut attributes =
            set("sqs", &[("FilterPolicy", r#"{"a": {"b": ["c"]}}"#), ("FilterPolicyScope", "MessageBody")])
                .unwrap();
        let mut setter =
            Setter { protocol: "sqs", endpoint: "", fifo_topic: false, attributes: &mut attributes };
        assert!(setter.set("FilterPolicyScope", Some("MessageAttributes")).is_err());
        setter.set("FilterPolicy", Some("{}")).unwrap();
        assert!(attributes.is_empty());
    }

    #[test]
    fn what_is_unknown_or_unreadable_is_refused() {
        assert_eq!(set("sqs", &[("Colour", "blue")]), Err(Refused::Unknown));
        for name in ["FilterPolicy", "RedrivePolicy", "DeliveryPolicy"] {
            let reason = because("sqs", name, "invalid");
            assert!(
                reason.starts_with(&format!("{name}: failed to parse JSON. Unrecognized token")),
                "{reason}"
            );
        }
        let scope = because("sqs", "FilterPolicyScope", "RandomValue");
        assert_eq!(
            scope,
            "FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes"
        );
        assert!(because("sqs", "SubscriptionRoleArn", "nobody").starts_with("SubscriptionRoleArn"));
    }

    #[test]
    fn a_redrive_policy_is_taken_away_by_no_value_and_not_by_an_empty_one() {
        let dead = r#"{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead"}"#;
        let there = set("sqs", &[("RedrivePolicy", dead)]).unwrap();
        for value in ["", " "] {
            assert!(because("sqs", "RedrivePolicy", value).starts_with("RedrivePolicy: "), "{value:?}");
        }
        for value in [None, Some("{}")] {
            let mut attributes = there.clone();
            let (protocol, endpoint) = ("sqs", "arn:aws:sqs:us-east-1:000000000000:q");
            let mut setter = Setter { protocol, endpoint, fifo_topic: false, attributes: &mut attributes };
            setter.set("RedrivePolicy", value).unwrap();
            assert!(attributes.is_empty(), "{value:?}");
        }
    }

    #[test]
    fn a_stream_needs_a_role() {
        assert!(set("firehose", &[]).is_err());
        assert!(
            set("firehose", &[("SubscriptionRoleArn", "arn:aws:iam::000000000000:role/firehose")]).is_ok()
        );
    }

    #[test]
    fn only_what_is_given_is_compared() {
        let have =
            set("sqs", &[("RawMessageDelivery", "true"), ("FilterPolicy", r#"{"a": ["b"]}"#)]).unwrap();
        let agrees = |given: &[(&str, &str)]| {
            agree(given.iter().map(|(name, _)| *name), &set("sqs", given).unwrap(), &have)
        };
        assert!(agrees(&[]));
        assert!(agrees(&[("FilterPolicy", r#"{"a":["b"]}"#), ("FilterPolicyScope", "MessageAttributes")]));
        assert!(!agrees(&[("RawMessageDelivery", "false")]));
        assert!(!agrees(&[("FilterPolicy", r#"{"a":["c"]}"#)]));
        assert!(!agrees(&[("FilterPolicyScope", "MessageBody")]));
    }
}
