//! Event patterns as a parameter.

use pattern::Pattern;
use service::Error;

use crate::errors::invalid_event_pattern;

/// Refuses a pattern that is none.
pub(crate) fn check(text: &str) -> Result<Pattern, Error> {
    Pattern::compile(text).map_err(invalid_event_pattern)
}
