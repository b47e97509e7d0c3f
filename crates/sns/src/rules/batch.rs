//! What PublishBatch checks before it looks at an entry. AWS: API_PublishBatch.

use service::Error;

use crate::errors::{
    batch_entry_id_has_impermissible_character, batch_entry_id_is_too_long, batch_entry_ids_not_distinct,
    empty_batch_request, too_many_entries_in_batch_request,
};

const ENTRIES_MAX: usize = 10;
const ID_CHARS_MAX: usize = 80;

/// Refuses a batch by the number and the ids of its entries.
pub(crate) fn check_ids<'a>(ids: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let ids: Vec<&str> = ids.collect();
    if ids.is_empty() {
        return Err(empty_batch_request());
    }
    if ids.len() > ENTRIES_MAX {
        return Err(too_many_entries_in_batch_request());
    }
    for (place, id) in ids.iter().enumerate() {
        if id.chars().count() > ID_CHARS_MAX {
            return Err(batch_entry_id_is_too_long(id));
        }
        let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if id.is_empty() || !id.bytes().all(known) {
            return Err(batch_entry_id_has_impermissible_character(id));
        }
        if ids[..place].contains(id) {
            return Err(batch_entry_ids_not_distinct());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_ids;

    #[test]
    fn a_batch_is_refused_by_its_ids() {
        let code = |ids: &[&str]| check_ids(ids.iter().copied()).err().map(|error| error.kind.code);
        assert_eq!(code(&["a", "b-1_2", &"x".repeat(80)]), None);
        assert_eq!(code(&[]), Some("EmptyBatchRequest"));
        assert_eq!(code(&["x"; 11]), Some("TooManyEntriesInBatchRequest"));
        assert_eq!(code(&["a", "b", "a"]), Some("BatchEntryIdsNotDistinct"));
        for id in ["a:b", "a b", "ä", "", &"x".repeat(81)] {
            assert_eq!(code(&[id]), Some("InvalidBatchEntryId"), "{id}");
        }
    }
}
