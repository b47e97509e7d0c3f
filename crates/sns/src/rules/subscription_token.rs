//! Tokens that confirm a subscription: long and hexadecimal, as AWS's.

use clock::Clock;

/// AWS: API_ConfirmSubscription, "Confirmation tokens are valid for two days"; then the subscription is gone, too.
pub(crate) const LIFETIME_MS: i64 = 2 * 24 * 60 * 60 * 1000;

/// Random ids in a token of ours.
const IDS: usize = 7;

/// The least that looks like a token.
const DIGITS_MIN: usize = 64;

/// A token nobody can guess.
pub(crate) fn fresh(clock: &Clock) -> String {
    (0..IDS).map(|_| clock.uuid_v4().simple().to_string()).collect()
}

/// Whether a text looks like a token.
pub(crate) fn is_well_formed(text: &str) -> bool {
    text.len() >= DIGITS_MIN && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_looks_like_one_and_is_like_no_other() {
        let clock = Clock::steered(0);
        let (one, other) = (fresh(&clock), fresh(&clock));
        assert!(is_well_formed(&one) && one != other);
        assert_eq!(one.len(), 224);
        assert!(["", "no-token", "abc123"].into_iter().all(|text| !is_well_formed(text)));
    }
}
