//! IP addresses and ranges of them, compared as event-ruler does: as rows of hexadecimal digits.
//!
//! The library turns an address into 8 or 32 digits and walks a range digit by digit; as soon as a digit lies strictly
//! between the two ends, the rest no longer counts. So a range also takes addresses of the other family, and plain
//! numbers, whose leading digits fall into it: `10.0.0.0/0` matches `2001:db8::1`, and `::/0` matches the number 1.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The leading hexadecimal digits of a value, left-aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digits {
    pub(crate) row: u128,
    pub(crate) count: u32,
}

/// The addresses from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AddressRange {
    pub(crate) bottom: u128,
    pub(crate) top: u128,
    /// Eight or 32.
    pub(crate) digits: u32,
    /// Where the same list also asks for numbers, the library sees a number as that alone.
    pub(crate) beside_numbers: bool,
}

impl AddressRange {
    /// The range of a CIDR block, or why it is none.
    pub(crate) fn cidr(text: &str) -> Result<AddressRange, String> {
        // Java's `split` drops empty strings at the end, so `10.0.0.0/` has one part and `1.2.3.4/8/` two.
        let mut parts: Vec<&str> = text.split('/').collect();
        while parts.last().is_some_and(|part| part.is_empty()) && parts.len() > 1 {
            parts.pop();
        }
        let [address, bits] = parts[..] else { return Err("Malformed CIDR, one '/' required".to_owned()) };
        let bits: i32 =
            bits.parse().map_err(|_| "Malformed CIDR, mask bits must be an integer".to_owned())?;
        let bits =
            u32::try_from(bits).map_err(|_| "Malformed CIDR, mask bits must not be negative".to_owned())?;
        let Digits { row, count } = address_digits(address)?;
        if count == 8 && bits > 31 {
            return Err("IPv4 mask bits must be < 32".to_owned());
        }
        if bits > 127 {
            return Err("IPv6 mask bits must be < 128".to_owned());
        }
        // Host bits of the address are dropped.
        let hosts = if bits == 0 { u128::MAX } else { (1 << (128 - bits)) - 1 } & ones(count);
        Ok(AddressRange { bottom: row & !hosts, top: row | hosts, digits: count, beside_numbers: false })
    }

    /// The range of one address, if the text is one.
    pub(crate) fn one(text: &str) -> Option<AddressRange> {
        let Digits { row, count } = Digits::of_text(text)?;
        Some(AddressRange { bottom: row, top: row, digits: count, beside_numbers: false })
    }

    /// Whether the digits of a value lead into this range.
    pub(crate) fn holds(&self, value: Digits) -> bool {
        if value.count >= self.digits {
            let row = value.row & ones(self.digits);
            return self.bottom <= row && row <= self.top;
        }
        let seen = ones(value.count);
        self.bottom & seen < value.row && value.row < self.top & seen
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits == 8 {
            write!(f, "{}", Ipv4Addr::from_bits((self.bottom >> 96) as u32))?;
        } else {
            write!(f, "{}", Ipv6Addr::from_bits(self.bottom))?;
        }
        let bits = (self.bottom ^ self.top).leading_zeros().min(4 * self.digits);
        if self.bottom == self.top { Ok(()) } else { write!(f, "/{bits}") }
    }
}

impl Digits {
    /// The digits of a string that is an address.
    pub(crate) fn of_text(text: &str) -> Option<Digits> {
        if !looks_like_address(text) {
            return None;
        }
        address_digits(text).ok()
    }

    /// The digits a number's literal begins with.
    pub(crate) fn of_number(literal: &str) -> Digits {
        let mut digits = Digits { row: 0, count: 0 };
        for byte in literal.bytes().take(32) {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'A'..=b'F' => byte - b'A' + 10,
                _ => break,
            };
            digits.row |= u128::from(digit) << (124 - 4 * digits.count);
            digits.count += 1;
        }
        digits
    }
}

/// The first digits of a row.
pub(crate) fn ones(digits: u32) -> u128 {
    if digits == 0 { 0 } else { u128::MAX << (128 - 4 * digits) }
}

fn looks_like_address(text: &str) -> bool {
    match text.as_bytes() {
        // Most texts are no addresses, and show it early.
        [b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b':', ..] => looks_like_v4(text) || looks_like_v6(text),
        _ => false,
    }
}

fn looks_like_v4(text: &str) -> bool {
    let (mut dots, mut digits) = (0, 0);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' if digits > 0 => (dots, digits) = (dots + 1, 0),
            _ => return false,
        }
    }
    dots == 3 && digits > 0
}

fn looks_like_v6(text: &str) -> bool {
    text.contains(':') && text.bytes().all(|byte| byte == b':' || byte.is_ascii_hexdigit())
}

fn address_digits(text: &str) -> Result<Digits, String> {
    let digits = if looks_like_v4(text) {
        v4(text)
    } else if looks_like_v6(text) {
        v6(text)
    } else {
        return Err(format!("Nonstandard IP address: {text}"));
    };
    digits.ok_or_else(|| format!("Invalid IP address: {text}"))
}

/// Four decimal numbers; leading zeros do not make them octal.
fn v4(text: &str) -> Option<Digits> {
    // Java's limit for the text of an IPv4 address.
    if text.len() > 15 {
        return None;
    }
    let (mut row, mut part) = (0_u32, 0_u32);
    for byte in text.bytes() {
        if byte == b'.' {
            (row, part) = (row << 8 | part, 0);
        } else {
            part = part * 10 + u32::from(byte - b'0');
            if part > 255 {
                return None;
            }
        }
    }
    Some(Digits { row: u128::from(row << 8 | part) << 96, count: 8 })
}

/// Eight hexadecimal numbers, of which `::` stands for as many zeros as are missing.
fn v6(text: &str) -> Option<Digits> {
    let (head, tail) = match text.split_once("::") {
        Some((head, tail)) => (head, Some(tail)),
        None => (text, None),
    };
    let head = groups(head)?;
    let row = match tail.map(groups) {
        None if head.len() == 8 => head.iter().fold(0, |row, group| row << 16 | group),
        Some(Some(tail)) if head.len() + tail.len() < 8 => {
            let front = head.iter().fold(0, |row, group| row << 16 | group);
            let front = front.checked_shl(16 * (8 - head.len() as u32)).unwrap_or(0);
            front | tail.iter().fold(0, |row, group| row << 16 | group)
        }
        _ => return None,
    };
    // Java makes an IPv4 address of a mapped one.
    if row >> 32 == 0xffff {
        return Some(Digits { row: row << 96, count: 8 });
    }
    Some(Digits { row, count: 32 })
}

fn groups(text: &str) -> Option<Vec<u128>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(':').map(|group| u16::from_str_radix(group, 16).ok().map(u128::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::{AddressRange, Digits};

    fn check(cidr: &str, address: &str) -> bool {
        let range = AddressRange::cidr(cidr).unwrap_or_else(|why| panic!("{why}"));
        Digits::of_text(address).is_some_and(|digits| range.holds(digits))
    }

    #[test]
    fn a_range_holds_what_is_inside() {
        assert!(check("10.0.0.0/24", "10.0.0.255"));
        assert!(check("10.0.0.7/24", "010.0.0.1"));
        assert!(!check("10.0.0.0/24", "10.0.1.0"));
        assert!(check("2001:db8::/32", "2001:0DB8:ffff::"));
        assert!(!check("2001:db8::/32", "2001:db9::"));
        assert!(!check("10.0.0.0/24", "10.0.0.256"));
    }

    #[test]
    fn a_wide_range_holds_the_other_family_too() {
        assert!(check("10.0.0.0/0", "2001:db8::1"));
        assert!(check("::/0", "1.1.1.1"));
        assert!(!check("::/0", "0.0.0.0"));
        let range = AddressRange::cidr("::/0").unwrap_or_else(|why| panic!("{why}"));
        assert!(range.holds(Digits::of_number("1")));
        assert!(!range.holds(Digits::of_number("-1")));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        let refused = |text| AddressRange::cidr(text).err().unwrap_or_default();
        assert_eq!(refused("bad-filter"), "Malformed CIDR, one '/' required");
        assert_eq!(refused("bad-/64filter"), "Malformed CIDR, mask bits must be an integer");
        assert_eq!(refused("10.0.0.0/-1"), "Malformed CIDR, mask bits must not be negative");
        assert_eq!(refused("10.0.0.0/32"), "IPv4 mask bits must be < 32");
        assert_eq!(refused("::1/128"), "IPv6 mask bits must be < 128");
        assert_eq!(refused("xx.11.xx/8"), "Nonstandard IP address: xx.11.xx");
        assert_eq!(refused("10.0.0.256/8"), "Invalid IP address: 10.0.0.256");
    }
}
