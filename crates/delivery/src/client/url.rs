//! URLs: where a request goes, and how much of that may be shown.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::Uri;

/// A URL taken apart.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) https: bool,
    /// A name, or an address without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What follows the host, beginning with a slash.
    pub(crate) path_and_query: String,
    /// The value of `Host`.
    pub(crate) authority: String,
    /// The value of `Authorization` for the user and the password of the URL. AWS: Subscribe, "HTTP/S endpoints", which
    /// may be `https://user:password@host`.
    pub(crate) basic: Option<String>,
}

impl Destination {
    /// Reads a URL. What is wrong with it is said without quoting it: it may hold a password.
    pub(crate) fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: Uri = escape(url.trim()).parse().map_err(|_| "the URL cannot be read")?;
        let https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err("only http and https are called"),
        };
        let authority = uri.authority().ok_or("the URL names no host")?;
        let (user, named) = match authority.as_str().rsplit_once('@') {
            Some((user, named)) => (Some(user), named),
            None => (None, authority.as_str()),
        };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err("the URL names no host");
        }
        let port = match authority.port() {
            Some(port) => port.as_u16(),
            None if named.ends_with(':') || !named.contains(':') || named.ends_with(']') => {
                if https {
                    443
                } else {
                    80
                }
            }
            None => return Err("the URL names no port that there is"),
        };
        let path_and_query = uri.path_and_query().map_or("/", |path| path.as_str());
        let slash = if path_and_query.starts_with('/') { "" } else { "/" };
        Ok(Self {
            https,
            host: host.to_ascii_lowercase(),
            port,
            path_and_query: format!("{slash}{path_and_query}"),
            authority: named.trim_end_matches(':').to_owned(),
            basic: user.map(|user| format!("Basic {}", BASE64_STANDARD.encode(unescape(user)))),
        })
    }
}

/// The URL without user and password, to be shown.
pub(crate) fn redact(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest.get(..end).and_then(|authority| authority.rfind('@')) {
        Some(at) => format!("{scheme}://****{}", rest.get(at..).unwrap_or_default()),
        None => url.to_owned(),
    }
}

/// Percent-encodes what must not stand in a request line.
fn escape(url: &str) -> String {
    let mut escaped = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'!'..=b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// Undoes percent-encoding.
pub(super) fn unescape(text: &str) -> Vec<u8> {
    let (bytes, mut plain) = (text.as_bytes(), Vec::with_capacity(text.len()));
    let mut place = 0;
    while let Some(&byte) = bytes.get(place) {
        let hex = text.get(place + 1..place + 3).filter(|_| byte == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                plain.push(decoded);
                place += 3;
            }
            None => {
                plain.push(byte);
                place += 1;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (url, expected) in [
            ("http://localhost:3000/hook", "localhost 3000 /hook localhost:3000"),
            ("http://localhost", "localhost 80 / localhost"),
            ("HTTPS://Example.COM?a=1", "example.com 443 /?a=1 Example.COM"),
            ("http://[::1]:8080/x", "::1 8080 /x [::1]:8080"),
            ("http://[::1]/x", "::1 80 /x [::1]"),
            ("http://h/a b/ü?q={x}#part", "h 80 /a%20b/%C3%BC?q={x} h"),
            ("http://u:p@h:1/x", "h 1 /x h:1"),
        ] {
            let found = Destination::parse(url)
                .map(|to| format!("{} {} {} {}", to.host, to.port, to.path_and_query, to.authority));
            assert_eq!(found.as_deref(), Ok(expected), "{url}");
        }
        assert!(Destination::parse("https://h/").is_ok_and(|to| to.https));
    }

    #[test]
    fn user_and_password_become_a_header() {
        let basic = |url| Destination::parse(url).map(|to| to.basic);
        // RFC 7617's own example.
        let expected = Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned());
        assert_eq!(basic("http://Aladdin:open%20sesame@h/"), Ok(expected));
        assert_eq!(basic("http://h/@"), Ok(None));
    }

    #[test]
    fn what_cannot_be_called_is_refused() {
        for url in [
            "",
            "h",
            "/x",
            "ftp://h/",
            "file:///etc/passwd",
            "http://",
            "http:///x",
            "http://h:70000/",
            "http://h:x/",
            "http://[::1",
            "http://a b/",
            "gopher://h",
            "http://@/",
            "http://ü/",
            "http://h%00/",
        ] {
            assert!(Destination::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        for (url, shown) in [
            ("https://u:p@h/x", "https://****@h/x"),
            ("https://u:p@ss@h?x=a@b", "https://****@h?x=a@b"),
            ("https://h/x@y", "https://h/x@y"),
            ("arn:aws:sqs:us-east-1:1:q", "arn:aws:sqs:us-east-1:1:q"),
        ] {
            assert_eq!(redact(url), shown);
        }
    }
}
