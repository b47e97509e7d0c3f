//! Paging of what is listed by name. AWS: API_ListQueues, MaxResults and NextToken.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use service::Error;

use crate::errors::invalid_value;

/// One page, and the token of the next.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: Option<String>,
}

/// Refuses a page size AWS refuses. Without one a page has `default` items, and AWS gives no token.
pub(crate) fn check_max_results(most: Option<i32>, default: usize) -> Result<(usize, bool), Error> {
    let Some(most) = most else { return Ok((default, false)) };
    let fits = usize::try_from(most).ok().filter(|most| (1..=1000).contains(most));
    let fits = fits.ok_or_else(|| {
        invalid_value(most, "MaxResults", "MaxResults must be an integer between 1 and 1000.")
    })?;
    Ok((fits, true))
}

impl<T> Page<T> {
    /// Cuts a page out of items that are sorted by `name`; the token is the name of the last item before it.
    pub(crate) fn cut(
        mut items: Vec<T>,
        (most, paged): (usize, bool),
        token: Option<&str>,
        name: impl Fn(&T) -> &str,
    ) -> Result<Self, Error> {
        if let Some(token) = token {
            let last = decode(token)
                .ok_or_else(|| invalid_value(token, "NextToken", "Invalid or expired next token."))?;
            items.retain(|item| name(item) > last.as_str());
        }
        let more = items.len() > most;
        items.truncate(most);
        let next_token = items.last().filter(|_| more && paged).map(|last| URL_SAFE.encode(name(last)));
        Ok(Self { items, next_token })
    }
}

fn decode(token: &str) -> Option<String> {
    String::from_utf8(URL_SAFE.decode(token).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let all = ["a", "b", "c", "d", "e"];
        let page = |token: Option<&str>| Page::cut(all.to_vec(), (2, true), token, |name| name).unwrap();
        let first = page(None);
        let second = page(first.next_token.as_deref());
        let third = page(second.next_token.as_deref());
        assert_eq!([first.items, second.items, third.items].concat(), all);
        assert_eq!(third.next_token, None);
    }

    #[test]
    fn a_foreign_token_is_refused() {
        assert!(Page::cut(vec!["a"], (1, true), Some("%%%"), |name| name).is_err());
    }
}
