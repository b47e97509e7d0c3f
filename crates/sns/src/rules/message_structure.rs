//! What a message says to whom: one text for all, or with `MessageStructure` = `json` one for each protocol.
//!
//! AWS: API_Publish, Message and MessageStructure.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use service::Error;

use crate::errors::{empty_message, invalid_parameter, no_words_for_platform};

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Texts {
    /// As it was published.
    pub(crate) published: Arc<str>,
    /// For whom there are no other words.
    default: Arc<str>,
    /// By protocol, or for mobile push by platform.
    others: HashMap<String, Arc<str>>,
}

impl Texts {
    /// One text for all.
    pub(crate) fn plain(message: impl Into<Arc<str>>) -> Self {
        let message: Arc<str> = message.into();
        Self { default: Arc::clone(&message), published: message, others: HashMap::new() }
    }

    /// Reads what was published: to an app, on the platform that is named, or to whomever.
    pub(crate) fn check(
        message: String,
        structure: Option<&str>,
        platform: Option<&str>,
    ) -> Result<Self, Error> {
        if message.is_empty() {
            return Err(empty_message());
        }
        match structure {
            None | Some("") => Ok(Self::plain(message)),
            Some("json") => Self::structured(message, platform),
            Some(_) => Err(invalid_parameter("MessageStructure")),
        }
    }

    fn structured(message: String, platform: Option<&str>) -> Result<Self, Error> {
        // Of a key that comes twice the last one counts, as AWS does not mind it either.
        let Ok(document) = serde_json::from_str::<Value>(&message) else {
            return Err(invalid_parameter("Message Structure - JSON message body failed to parse"));
        };
        let lacking = || match platform {
            None => invalid_parameter("Message Structure - No default entry in JSON message body"),
            Some(platform) => no_words_for_platform(platform),
        };
        let Value::Object(document) = document else { return Err(lacking()) };
        let texts = document.into_iter().filter_map(|(protocol, text)| match text {
            Value::String(text) => Some((protocol, Arc::from(text))),
            _ => None,
        });
        let mut others: HashMap<String, Arc<str>> = texts.collect();
        // To an app its platform's words are enough: there is nobody who would need others.
        let default = others.remove("default").or_else(|| others.get(platform?).cloned());
        let default = default.ok_or_else(lacking)?;
        Ok(Self { published: message.into(), default, others })
    }

    /// Whether it speaks to each protocol in other words.
    pub(crate) fn is_structured(&self) -> bool {
        !Arc::ptr_eq(&self.published, &self.default)
    }

    /// What it says to a protocol.
    pub(crate) fn to(&self, protocol: &str) -> &Arc<str> {
        self.others.get(protocol).unwrap_or(&self.default)
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    fn read(document: &str) -> Result<Texts, String> {
        Texts::check(document.to_owned(), Some("json"), None).map_err(|error| error.message)
    }

    fn read_to_gcm(document: &str) -> Result<Texts, String> {
        Texts::check(document.to_owned(), Some("json"), Some("GCM")).map_err(|error| error.message)
    }

    #[test]
    fn each_protocol_gets_its_own_or_the_default() {
        let texts =
            read(r#"{"default": "all", "sqs": "queues", "pigeon": {"wings": 2}, "GCM": "{}"}"#).unwrap();
        assert_eq!(
            (&**texts.to("sqs"), &**texts.to("http"), &**texts.to("pigeon")),
            ("queues", "all", "all")
        );
        assert_eq!(&**texts.to("GCM"), "{}");
        assert!(texts.is_structured());
        assert!(read(r#"{"default": "one", "default": "two"}"#).is_ok());
    }

    /// Recorded: test_message_structure_json_exc.
    #[test]
    fn without_a_default_it_is_refused() {
        for document in ["{}", r#"{"sqs": "a"}"#, r#"{"default": 1}"#, "[]", "1"] {
            let expected = "Invalid parameter: Message Structure - No default entry in JSON message body";
            assert_eq!(read(document), Err(expected.to_owned()), "{document}");
        }
        let expected = "Invalid parameter: Message Structure - JSON message body failed to parse";
        assert_eq!(read("no json"), Err(expected.to_owned()));
    }

    /// Recorded by callers: aws/aws-sdk-net#180, aws/aws-sdk-kotlin#426 (what is no text is not there).
    #[test]
    fn an_app_needs_a_default_or_its_platforms_words() {
        let texts = read_to_gcm(r#"{"GCM": "{}"}"#).unwrap();
        assert_eq!((&**texts.to("GCM"), texts.is_structured()), ("{}", true));
        assert_eq!(&**read_to_gcm(r#"{"default": "all", "APNS": "{}"}"#).unwrap().to("GCM"), "all");
        for document in ["{}", r#"{"gcm": "{}"}"#, r#"{"APNS": "{}"}"#, r#"{"GCM": {"data": {}}}"#, "[]"] {
            let expected = "Invalid parameter: JSON must contain an entry for 'default' or 'GCM'.";
            assert_eq!(read_to_gcm(document), Err(expected.to_owned()), "{document}");
        }
        let expected = "Invalid parameter: Message Structure - JSON message body failed to parse";
        assert_eq!(read_to_gcm("no json"), Err(expected.to_owned()));
    }

    #[test]
    fn a_plain_message_is_the_same_for_all() {
        let texts = Texts::check("{}".to_owned(), None, None).unwrap();
        assert_eq!((&**texts.to("sqs"), texts.is_structured()), ("{}", false));
        assert!(Texts::check(String::new(), None, None).is_err());
        assert!(Texts::check("x".to_owned(), Some("xml"), None).is_err());
    }
}
