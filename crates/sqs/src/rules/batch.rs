//! What all four batch operations check before they look at an entry. AWS: API_SendMessageBatch and its siblings.

use service::Error;

use crate::api::types::BatchResultErrorEntry;
use crate::errors::{
    batch_entry_ids_not_distinct, empty_batch, invalid_batch_entry_id, of_entry, too_many_entries,
};

const ENTRIES_MAX: usize = 10;
const ID_CHARS_MAX: usize = 80;

/// Refuses a batch by the number and the ids of its entries. `entry` is the entry's name in the query protocol.
pub(crate) fn check_ids<'a>(entry: &str, ids: impl ExactSizeIterator<Item = &'a str>) -> Result<(), Error> {
    let ids: Vec<&str> = ids.collect();
    if ids.is_empty() {
        return Err(empty_batch(entry));
    }
    if ids.len() > ENTRIES_MAX {
        return Err(too_many_entries(ids.len()));
    }
    if ids.iter().any(|id| !is_id(id)) {
        return Err(invalid_batch_entry_id());
    }
    match ids.iter().enumerate().find(|(place, id)| ids[..*place].contains(id)) {
        Some((_, id)) => Err(batch_entry_ids_not_distinct(id)),
        None => Ok(()),
    }
}

fn is_id(id: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The results of a batch: absent lists are no empty lists.
pub(crate) struct Results<T> {
    pub(crate) successful: Vec<T>,
    pub(crate) failed: Vec<BatchResultErrorEntry>,
}

impl<T> Results<T> {
    /// Sorts each entry's result to its list, in the order of the entries.
    pub(crate) fn collect(results: impl Iterator<Item = (String, Result<T, Error>)>) -> Self {
        let mut sorted = Self { successful: Vec::new(), failed: Vec::new() };
        for (id, result) in results {
            match result {
                Ok(entry) => sorted.successful.push(entry),
                Err(error) => sorted.failed.push(failed_entry(id, error)),
            }
        }
        sorted
    }

    /// The two lists as a batch answers them: absent when empty.
    pub(crate) fn into_lists(self) -> (Option<Vec<T>>, Option<Vec<BatchResultErrorEntry>>) {
        (
            Some(self.successful).filter(|list| !list.is_empty()),
            Some(self.failed).filter(|list| !list.is_empty()),
        )
    }
}

fn failed_entry(id: String, error: Error) -> BatchResultErrorEntry {
    let (kind, message) = of_entry(error);
    BatchResultErrorEntry {
        id,
        sender_fault: kind.sender_fault,
        code: kind.code.to_owned(),
        message: Some(message),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_ids, failed_entry};
    use crate::errors::{
        invalid_value, message_too_long, not_valid_for_queue_type, receipt_handle_has_expired,
    };

    #[test]
    fn an_entry_tells_some_refusals_in_other_words() {
        let told = |error| {
            let entry = failed_entry("id".to_owned(), error);
            (entry.code, entry.message.unwrap_or_default())
        };
        let whole = invalid_value(901, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
        for (error, code, message) in [
            (whole.clone(), "InvalidParameterValue", whole.message.as_str()),
            (
                not_valid_for_queue_type(1, "DelaySeconds"),
                "InvalidParameterValue",
                "The request include parameter that is not valid for this queue type",
            ),
            (receipt_handle_has_expired("h"), "ReceiptHandleIsInvalid", "The receipt handle has expired"),
            (
                message_too_long(2048),
                "InvalidParameterValue",
                "One or more parameters cannot be validated. Reason: Message must be shorter than 2048 bytes.",
            ),
        ] {
            assert_eq!(told(error), (code.to_owned(), message.to_owned()));
        }
    }

    #[test]
    fn a_batch_is_refused_by_its_ids() {
        let code = |ids: &[&str]| check_ids("Entry", ids.iter().copied()).err().map(|error| error.kind.shape);
        assert_eq!(code(&["a", "b-1_2"]), None);
        assert_eq!(code(&[]), Some("EmptyBatchRequest"));
        assert_eq!(
            code(&["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]),
            Some("TooManyEntriesInBatchRequest")
        );
        assert_eq!(code(&["a:b"]), Some("InvalidBatchEntryId"));
        assert_eq!(code(&[""]), Some("InvalidBatchEntryId"));
        assert_eq!(code(&[&"x".repeat(81)]), Some("InvalidBatchEntryId"));
        assert_eq!(code(&["a", "b", "a"]), Some("BatchEntryIdsNotDistinct"));
    }
}
