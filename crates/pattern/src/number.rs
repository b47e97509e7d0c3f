//! Numbers as event-ruler compares them.
//!
//! A number is *comparable* if it is exactly what an IEEE 754 double says: the shortest decimal of the nearest double
//! equals the literal. `300`, `300.0` and `3.0e2` are one comparable number; `9007199254740993`, `1e309` and
//! `0.10000000000000000555` are none, and match by their text alone.

use std::fmt;

/// A comparable number, as bits whose unsigned order is the order of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Comparable(pub(crate) u64);

impl Comparable {
    pub(crate) const MIN: Comparable = Comparable::of(f64::MIN);
    pub(crate) const MAX: Comparable = Comparable::of(f64::MAX);

    /// The number of a JSON literal, if it is comparable.
    pub(crate) fn parse(literal: &str) -> Option<Comparable> {
        let decimal = Decimal::read(literal.as_bytes())?;
        if decimal.digits == 0 {
            return Some(Comparable::of(0.0));
        }
        // A double holds 15 decimal digits whatever they are, and never needs more than 17.
        if decimal.digits > 17 {
            return None;
        }
        let number: f64 = literal.parse().ok()?;
        let surely = decimal.digits <= 15 && (-290..=290).contains(&decimal.exponent);
        if surely || (number.is_finite() && shortest(number)? == decimal) {
            return Some(Comparable::of(number));
        }
        None
    }

    /// What a literal would be if it were comparable.
    pub(crate) fn nearest(literal: &str) -> Option<Comparable> {
        literal.parse().ok().map(Comparable::of)
    }

    const fn of(number: f64) -> Comparable {
        let bits = (number + 0.0).to_bits();
        Comparable(if bits >> 63 == 0 { bits | 1 << 63 } else { !bits })
    }

    /// The next number up.
    pub(crate) fn up(self) -> Comparable {
        Comparable(self.0.saturating_add(1))
    }

    /// The next number down.
    pub(crate) fn down(self) -> Comparable {
        Comparable(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Comparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = if self.0 >> 63 == 1 { self.0 & !(1 << 63) } else { !self.0 };
        let number = f64::from_bits(bits);
        if (1e-5..1e17).contains(&number.abs()) || number == 0.0 {
            write!(f, "{number}")
        } else {
            write!(f, "{number:e}")
        }
    }
}

/// A decimal without zeros at either end: `0.digits × 10^exponent`.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    /// The digits as one number, for what has at most 18 of them.
    value: u64,
    digits: usize,
    exponent: i64,
    negative: bool,
}

/// The shortest decimal that a double is the nearest to.
fn shortest(number: f64) -> Option<Decimal> {
    /// No allocation: arrays of numbers come through here.
    struct Buffer {
        bytes: [u8; 32],
        used: usize,
    }

    impl fmt::Write for Buffer {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            let end = self.used + text.len();
            self.bytes.get_mut(self.used..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
            self.used = end;
            Ok(())
        }
    }

    let mut buffer = Buffer { bytes: [0; 32], used: 0 };
    fmt::write(&mut buffer, format_args!("{number:e}")).ok()?;
    Decimal::read(&buffer.bytes[..buffer.used])
}

impl Decimal {
    fn read(literal: &[u8]) -> Option<Decimal> {
        let (negative, rest) = match literal {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let mut decimal = Decimal { value: 0, digits: 0, exponent: 0, negative };
        let (mut zeros, mut point_passed, mut any) = (0_usize, false, false);
        let mut at = 0;
        while let Some(&byte) = rest.get(at) {
            match byte {
                b'0'..=b'9' => {
                    any = true;
                    decimal.take(byte - b'0', &mut zeros, point_passed);
                }
                b'.' if !point_passed => point_passed = true,
                b'e' | b'E' => break,
                _ => return None,
            }
            at += 1;
        }
        if at < rest.len() {
            decimal.exponent = decimal.exponent.checked_add(exponent(&rest[at + 1..])?)?;
        }
        if decimal.digits == 0 {
            decimal = Decimal { value: 0, digits: 0, exponent: 0, negative: false };
        }
        any.then_some(decimal)
    }

    fn take(&mut self, digit: u8, zeros: &mut usize, point_passed: bool) {
        if digit == 0 {
            if self.digits > 0 {
                *zeros += 1;
                self.exponent += i64::from(!point_passed);
            } else {
                self.exponent -= i64::from(point_passed);
            }
            return;
        }
        for _ in 0..*zeros {
            self.value = self.value.wrapping_mul(10);
        }
        self.digits += *zeros + 1;
        *zeros = 0;
        self.value = self.value.wrapping_mul(10).wrapping_add(u64::from(digit));
        self.exponent += i64::from(!point_passed);
    }
}

/// The exponent of a literal; one beyond all doubles stands for all that are.
fn exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let mut value = 0_i64;
    if digits.is_empty() {
        return None;
    }
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = (value * 10 + i64::from(digit - b'0')).min(1 << 40);
    }
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::Comparable;

    #[test]
    fn one_number_in_several_spellings_is_one() {
        for literals in [
            &["300", "300.0", "3.0e2", "3E2", "0.3e3", "30000e-2"][..],
            &["0", "-0", "0.0", "0e99", "-0.0"][..],
            &["0.1", "1e-1", "0.10", "1E-01"][..],
            &["-1.5", "-15e-1", "-0.15e+1"][..],
            &["1e22", "10000000000000000000000"][..],
        ] {
            for literal in literals {
                assert!(Comparable::parse(literal).is_some(), "{literal}");
                assert_eq!(Comparable::parse(literal), Comparable::parse(literals[0]), "{literal}");
            }
        }
    }

    #[test]
    fn what_no_double_says_exactly_is_not_comparable() {
        for literal in
            ["9007199254740993", "123456789012345678", "0.10000000000000000555", "1e309", "2.0e422", "1E-325"]
        {
            assert_eq!(Comparable::parse(literal), None, "{literal}");
        }
    }

    #[test]
    fn comparables_are_ordered_as_numbers_are() {
        let literals = [
            "-1e308",
            "-5000000001",
            "-1",
            "-1e-7",
            "0",
            "1E-320",
            "0.3",
            "0.30000000000000004",
            "7",
            "1e301",
        ];
        let numbers: Vec<_> = literals.iter().map(|literal| Comparable::parse(literal)).collect();
        assert!(numbers.iter().all(Option::is_some));
        assert!(numbers.is_sorted_by(|a, b| a < b));
    }
}
