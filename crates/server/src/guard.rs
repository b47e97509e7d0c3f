//! Who may talk to us. Localhost is not a boundary: any web page a developer opens can send requests there.
//!
//! Two checks close that door. `Host` must be a name that only a local or configured address has, so a stranger's
//! domain cannot be pointed at us (DNS rebinding). And what a browser marks as coming from another origin is refused
//! before it is dispatched, AWS requests included: a form post needs no preflight, so `Action=PurgeQueue` would
//! otherwise be one hidden form away. Tools send no `Origin`, and never notice.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Version};

/// Names that are local wherever they are used. `internal` is reserved for private use, so that no stranger can own
/// `host.docker.internal`; `amazonaws.com` is what an SDK asks for that was given us as its proxy.
const LOCAL_DOMAINS: [&str; 4] = ["localhost", "localhost.localstack.cloud", "internal", "amazonaws.com"];

/// Names that are private to a network. They count once we listen to more than loopback.
const NETWORK_DOMAINS: [&str; 4] = ["local", "test", "localdomain", "home.arpa"];

/// Why somebody may not talk to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stranger {
    /// There is no usable `Host`.
    NoHost,
    /// `Host` names somebody else.
    ForeignHost,
    /// A web page of another origin.
    ForeignOrigin,
}

/// Who may talk to us, as it was configured.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) hosts: Vec<String>,
    pub(crate) allow_origins: Vec<String>,
    /// Whether we listen to more than loopback.
    pub(crate) listens_to_network: bool,
}

impl Guard {
    /// Host and port as the caller wrote them, unless it may not talk to us. `local` stands in for callers of
    /// HTTP/1.0, who need not name a host.
    pub(crate) fn admit<'a>(&self, parts: &'a Parts, local: &'a str) -> Result<&'a str, Stranger> {
        let authority = authority(parts, local).ok_or(Stranger::NoHost)?;
        let host = host_of(authority).ok_or(Stranger::NoHost)?;
        if !self.is_ours(host) {
            return Err(Stranger::ForeignHost);
        }
        self.check_origin(&parts.headers, authority)?;
        Ok(authority)
    }

    /// Whether this origin may read our answers from its own pages.
    pub(crate) fn allows_origin(&self, origin: &str) -> bool {
        self.allow_origins.iter().any(|allowed| allowed == "*" || allowed.eq_ignore_ascii_case(origin))
    }

    fn is_ours(&self, host: &str) -> bool {
        if host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok() {
            return true;
        }
        let name = host.strip_suffix('.').unwrap_or(host);
        LOCAL_DOMAINS.iter().any(|domain| is_within(name, domain))
            || self.hosts.iter().any(|pattern| matches_pattern(name, pattern))
            || self.listens_to_network
                && (!name.contains('.') || NETWORK_DOMAINS.iter().any(|domain| is_within(name, domain)))
    }

    fn check_origin(&self, headers: &HeaderMap, authority: &str) -> Result<(), Stranger> {
        let mut origins = headers.get_all(ORIGIN).into_iter();
        let Some(origin) = origins.next() else {
            // A browser's GET of an image has no origin, but says where the page is from. "same-site" is no better
            // than "cross-site": to a browser, all ports of localhost are one site.
            let foreign = |site: &HeaderValue| site != "same-origin" && site != "none";
            let foreign = headers.get("sec-fetch-site").is_some_and(foreign);
            return if foreign { Err(Stranger::ForeignOrigin) } else { Ok(()) };
        };
        // `null` is what sandboxed frames and local files send: it could be anybody.
        let origin = origin.to_str().ok().filter(|origin| *origin != "null" && origins.next().is_none());
        let known =
            origin.is_some_and(|origin| is_own_origin(origin, authority) || self.allows_origin(origin));
        if known { Ok(()) } else { Err(Stranger::ForeignOrigin) }
    }
}

/// A request to a proxy names the host in its first line, and that outranks the header (RFC 9112, 3.2.2).
fn authority<'a>(parts: &'a Parts, local: &'a str) -> Option<&'a str> {
    if let Some(authority) = parts.uri.authority() {
        return Some(authority.as_str());
    }
    let mut hosts = parts.headers.get_all(HOST).into_iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        (None, _) if parts.version < Version::HTTP_11 => Some(local),
        _ => None,
    }
}

/// The host without its port, if both can be what they say. What passes is safe in a URL.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let end = rest.find(']')?;
            rest[..end].parse::<Ipv6Addr>().ok()?;
            authority.split_at(end + 2)
        }
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port_fits = match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    let name_fits = host.starts_with('[')
        || !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    (port_fits && name_fits).then_some(host)
}

/// The domain itself or a name below it, whatever the case.
fn is_within(name: &str, domain: &str) -> bool {
    let Some(start) = name.len().checked_sub(domain.len()) else { return false };
    name.as_bytes()[start..].eq_ignore_ascii_case(domain.as_bytes())
        && (start == 0 || name.as_bytes()[start - 1] == b'.')
}

fn matches_pattern(name: &str, pattern: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(domain) => is_within(name, domain) && name.len() > domain.len(),
        None => pattern == "*" || pattern.eq_ignore_ascii_case(name),
    }
}

/// A page we served ourselves; `https` where something in front of us ends TLS.
fn is_own_origin(origin: &str, authority: &str) -> bool {
    let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    host.is_some_and(|host| host.eq_ignore_ascii_case(authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(guard: &Guard, uri: &str, headers: &[(&str, &str)]) -> Result<String, Stranger> {
        let mut request = http::Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        guard.admit(&parts, "127.0.0.1:4566").map(str::to_owned)
    }

    fn guard(listens_to_network: bool) -> Guard {
        Guard {
            hosts: vec!["fanlight.example.com".into(), "*.dev.example.com".into()],
            allow_origins: vec!["http://localhost:3000".into()],
            listens_to_network,
        }
    }

    #[test]
    fn local_and_configured_hosts_are_ours() {
        for host in [
            "127.0.0.1:4566",
            "127.0.0.1",
            "10.1.2.3:80",
            "[::1]:4566",
            "[::1]",
            "localhost",
            "LOCALHOST:4566",
            "localhost.",
            "sqs.localhost:1",
            "localhost.localstack.cloud:4566",
            "host.docker.internal:4566",
            "sqs.us-east-1.localhost.localstack.cloud",
            "sqs.eu-west-1.amazonaws.com",
            "fanlight.example.com:4566",
            "Fanlight.Example.Com",
            "a.dev.example.com",
            "a.b.dev.example.com",
        ] {
            assert_eq!(check(&guard(false), "/", &[("host", host)]).as_deref(), Ok(host), "{host}");
        }
    }

    #[test]
    fn other_hosts_are_not() {
        for host in [
            "evil.example",
            "evil.example:4566",
            "localhost.evil.example",
            "notlocalhost",
            "example.com",
            "dev.example.com",
            "amazonaws.com.evil.example",
            "xamazonaws.com",
            "127.0.0.1.nip.io",
            "fanlight",
            "a.local",
        ] {
            assert_eq!(check(&guard(false), "/", &[("host", host)]), Err(Stranger::ForeignHost), "{host}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for host in [
            "",
            ":4566",
            "localhost:x",
            "localhost:+1",
            "localhost:65536",
            "user@localhost",
            "a b",
            "[::1",
            "[x]",
            "a/b",
            "ä",
        ] {
            assert_eq!(check(&guard(true), "/", &[("host", host)]), Err(Stranger::NoHost), "{host}");
        }
        assert_eq!(check(&guard(true), "/", &[]), Err(Stranger::NoHost));
        let twice = [("host", "localhost"), ("host", "localhost")];
        assert_eq!(check(&guard(true), "/", &twice), Err(Stranger::NoHost));
    }

    #[test]
    fn names_of_a_network_count_once_we_listen_to_it() {
        for host in ["fanlight", "fanlight:4566", "my_service", "fanlight.local", "sqs.ns.svc.cluster.local"]
        {
            assert!(check(&guard(true), "/", &[("host", host)]).is_ok(), "{host}");
        }
        assert_eq!(check(&guard(true), "/", &[("host", "evil.example")]), Err(Stranger::ForeignHost));
    }

    #[test]
    fn the_first_line_outranks_the_header() {
        let uri = "http://sqs.us-east-1.amazonaws.com/";
        let admitted = check(&guard(false), uri, &[("host", "evil.example")]);
        assert_eq!(admitted.as_deref(), Ok("sqs.us-east-1.amazonaws.com"));
        assert_eq!(
            check(&guard(false), "http://evil.example/", &[("host", "localhost")]),
            Err(Stranger::ForeignHost)
        );
        assert_eq!(check(&guard(false), "http://u@localhost/", &[]), Err(Stranger::NoHost));
    }

    #[test]
    fn only_known_origins_may_send() {
        let host = ("host", "localhost:4566");
        for (headers, admitted) in [
            (vec![host], true),
            (vec![host, ("origin", "http://localhost:4566")], true),
            (vec![host, ("origin", "https://LOCALHOST:4566")], true),
            (vec![host, ("origin", "http://localhost:3000")], true),
            (vec![host, ("origin", "http://localhost:3000"), ("sec-fetch-site", "cross-site")], true),
            (vec![host, ("origin", "http://localhost:3001")], false),
            (vec![host, ("origin", "http://localhost")], false),
            (vec![host, ("origin", "null")], false),
            (vec![host, ("origin", "")], false),
            (vec![host, ("origin", "http://evil.example")], false),
            (vec![host, ("origin", "http://localhost:3000"), ("origin", "http://evil.example")], false),
            (vec![host, ("origin", "chrome-extension://localhost:4566")], false),
            (vec![host, ("sec-fetch-site", "cross-site")], false),
            (vec![host, ("sec-fetch-site", "same-site")], false),
            (vec![host, ("sec-fetch-site", "same-origin")], true),
            (vec![host, ("sec-fetch-site", "none")], true),
        ] {
            assert_eq!(check(&guard(false), "/", &headers).is_ok(), admitted, "{headers:?}");
        }
    }
}
