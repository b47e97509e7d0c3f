//! Paging of what is listed by name. AWS: API_ListRules, Limit and NextToken.

use std::borrow::Cow;

use service::{Error, Page};

use crate::errors::parameter_not_valid;

/// Items of a page nobody limited. The model lets nobody ask for more.
const DEFAULT: usize = 100;

/// Cuts a page out of items, which are sorted by `name` first.
pub(crate) fn cut<T>(
    mut items: Vec<T>,
    limit: Option<i32>,
    token: Option<&str>,
    name: impl Fn(&T) -> &str,
) -> Result<Page<T>, Error> {
    items.sort_by(|a, b| name(a).cmp(name(b)));
    let most = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(DEFAULT);
    Page::cut(items, most, token, |item| Cow::Borrowed(name(item)))
        .map_err(|_| parameter_not_valid("NextToken"))
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn items_are_sorted_before_they_are_cut() {
        let page = |token: Option<&str>| cut(vec!["c", "a", "b"], Some(2), token, |name| name).unwrap();
        let first = page(None);
        let second = page(first.next_token.as_deref());
        assert_eq!([first.items, second.items].concat(), ["a", "b", "c"]);
    }

    #[test]
    fn a_foreign_token_is_refused() {
        assert!(cut(vec!["a"], None, Some("%%%"), |name| name).is_err());
    }
}
