//! Message attributes: their names, types and values. AWS: SNS Developer Guide, "Amazon SNS message attributes".

use delivery::{Attribute, AttributeValue};
use service::Error;
use shape::{Blob, Map};

use crate::api::types::MessageAttributeValue;
use crate::errors::{
    attribute_is_no_number, attribute_name_is_invalid, attribute_type_is_invalid, attribute_without_type,
    attribute_without_value,
};

const NAME_CHARS_MAX: usize = 256;
const TYPE_CHARS_MAX: usize = 256;

/// What AWS keeps to itself, and what of that publishers may set: attributes of SMS and of mobile push.
/// AWS: "Message attributes for mobile push notifications"; API_Publish, `AWS.MM.SMS.OriginationNumber`.
const RESERVED: [&str; 2] = ["aws.", "amazon."];
const FOR_PUBLISHERS: [&str; 2] = ["AWS.SNS.", "AWS.MM."];

/// Checks a caller's attributes and puts them in the order of their names, which parcels need.
pub(crate) fn check(attributes: Option<Map<MessageAttributeValue>>) -> Result<Vec<Attribute>, Error> {
    let attributes = attributes.unwrap_or_default();
    let mut checked = Vec::with_capacity(attributes.len());
    for (name, value) in attributes {
        check_name(&name)?;
        checked.push(check_value(name, value)?);
    }
    checked.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(checked)
}

/// What counts against the message's size: name, type and value.
pub(crate) fn size(attribute: &Attribute) -> usize {
    let value = match &attribute.value {
        AttributeValue::Text(text) => text.len(),
        AttributeValue::Bytes(bytes) => bytes.len(),
    };
    attribute.name.len() + attribute.data_type.len() + value
}

fn check_name(name: &str) -> Result<(), Error> {
    let lower = name.to_ascii_lowercase();
    let reserved = RESERVED.iter().any(|prefix| lower.starts_with(prefix))
        && !FOR_PUBLISHERS.iter().any(|prefix| name.starts_with(prefix));
    let dots = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    let known = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let fits = (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && name.chars().all(known);
    if reserved || dots || !fits { Err(attribute_name_is_invalid(name)) } else { Ok(()) }
}

fn check_value(name: String, wire: MessageAttributeValue) -> Result<Attribute, Error> {
    let data_type = wire.data_type;
    if data_type.is_empty() {
        return Err(attribute_without_type(&name));
    }
    let transport = data_type.split('.').next().unwrap_or_default();
    // A dot has to be followed by a label.
    let labelled = &data_type[transport.len()..] != ".";
    if !labelled || data_type.chars().count() > TYPE_CHARS_MAX {
        return Err(attribute_type_is_invalid(&name));
    }
    let value = match (transport, wire.string_value, wire.binary_value) {
        ("String" | "Number", Some(text), _) if !text.is_empty() => AttributeValue::Text(text),
        ("Binary", _, Some(Blob(bytes))) if !bytes.is_empty() => AttributeValue::Bytes(bytes),
        ("String" | "Number" | "Binary", ..) => return Err(attribute_without_value(&name, &data_type)),
        _ => return Err(attribute_type_is_invalid(&name)),
    };
    match &value {
        AttributeValue::Text(text) if transport == "Number" && !is_number(text) => {
            Err(attribute_is_no_number(&name))
        }
        _ => Ok(Attribute { name, data_type, value }),
    }
}

fn is_number(text: &str) -> bool {
    let text = text.trim();
    let digits = text.trim_start_matches(['+', '-']);
    digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(name: &str, data_type: &str, text: Option<&str>, bytes: Option<&[u8]>) -> Result<(), String> {
        let value = MessageAttributeValue {
            data_type: data_type.to_owned(),
            string_value: text.map(str::to_owned),
            binary_value: bytes.map(|bytes| Blob(bytes.to_vec())),
        };
        check(Some([(name, value)].into_iter().collect())).map(drop).map_err(|error| {
            assert_eq!(error.kind.code, "ParameterValueInvalid");
            error.message
        })
    }

    #[test]
    fn names_are_told_from_what_is_none() {
        for name in ["a", "A-b_c.d", "9", "AWS.SNS.SMS.SenderID", "AWS.MM.SMS.OriginationNumber", "awsome"] {
            assert_eq!(checked(name, "String", Some("v"), None), Ok(()), "{name}");
        }
        for name in [".a", "a.", "a..b", "a b", "AWS.a", "amazon.a", "aws.sns.a", "", &"a".repeat(257)] {
            assert!(checked(name, "String", Some("v"), None).is_err(), "{name}");
        }
    }

    /// Recorded: test_message_attributes_prefixes.
    #[test]
    fn types_have_one_of_three_prefixes() {
        for data_type in ["String", "String.prefixed", "String.  prefixed.", "Number.int", "String.Array"] {
            assert_eq!(checked("a", data_type, Some("1"), None), Ok(()), "{data_type}");
        }
        assert_eq!(checked("a", "Binary.png", None, Some(b"1")), Ok(()));
        for data_type in ["String.", "Stringprefixed", "Text", "string", "Number."] {
            let expected = "The message attribute 'a' has an invalid message attribute type, the set of supported \
                            type prefixes is Binary, Number, and String.";
            assert_eq!(
                checked("a", data_type, Some("1"), None).as_ref().map_err(String::as_str),
                Err(expected)
            );
        }
    }

    #[test]
    fn a_value_fits_its_type() {
        for (data_type, text, sentence) in [
            ("", Some("1"), "The message attribute 'a' must contain non-empty message attribute type."),
            (
                "String",
                None,
                "The message attribute 'a' must contain non-empty message attribute value for message attribute type \
                 'String'.",
            ),
            (
                "String",
                Some(""),
                "The message attribute 'a' must contain non-empty message attribute value for message attribute type \
                 'String'.",
            ),
            (
                "Binary",
                Some("1"),
                "The message attribute 'a' must contain non-empty message attribute value for message attribute type \
                 'Binary'.",
            ),
            ("Number", Some("one"), "Could not cast message attribute 'a' value to number."),
            ("Number", Some("NaN"), "Could not cast message attribute 'a' value to number."),
        ] {
            assert_eq!(checked("a", data_type, text, None), Err(sentence.to_owned()));
        }
    }

    #[test]
    fn attributes_stand_in_the_order_of_their_names() {
        let value = |text: &str| MessageAttributeValue {
            data_type: "String".to_owned(),
            string_value: Some(text.to_owned()),
            ..Default::default()
        };
        let found = check(Some([("b", value("1")), ("a", value("22"))].into_iter().collect())).unwrap();
        let names: Vec<&str> = found.iter().map(|attribute| attribute.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(size(&found[0]), 1 + 6 + 2);
    }
}
