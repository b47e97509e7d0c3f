//! Paging of what is listed by name. AWS: API_ListRules, Limit and NextToken.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use service::Error;

use crate::errors::parameter_not_valid;

/// Items of a page nobody limited. The model lets nobody ask for more.
const DEFAULT: usize = 100;

/// One page, and the token of the next.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a page out of items, which are sorted by `name` first; the token is the name of the last item before it.
    pub(crate) fn cut(
        mut items: Vec<T>,
        limit: Option<i32>,
        token: Option<&str>,
        name: impl Fn(&T) -> &str,
    ) -> Result<Self, Error> {
        items.sort_by(|a, b| name(a).cmp(name(b)));
        if let Some(token) = token {
            let last = decode(token).ok_or_else(|| parameter_not_valid("NextToken"))?;
            items.retain(|item| name(item) > last.as_str());
        }
        let most = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(DEFAULT);
        let more = items.len() > most;
        items.truncate(most);
        let next_token = items.last().filter(|_| more).map(|last| URL_SAFE.encode(name(last)));
        Ok(Self { items, next_token })
    }
}

fn decode(token: &str) -> Option<String> {
    String::from_utf8(URL_SAFE.decode(token).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let all = ["e", "a", "d", "b", "c"];
        let page = |token: Option<&str>| Page::cut(all.to_vec(), Some(2), token, |name| name).unwrap();
        let first = page(None);
        let second = page(first.next_token.as_deref());
        let third = page(second.next_token.as_deref());
        assert_eq!([first.items, second.items, third.items].concat(), ["a", "b", "c", "d", "e"]);
        assert_eq!(third.next_token, None);
    }

    #[test]
    fn a_foreign_token_is_refused() {
        assert!(Page::cut(vec!["a"], None, Some("%%%"), |name| name).is_err());
    }
}
