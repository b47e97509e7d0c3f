//! Queue tags. AWS: SQS Developer Guide, "Amazon SQS cost allocation tags".

use service::Error;
use shape::{Map, is_xml_text};

use crate::errors::{invalid_parameter, missing_parameter};

const TAGS_MAX: usize = 50;
const KEY_CHARS_MAX: usize = 128;
const VALUE_CHARS_MAX: usize = 256;

/// Refuses tags by themselves.
pub(crate) fn check(tags: &Map<String>) -> Result<(), Error> {
    if tags.is_empty() {
        return Err(missing_parameter("Tags"));
    }
    for (key, value) in tags.iter() {
        check_key(key)?;
        if value.chars().count() > VALUE_CHARS_MAX || !is_xml_text(value) {
            return Err(invalid_parameter(format!("Tag value {value} for key {key} is invalid.")));
        }
    }
    check_count(tags.len())
}

/// Refuses more tags than a queue can have.
pub(crate) fn check_count(count: usize) -> Result<(), Error> {
    if count <= TAGS_MAX {
        return Ok(());
    }
    Err(invalid_parameter(format!(
        "Too many tags added for queue. Maximum number of tags per queue is {TAGS_MAX}."
    )))
}

fn check_key(key: &str) -> Result<(), Error> {
    let reserved = key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    let fits = (1..=KEY_CHARS_MAX).contains(&key.chars().count()) && is_xml_text(key);
    if fits && !reserved { Ok(()) } else { Err(invalid_parameter(format!("Tag key {key} is invalid."))) }
}
