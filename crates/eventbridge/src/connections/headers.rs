//! Headers that neither a connection nor a target may set.

/// AWS: EventBridge User Guide, "API destinations", "Headers in requests to API destinations": these are removed from what
/// a user sets, or cannot be overridden.
const REMOVED: [&str; 33] = [
    "a-im",
    "accept-charset",
    "accept-datetime",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-md5",
    "date",
    "expect",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "origin",
    "pragma",
    "proxy-authorization",
    "range",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "warning",
];

/// Whether a header is EventBridge's to set.
pub(crate) fn is_ours(name: &str) -> bool {
    REMOVED.iter().any(|removed| name.eq_ignore_ascii_case(removed))
}
