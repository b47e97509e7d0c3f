//! Where a connection stands. AWS: EventBridge User Guide, "Connection states".

use super::OAUTH;

pub(crate) const AUTHORIZING: &str = "AUTHORIZING";
pub(crate) const DEAUTHORIZED: &str = "DEAUTHORIZED";
/// Good, and to a public API.
const AUTHORIZED: &str = "AUTHORIZED";
/// Good, and to a private API.
const ACTIVE: &str = "ACTIVE";

/// The state of a connection whose credentials are good; `is_private` is whether the API is that it calls. Where it gets
/// its tokens does not matter.
pub(crate) fn good(is_private: bool) -> &'static str {
    if is_private { ACTIVE } else { AUTHORIZED }
}

/// Whether a connection in this state can be used.
pub(crate) fn is_good(state: &str) -> bool {
    matches!(state, AUTHORIZED | ACTIVE)
}

/// Where a connection stands once it has new credentials: those of OAuth have to be tried first.
pub(crate) fn first(kind: &str, is_private: bool) -> &'static str {
    if kind == OAUTH { AUTHORIZING } else { good(is_private) }
}
