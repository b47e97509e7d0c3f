//! Picks strings out of an answer without parsing it.

use memchr::memmem;

/// Every value of the JSON string member `name`, as written (escapes untouched), in order.
pub fn json_strings<'a>(body: &'a [u8], name: &str) -> impl Iterator<Item = &'a [u8]> {
    let needle = format!("\"{name}\":\"");
    let mut rest = body;
    std::iter::from_fn(move || {
        let start = memmem::find(rest, needle.as_bytes())? + needle.len();
        let end = start + memchr::memchr(b'"', &rest[start..])?;
        let value = &rest[start..end];
        rest = &rest[end..];
        Some(value)
    })
}

/// The text of every XML element of this name, as written (entities untouched), in order. Elements with
/// attributes are not found: no answer read here has one that is wanted.
pub fn xml_texts<'a>(body: &'a [u8], name: &str) -> impl Iterator<Item = &'a [u8]> {
    let needle = format!("<{name}>");
    let mut rest = body;
    std::iter::from_fn(move || {
        let start = memmem::find(rest, needle.as_bytes())? + needle.len();
        let end = start + memchr::memchr(b'<', &rest[start..])?;
        let text = &rest[start..end];
        rest = &rest[end..];
        Some(text)
    })
}

/// How often `needle` occurs.
#[must_use]
pub fn count(body: &[u8], needle: &str) -> usize {
    memmem::find_iter(body, needle.as_bytes()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_members_of_a_name_are_found_in_order() {
        let body = br#"{"Messages":[{"ReceiptHandle":"a=","Body":"x"},{"ReceiptHandle":"b="}]}"#;
        let found: Vec<_> = json_strings(body, "ReceiptHandle").collect();
        assert_eq!(found, [b"a=", b"b="]);
        assert_eq!(count(body, "\"Body\""), 1);
    }

    #[test]
    fn elements_of_a_name_are_found_in_order() {
        let body = b"<a><MessageId>1</MessageId><Other>x</Other><MessageId>2</MessageId></a>";
        let found: Vec<_> = xml_texts(body, "MessageId").collect();
        assert_eq!(found, [b"1", b"2"]);
    }
}
