//! Paging of what is listed. AWS: API_ListTopics, "each call returns a limited list of topics, up to 100".

use std::borrow::Cow;

use service::{Error, Page, key_of};

use crate::errors::invalid_parameter;

/// Items of a page, where the caller has no say.
pub(crate) const ITEMS_MAX: usize = 100;

/// Cuts a page out of items that are sorted by `key`. An empty token asks for the first page.
pub(crate) fn cut<T>(
    items: Vec<T>,
    most: usize,
    token: Option<&str>,
    key: impl Fn(&T) -> String,
) -> Result<Page<T>, Error> {
    let token = token.filter(|token| !token.is_empty());
    Page::cut(items, most, token, |item| Cow::Owned(key(item))).map_err(|_| invalid_parameter("NextToken"))
}

/// The key a token of ours holds.
pub(crate) fn read(token: &str) -> Result<String, Error> {
    key_of(token).map_err(|_| invalid_parameter("NextToken"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_token_is_none() {
        let first = cut(vec!["a", "b"], 1, Some(""), |name| (*name).to_owned()).unwrap();
        assert_eq!(first.items, ["a"]);
    }

    #[test]
    fn a_foreign_token_is_refused() {
        let refused = cut(vec!["a"], 1, Some("never given"), |name| (*name).to_owned()).unwrap_err();
        assert_eq!(refused.message, "Invalid parameter: NextToken");
    }
}
