//! The little of URLs that calls to the outside need: percent-encoding, queries, placeholders.

/// Whether a URL can be an endpoint. AWS takes `https` alone; here the server may be the next process. Who a call is from
/// is the connection's to say: a user and a password would be shown with the URL.
pub(crate) fn is_endpoint(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // An address of IPv6 stands in brackets.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        && !host.is_empty()
        && !authority.contains('@')
        && (port.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

/// Percent-encodes whatever is not unreserved.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// `a=1&b=2`.
pub(crate) fn form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs.into_iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The URL with a query parameter, which takes the place of those of its name.
pub(crate) fn set_query(url: &str, name: &str, value: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let escaped = escape(name);
    let others = query.split('&').filter(|pair| {
        let key = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && key != name && key != escaped
    });
    let pairs: Vec<String> =
        others.map(str::to_owned).chain([format!("{escaped}={}", escape(value))]).collect();
    format!("{path}?{}", pairs.join("&"))
}

/// Puts values in the places of asterisks, in order. Those without a value stay.
pub(crate) fn fill(url: &str, values: &[String]) -> String {
    let mut parts = url.split('*');
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut values = values.iter();
    for part in parts {
        match values.next() {
            Some(value) => out.push_str(&escape(value)),
            None => out.push('*'),
        }
        out.push_str(part);
    }
    out
}

/// Sets a header, in the place of those of its name.
pub(crate) fn set_header(headers: &mut Vec<(String, String)>, name: &str, value: &str) {
    headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value.to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_name_a_host_and_nobody() {
        for (url, expected) in [
            ("https://example.com", true),
            ("HTTP://localhost:3000/a@b?c=http://u:p@h", true),
            ("http://127.0.0.1:65535?x", true),
            ("http://[::1]:80/", true),
            ("http://[::1]", true),
            ("https://h:/", true),
            ("https://", false),
            ("https:///x", false),
            ("https://:80/", false),
            ("http://localhost:99999/", false),
            ("http://localhost:x/", false),
            ("http://localhost:+80/", false),
            ("http://user:pw@host/", false),
            ("http://@host/", false),
            ("ftp://h/", false),
            ("h", false),
        ] {
            assert_eq!(is_endpoint(url), expected, "{url}");
        }
    }

    #[test]
    fn query_parameters_take_the_place_of_their_namesakes() {
        for (url, name, value, expected) in [
            ("http://h/p", "a", "1", "http://h/p?a=1"),
            ("http://h/p?", "a", "1", "http://h/p?a=1"),
            ("http://h/p?b=2", "a", "x y&z", "http://h/p?b=2&a=x%20y%26z"),
            ("http://h/p?a=0&b=2&a", "a", "1", "http://h/p?b=2&a=1"),
            ("http://h/p?a%20b=0", "a b", "ü", "http://h/p?a%20b=%C3%BC"),
        ] {
            assert_eq!(set_query(url, name, value), expected);
        }
    }

    #[test]
    fn asterisks_are_filled_in_order() {
        let values = ["a b".to_owned(), "c/d".to_owned()];
        assert_eq!(fill("http://h/*/x/*", &values), "http://h/a%20b/x/c%2Fd");
        assert_eq!(fill("http://h/*/*/*", &values), "http://h/a%20b/c%2Fd/*");
        assert_eq!(fill("http://h/", &values), "http://h/");
    }

    #[test]
    fn a_header_replaces_its_namesakes() {
        let mut headers = vec![("content-type".to_owned(), "a".to_owned()), ("x".to_owned(), "1".to_owned())];
        set_header(&mut headers, "Content-Type", "b");
        assert_eq!(headers, [("x".to_owned(), "1".to_owned()), ("Content-Type".to_owned(), "b".to_owned())]);
    }
}
