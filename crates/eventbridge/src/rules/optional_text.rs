//! Texts that may be left out, such as descriptions and keys: an empty one is none, and is shown as none.

/// What is kept of a text that was given.
pub(crate) fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// What an update leaves that keeps what it does not name: an empty text takes the known one away.
pub(crate) fn updated(known: Option<String>, text: Option<String>) -> Option<String> {
    match text {
        Some(text) => given(Some(text)),
        None => known,
    }
}

#[cfg(test)]
mod tests {
    use super::updated;

    #[test]
    fn an_empty_text_takes_the_known_one_away() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(updated(text("a"), None), text("a"));
        assert_eq!(updated(text("a"), text("b")), text("b"));
        assert_eq!(updated(text("a"), text("")), None);
        assert_eq!(updated(None, None), None);
    }
}
