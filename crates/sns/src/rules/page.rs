//! Paging of what is listed. AWS: API_ListTopics, "each call returns a limited list of topics, up to 100".

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use service::Error;

use crate::errors::invalid_parameter;

/// Items of a page, where the caller has no say.
pub(crate) const ITEMS_MAX: usize = 100;

/// What a token of ours begins with.
const MARK: &str = "after:";

/// One page, and the token of the next.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a page out of items that are sorted by `key`; the token holds the key of the last item before it.
    pub(crate) fn cut(
        mut items: Vec<T>,
        most: usize,
        token: Option<&str>,
        key: impl Fn(&T) -> String,
    ) -> Result<Self, Error> {
        if let Some(token) = token.filter(|token| !token.is_empty()) {
            let last = read(token)?;
            items.retain(|item| key(item) > last);
        }
        let more = items.len() > most;
        items.truncate(most);
        let next_token = items.last().filter(|_| more).map(|last| write(&key(last)));
        Ok(Self { items, next_token })
    }
}

/// The token for what follows `key`.
pub(crate) fn write(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{MARK}{key}"))
}

/// The key a token of ours holds.
pub(crate) fn read(token: &str) -> Result<String, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let key = text.and_then(|text| text.strip_prefix(MARK).map(str::to_owned));
    key.ok_or_else(|| invalid_parameter("NextToken"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let all = ["a", "b", "c", "d", "e"];
        let page =
            |token: Option<&str>| Page::cut(all.to_vec(), 2, token, |name| (*name).to_owned()).unwrap();
        let first = page(None);
        let second = page(first.next_token.as_deref());
        let third = page(second.next_token.as_deref());
        assert_eq!([first.items, second.items, third.items].concat(), all);
        assert_eq!(third.next_token, None);
    }

    #[test]
    fn a_full_last_page_has_no_next() {
        let page = Page::cut(vec!["a", "b"], 2, None, |name| (*name).to_owned()).unwrap();
        assert_eq!((page.items.len(), page.next_token), (2, None));
    }

    #[test]
    fn a_foreign_token_is_refused() {
        for token in ["never given", "%%%", "bmV2ZXI"] {
            let refused = Page::cut(vec!["a"], 1, Some(token), |name| (*name).to_owned()).err().unwrap();
            assert_eq!(refused.message, "Invalid parameter: NextToken");
        }
    }
}
