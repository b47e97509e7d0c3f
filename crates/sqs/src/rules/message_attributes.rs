//! Message attributes and message system attributes: their rules, their sizes, their stored form.
//!
//! AWS: SQS Developer Guide, "Amazon SQS message metadata".

use delivery::AttributeValue;
use service::Error;
use shape::{Blob, Map, is_xml_text};

use crate::api::types::{MessageAttributeValue, MessageSystemAttributeValue};
use crate::errors::{
    invalid_message_contents, invalid_parameter, list_values_are_not_supported, missing_attribute_type,
};

const ATTRIBUTES_MAX: usize = 10;
const NAME_CHARS_MAX: usize = 256;
const TYPE_CHARS_MAX: usize = 256;

/// The one system attribute a sender may set.
const TRACE_HEADER: &str = "AWSTraceHeader";

/// An attribute as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) data_type: String,
    pub(crate) value: Value,
}

/// Strings and numbers travel as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Bytes(Vec<u8>),
}

impl Attribute {
    /// What counts against the message's size: name, type and value.
    pub(crate) fn size(&self) -> usize {
        let value = match &self.value {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
        };
        self.name.len() + self.data_type.len() + value
    }

    /// The attribute as a receive answers it.
    pub(crate) fn to_wire(&self) -> MessageAttributeValue {
        let mut wire = MessageAttributeValue { data_type: self.data_type.clone(), ..Default::default() };
        match &self.value {
            Value::Text(text) => wire.string_value = Some(text.clone()),
            Value::Bytes(bytes) => wire.binary_value = Some(Blob(bytes.clone())),
        }
        wire
    }
}

/// Checks a caller's attributes and puts them in the order of their names, which digests and answers need.
pub(crate) fn check(
    operation: &str,
    attributes: Option<Map<MessageAttributeValue>>,
) -> Result<Vec<Attribute>, Error> {
    let attributes = attributes.unwrap_or_default();
    if attributes.len() > ATTRIBUTES_MAX {
        return Err(invalid_parameter(format!(
            "Number of message attributes [{}] exceeds the allowed maximum [{ATTRIBUTES_MAX}].",
            attributes.len()
        )));
    }
    let mut checked = Vec::with_capacity(attributes.len());
    for (name, value) in attributes {
        check_name(&name)?;
        checked.push(check_value(operation, "user", name, value)?);
    }
    checked.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(checked)
}

/// Checks the attributes of another service's message as SendMessage does a caller's.
pub(crate) fn check_parcel(attributes: &[delivery::Attribute]) -> Result<Vec<Attribute>, Error> {
    let to_wire = |attribute: &delivery::Attribute| {
        let mut wire = MessageAttributeValue { data_type: attribute.data_type.clone(), ..Default::default() };
        match &attribute.value {
            AttributeValue::Text(text) => wire.string_value = Some(text.clone()),
            AttributeValue::Bytes(bytes) => wire.binary_value = Some(Blob(bytes.clone())),
        }
        (attribute.name.clone(), wire)
    };
    check("SendMessage", Some(attributes.iter().map(to_wire).collect()))
}

/// Checks a caller's system attributes: only the trace header may be sent, and only as a string.
pub(crate) fn check_system(
    operation: &str,
    attributes: Option<Map<MessageSystemAttributeValue>>,
) -> Result<Vec<Attribute>, Error> {
    let mut checked = Vec::new();
    for (name, value) in attributes.unwrap_or_default() {
        if name != TRACE_HEADER {
            return Err(invalid_parameter(format!("Message system attribute name '{name}' is invalid.")));
        }
        let MessageSystemAttributeValue {
            string_value,
            binary_value,
            string_list_values,
            binary_list_values,
            data_type,
        } = value;
        let value = MessageAttributeValue {
            string_value,
            binary_value,
            string_list_values,
            binary_list_values,
            data_type,
        };
        let attribute = check_value(operation, "system", name, value)?;
        if attribute.data_type != "String" {
            return Err(invalid_type("system", &attribute.name));
        }
        checked.push(attribute);
    }
    Ok(checked)
}

fn check_name(name: &str) -> Result<(), Error> {
    let refused =
        |why: &str| Err(invalid_parameter(format!("The message attribute name '{name}' is invalid. {why}")));
    if name.is_empty() {
        return Err(invalid_parameter("The request must contain non-empty message attribute name."));
    }
    if name.chars().count() > NAME_CHARS_MAX {
        return refused(&format!("Attribute name must be between 1 and {NAME_CHARS_MAX} characters long."));
    }
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("aws.") || lower.starts_with("amazon.") {
        return refused("Attribute name cannot start with AWS-reserved prefixes such as AWS. or Amazon.");
    }
    if name.starts_with('.') || name.ends_with('.') || name.contains("..") {
        return refused("Attribute name must not start or end with a period or have consecutive periods.");
    }
    if !name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')) {
        return refused(
            "Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.",
        );
    }
    Ok(())
}

/// `owner` is how AWS tells a sender's attributes ("user") from its own ("system").
fn check_value(
    operation: &str,
    owner: &str,
    name: String,
    wire: MessageAttributeValue,
) -> Result<Attribute, Error> {
    if wire.string_list_values.is_some() || wire.binary_list_values.is_some() {
        return Err(list_values_are_not_supported(operation));
    }
    let data_type = wire.data_type;
    if data_type.is_empty() {
        return Err(missing_attribute_type(&name));
    }
    let transport = data_type.split('.').next().unwrap_or_default();
    let custom = &data_type[transport.len()..];
    let well_formed = data_type.chars().count() <= TYPE_CHARS_MAX && custom != "." && is_xml_text(&data_type);
    let value = match (transport, wire.string_value, wire.binary_value) {
        _ if !well_formed => return Err(invalid_type(owner, &name)),
        ("String" | "Number", Some(text), None) if !text.is_empty() => Value::Text(text),
        ("Binary", None, Some(Blob(bytes))) if !bytes.is_empty() => Value::Bytes(bytes),
        ("String" | "Number" | "Binary", Some(_), Some(_)) => {
            return Err(invalid_parameter(format!(
                "Message ({owner}) attribute '{name}' has multiple values. Only one value is allowed."
            )));
        }
        ("String" | "Number" | "Binary", ..) => {
            return Err(invalid_parameter(format!(
                "Message ({owner}) attribute '{name}' must contain a non-empty value of type '{transport}'."
            )));
        }
        _ => return Err(invalid_type(owner, &name)),
    };
    if let Value::Text(text) = &value {
        if !is_xml_text(text) {
            return Err(invalid_message_contents());
        }
        if transport == "Number" && !is_number(text) {
            return Err(invalid_parameter(format!(
                "Can't cast the value of message ({owner}) attribute '{name}' to a number."
            )));
        }
    }
    Ok(Attribute { name, data_type, value })
}

fn invalid_type(owner: &str, name: &str) -> Error {
    invalid_parameter(format!(
        "The type of message ({owner}) attribute '{name}' is invalid. You must use only the following supported \
         type prefixes: Binary, Number, String."
    ))
}

/// Up to 38 digits of precision, between -10^128 and 10^126, as the documentation says.
fn is_number(text: &str) -> bool {
    let text = text.trim();
    let starts_like_one =
        text.trim_start_matches(['+', '-']).starts_with(|first: char| first.is_ascii_digit() || first == '.');
    starts_like_one && text.parse::<f64>().is_ok_and(|number| number.abs() <= 1e128)
}

/// The stored form: for each attribute its name, type, transport byte and value, each with its length.
pub(crate) fn to_bytes(attributes: &[Attribute]) -> Option<Vec<u8>> {
    if attributes.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    for attribute in attributes {
        let (transport, value): (u8, &[u8]) = match &attribute.value {
            Value::Text(text) => (1, text.as_bytes()),
            Value::Bytes(raw) => (2, raw),
        };
        bytes.push(transport);
        for part in [attribute.name.as_bytes(), attribute.data_type.as_bytes(), value] {
            bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(part);
        }
    }
    Some(bytes)
}

/// Reads the stored form back. What cannot be read is not ours, and ends the list.
pub(crate) fn from_bytes(bytes: Option<&[u8]>) -> Vec<Attribute> {
    let mut rest = bytes.unwrap_or_default();
    std::iter::from_fn(|| read_one(&mut rest)).collect()
}

fn read_one(rest: &mut &[u8]) -> Option<Attribute> {
    let transport = take(rest, 1)?[0];
    let name = take_part(rest)?;
    let data_type = take_part(rest)?;
    let value = take_part(rest)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    let value = if transport == 2 { Value::Bytes(value.to_vec()) } else { Value::Text(text(value)?) };
    Some(Attribute { name: text(name)?, data_type: text(data_type)?, value })
}

fn take_part<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_be_bytes(take(rest, 4)?.try_into().ok()?);
    take(rest, usize::try_from(length).ok()?)
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

/// Whether a receive that names these patterns wants the attribute: `All`, `.*`, `*`, a prefix (`bar.*`), a name.
pub(crate) fn is_wanted(name: &str, patterns: &[String]) -> bool {
    patterns.iter().any(|pattern| match pattern.as_str() {
        "All" | ".*" | "*" => true,
        pattern => match pattern.strip_suffix(".*") {
            Some(prefix) => {
                name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.') || rest.is_empty())
            }
            None => {
                pattern == name || pattern.strip_suffix('*').is_some_and(|prefix| name.starts_with(prefix))
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(data_type: &str, value: &str) -> MessageAttributeValue {
        MessageAttributeValue {
            data_type: data_type.into(),
            string_value: Some(value.into()),
            ..Default::default()
        }
    }

    fn checked(name: &str, value: MessageAttributeValue) -> Result<Vec<Attribute>, Error> {
        check("SendMessageBatch", Some([(name, value)].into_iter().collect()))
    }

    #[test]
    fn names_are_told_from_what_is_none() {
        for name in ["attr.1øßä", "a-b_c", "x", &"a".repeat(256)] {
            assert!(checked(name, text("String", "v")).is_ok(), "{name}");
        }
        for name in [
            "aws.x",
            "AWS.x",
            "Amazon.x",
            ".a",
            "a.",
            "a..b",
            "a!",
            "a\"",
            "a§",
            "a(b",
            "a?",
            "",
            &"a".repeat(257),
        ] {
            assert!(checked(name, text("String", "v")).is_err(), "{name}");
        }
    }

    #[test]
    fn types_and_values_are_checked() {
        for (data_type, value) in
            [("String", "v"), ("Number", "1.5"), ("Number.int", "-7"), ("String.x.y", "v"), ("Number", "1e3")]
        {
            assert!(checked("a", text(data_type, value)).is_ok(), "{data_type} {value}");
        }
        for (data_type, value) in [
            ("", "v"),
            ("Text", "v"),
            ("String.", "v"),
            ("Number", "x"),
            ("Number", "NaN"),
            ("String", ""),
            ("Binary", "v"),
            ("String", "\u{1}"),
        ] {
            assert!(checked("a", text(data_type, value)).is_err(), "{data_type} {value}");
        }
    }

    #[test]
    fn lists_of_values_are_refused_by_the_operation_that_got_them() {
        let lists = MessageAttributeValue { string_list_values: Some(vec![]), ..text("String", "v") };
        let error = checked("a", lists).unwrap_err();
        assert_eq!(
            (error.kind.shape, error.message.as_str()),
            (
                "UnsupportedOperation",
                "Message attribute list values in SendMessageBatch operation are not supported."
            )
        );
    }

    #[test]
    fn attributes_come_back_from_the_store_as_they_were() {
        let attributes = vec![
            Attribute { name: "a".into(), data_type: "String".into(), value: Value::Text("ü".into()) },
            Attribute { name: "b".into(), data_type: "Binary.x".into(), value: Value::Bytes(vec![0, 255]) },
        ];
        assert_eq!(from_bytes(to_bytes(&attributes).as_deref()), attributes);
        assert_eq!(from_bytes(None), []);
    }

    #[test]
    fn a_receive_names_attributes_by_name_prefix_or_all() {
        for (name, pattern, wanted) in [
            ("foo.bar", "foo.*", true),
            ("foo", "foo.*", true),
            ("foobar", "foo.*", false),
            ("foobar", "foo*", true),
            ("x", "All", true),
            ("x", ".*", true),
            ("x", "*", true),
            ("x", "y", false),
        ] {
            assert_eq!(is_wanted(name, &[pattern.to_owned()]), wanted, "{name} {pattern}");
        }
    }
}
