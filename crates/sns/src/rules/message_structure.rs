//! What a message says to whom: one text for all, or with `MessageStructure` = `json` one for each protocol.
//!
//! AWS: API_Publish, Message and MessageStructure.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use service::Error;

use crate::errors::{empty_message, invalid_parameter};

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

    /// Reads what was published.
    pub(crate) fn check(message: String, structure: Option<&str>) -> Result<Self, Error> {
        if message.is_empty() {
            return Err(empty_message());
        }
        match structure {
            None | Some("") => Ok(Self::plain(message)),
            Some("json") => Self::structured(message),
            Some(_) => Err(invalid_parameter("MessageStructure")),
        }
    }

    fn structured(message: String) -> Result<Self, Error> {
        // Of a key that comes twice the last one counts, as AWS does not mind it either.
        let Ok(document) = serde_json::from_str::<Value>(&message) else {
            return Err(invalid_parameter("Message Structure - JSON message body failed to parse"));
        };
        let no_default = || invalid_parameter("Message Structure - No default entry in JSON message body");
        let Value::Object(document) = document else { return Err(no_default()) };
        let texts = document.into_iter().filter_map(|(protocol, text)| match text {
            Value::String(text) => Some((protocol, Arc::from(text))),
            _ => None,
        });
        let mut others: HashMap<String, Arc<str>> = texts.collect();
        let default = others.remove("default").ok_or_else(no_default)?;
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
        Texts::check(document.to_owned(), Some("json")).map_err(|error| error.message)
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

    #[test]
    fn a_plain_message_is_the_same_for_all() {
        let texts = Texts::check("{}".to_owned(), None).unwrap();
        assert_eq!((&**texts.to("sqs"), texts.is_structured()), ("{}", false));
        assert!(Texts::check(String::new(), None).is_err());
        assert!(Texts::check("x".to_owned(), Some("xml")).is_err());
    }
}
