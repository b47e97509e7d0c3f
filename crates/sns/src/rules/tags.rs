//! Topic tags. AWS: SNS Developer Guide, "Amazon SNS topic tagging"; API_TagResource. The lengths of keys and values
//! are the model's.

use std::collections::BTreeMap;

use service::Error;

use crate::api::types::Tag;
use crate::errors::{duplicate_tag_keys, invalid_parameter, tag_limit_exceeded};

const TAGS_MAX: usize = 50;

/// Tags by their keys.
pub(crate) type Tags = BTreeMap<String, String>;

/// Refuses tags by themselves: a key given twice, or one that is AWS's own.
pub(crate) fn read(tags: Vec<Tag>) -> Result<Tags, Error> {
    let count = tags.len();
    let tags: Tags = tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
    if tags.len() < count {
        return Err(duplicate_tag_keys());
    }
    let reserved = |key: &String| key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    if tags.keys().any(reserved) {
        return Err(invalid_parameter("Tags Reason: aws: prefixed tag key names are not allowed"));
    }
    Ok(tags)
}

/// Refuses more tags than a topic can have.
pub(crate) fn check_count(tags: &Tags) -> Result<(), Error> {
    if tags.len() <= TAGS_MAX { Ok(()) } else { Err(tag_limit_exceeded()) }
}

/// Whether making a topic again with these tags is no contradiction: it has them all, with these values.
pub(crate) fn are_among(given: &Tags, there: &Tags) -> bool {
    given.iter().all(|(key, value)| there.get(key) == Some(value))
}
