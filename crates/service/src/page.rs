//! Paging of what is listed: pages, and the opaque tokens that lead from one to the next.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a token of ours begins with.
const MARK: &str = "after:";

/// One page of a list, and the token of the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// Where the next begins; nothing on the last.
    pub next_token: Option<String>,
}

/// A token that nobody here gave out. Each service has its own words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignToken;

impl<T> Page<T> {
    /// Cuts a page of at most `most` items out of items that are sorted by `key`, after the one that `token` names. Keys
    /// are distinct; what is deleted or made between two pages neither hides nor repeats the others.
    pub fn cut(
        mut items: Vec<T>,
        most: usize,
        token: Option<&str>,
        key: impl Fn(&T) -> Cow<'_, str>,
    ) -> Result<Self, ForeignToken> {
        if let Some(token) = token {
            let last = key_of(token)?;
            items.retain(|item| *key(item) > *last);
        }
        let more = items.len() > most;
        items.truncate(most);
        let next_token = items.last().filter(|_| more).map(|last| token_after(&key(last)));
        Ok(Self { items, next_token })
    }
}

/// The token of what follows the item of this key.
pub fn token_after(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{MARK}{key}"))
}

/// The key in a token.
pub fn key_of(token: &str) -> Result<String, ForeignToken> {
    let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.and_then(|text| text.strip_prefix(MARK).map(str::to_owned)).ok_or(ForeignToken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: &[&'static str], token: Option<&str>) -> Result<Page<&'static str>, ForeignToken> {
        Page::cut(items.to_vec(), 2, token, |name| Cow::Borrowed(name))
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let all = ["a", "b", "c", "d", "e"];
        let first = page(&all, None).unwrap();
        let second = page(&all, first.next_token.as_deref()).unwrap();
        let third = page(&all, second.next_token.as_deref()).unwrap();
        assert_eq!([first.items, second.items, third.items].concat(), all);
        assert_eq!(third.next_token, None);
    }

    #[test]
    fn a_full_last_page_has_no_next() {
        assert_eq!(page(&["a", "b"], None), Ok(Page { items: vec!["a", "b"], next_token: None }));
    }

    #[test]
    fn what_changes_between_two_pages_hides_nothing_else() {
        let first = page(&["a", "b", "c"], None).unwrap();
        assert_eq!(page(&["a", "ab", "c"], first.next_token.as_deref()).unwrap().items, ["c"]);
    }

    #[test]
    fn a_foreign_token_is_told() {
        for token in ["", "never given", "%%%", "bmV2ZXI"] {
            assert_eq!(page(&["a"], Some(token)), Err(ForeignToken), "{token}");
        }
    }
}
