//! Filter policies of SNS: event patterns with an older set of operators, and limits of their own.
//!
//! AWS: sns-subscription-filter-policies, subscription-filter-policy-constraints; recorded answers of `Subscribe` and
//! `SetSubscriptionAttributes`.

use std::fmt;

use crate::compile::{self, Dialect};
use crate::error::PatternError;
use crate::outline;
use crate::pattern::Pattern;

/// AWS: a filter policy has at most five keys.
const KEYS_MAX: usize = 5;

/// AWS: the combinations of values in a policy; `test_policy_complexity_with_or` has how they are counted.
const COMBINATIONS_MAX: u64 = 150;

/// What of a message a filter policy looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Its attributes; the default.
    MessageAttributes,
    /// The fields of its body, which must be a JSON object.
    MessageBody,
}

/// Why a filter policy is refused. It displays as the text after `Invalid parameter: Attributes Reason: ` of `Subscribe`,
/// or after `Invalid parameter: ` of `SetSubscriptionAttributes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterPolicyError {
    /// It is not a pattern.
    Pattern(PatternError),
    /// More than five keys.
    TooManyKeys,
    /// More than 150 combinations.
    TooComplex,
    /// Objects in objects, with the scope `MessageAttributes`.
    Nested,
}

impl fmt::Display for FilterPolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilterPolicyError::Pattern(error) => write!(f, "FilterPolicy: {}", error.in_filter_policy()),
            FilterPolicyError::TooManyKeys => {
                f.write_str("FilterPolicy: Filter policy can not have more than 5 keys")
            }
            FilterPolicyError::TooComplex => f.write_str("FilterPolicy: Filter policy is too complex"),
            FilterPolicyError::Nested => {
                f.write_str("Filter policy scope MessageAttributes does not support nested filter policy")
            }
        }
    }
}

impl std::error::Error for FilterPolicyError {}

/// Compiles a filter policy.
pub fn compile(text: &str, scope: Scope) -> Result<Pattern, FilterPolicyError> {
    let refused = |error: Box<PatternError>| FilterPolicyError::Pattern(*error);
    let pattern = compile::compile(text, Dialect::FilterPolicy).map(Pattern::of).map_err(refused)?;
    let outline = outline::read(text).map_err(refused)?;
    if outline.keys() > KEYS_MAX {
        return Err(FilterPolicyError::TooManyKeys);
    }
    if scope == Scope::MessageAttributes && outline.is_nested() {
        return Err(FilterPolicyError::Nested);
    }
    if outline.combinations(1) > COMBINATIONS_MAX {
        return Err(FilterPolicyError::TooComplex);
    }
    Ok(pattern)
}
