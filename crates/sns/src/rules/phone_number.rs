//! Phone numbers: what may be called one, and when two are the same.
//!
//! AWS: API_Publish, PhoneNumber (E.164); recorded: `+12/34-567.890` is one, `+15--551234567`, `NAA+15551234567` and numbers
//! that begin or end with a separator are none.

/// A number has at most so many digits. ITU-T E.164.
const DIGITS_MAX: usize = 15;

/// Whether this is a phone number: digits, between which single separators may stand, with or without a `+` before them.
pub(crate) fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let blocks = digits.split(['-', '.', '/', ' ']);
    let mut count = 0;
    let all = blocks.into_iter().all(|block| {
        count += block.len();
        !block.is_empty() && block.bytes().all(|byte| byte.is_ascii_digit())
    });
    all && count <= DIGITS_MAX
}

/// The number without separators, by which phones are told apart.
pub(crate) fn canonical(number: &str) -> String {
    number.chars().filter(|char| !"-./ ".contains(*char)).collect()
}

#[cfg(test)]
mod tests {
    use super::{canonical, is_phone};

    #[test]
    fn what_may_be_called_a_phone_number() {
        for number in ["+15551234567", "+12/34-567.890", "15551234567", "555 123"] {
            assert!(is_phone(number), "{number}");
        }
        for number in [
            "",
            "+",
            "phone",
            "NAA+15551234567",
            "+15--551234567",
            "+15551234567.",
            "/+15551234567",
            "+1234567890123456",
            "++15551234567",
            "+1555\u{664}234567",
        ] {
            assert!(!is_phone(number), "{number}");
        }
    }

    #[test]
    fn separators_make_no_other_number() {
        assert_eq!(canonical("+12/34-567.890"), "+1234567890");
    }
}
