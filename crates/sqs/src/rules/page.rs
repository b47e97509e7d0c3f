//! Paging of what is listed by name. AWS: API_ListQueues, MaxResults and NextToken.

use std::borrow::Cow;

use service::{Error, Page};

use crate::errors::invalid_value;

/// Refuses a page size AWS refuses. Without one a page has `default` items, and AWS gives no token.
pub(crate) fn check_max_results(most: Option<i32>, default: usize) -> Result<(usize, bool), Error> {
    let Some(most) = most else { return Ok((default, false)) };
    let fits = usize::try_from(most).ok().filter(|most| (1..=1000).contains(most));
    let fits = fits.ok_or_else(|| {
        invalid_value(most, "MaxResults", "MaxResults must be an integer between 1 and 1000.")
    })?;
    Ok((fits, true))
}

/// Cuts a page out of items that are sorted by `name`. An empty token asks for the first page.
pub(crate) fn cut<T>(
    items: Vec<T>,
    (most, paged): (usize, bool),
    token: Option<&str>,
    name: impl Fn(&T) -> &str,
) -> Result<Page<T>, Error> {
    let token = token.filter(|token| !token.is_empty());
    let page = Page::cut(items, most, token, |item| Cow::Borrowed(name(item))).map_err(|_| {
        invalid_value(token.unwrap_or_default(), "NextToken", "Invalid or expired next token.")
    })?;
    Ok(Page { next_token: page.next_token.filter(|_| paged), ..page })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_not_paged_gives_no_token() {
        let names = |paged| cut(vec!["a", "b"], (1, paged), None, |name| name).unwrap();
        assert_eq!(names(false), Page { items: vec!["a"], next_token: None });
        assert!(names(true).next_token.is_some());
    }

    #[test]
    fn refusals() {
        let refused = cut(vec!["a"], (1, true), Some("never given"), |name| name).unwrap_err();
        assert_eq!(
            refused.message,
            "Value never given for parameter NextToken is invalid. Reason: Invalid or expired next token."
        );
        for most in [0, 1001] {
            assert!(check_max_results(Some(most), 1000).is_err(), "{most}");
        }
    }
}
