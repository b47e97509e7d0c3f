//! `application/x-www-form-urlencoded`, read strictly: what cannot be decoded is refused, never guessed at.

use std::borrow::Cow;

use crate::scan::find;

/// The most parameters a request may hold; a legal batch of ten has a few hundred.
const PARAMETERS_MAX: usize = 4096;

/// Decoded parameters in the order they were sent.
pub(crate) type Parameters<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// Appends the parameters of a query string or a form body; the error says what is wrong with it.
pub(crate) fn parse<'a>(text: &'a [u8], into: &mut Parameters<'a>) -> Result<(), &'static str> {
    let mut start = 0;
    while start < text.len() {
        let end = find(text, start, |byte| byte == b'&').unwrap_or(text.len());
        let pair = &text[start..end];
        start = end + 1;
        if pair.is_empty() {
            continue;
        }
        if into.len() == PARAMETERS_MAX {
            return Err("The request holds too many parameters");
        }
        let equals = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = equals.map_or((pair, &pair[..0]), |at| (&pair[..at], &pair[at + 1..]));
        let name = decode(name)?;
        if name.contains('\0') {
            return Err("A parameter name holds a character that is not allowed");
        }
        into.push((name, decode(value)?));
    }
    Ok(())
}

fn decode(text: &[u8]) -> Result<Cow<'_, str>, &'static str> {
    const NOT_UTF8: &str = "The request is not valid UTF-8";
    let Some(first) = find(text, 0, |byte| (byte == b'%') | (byte == b'+')) else {
        return std::str::from_utf8(text).map(Cow::Borrowed).map_err(|_| NOT_UTF8);
    };
    let mut decoded = Vec::with_capacity(text.len());
    decoded.extend_from_slice(&text[..first]);
    let mut rest = &text[first..];
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => decoded.push(b' '),
            b'%' => {
                let [high, low, after @ ..] = rest else { return Err(BAD_ESCAPE) };
                decoded.push(hex(*high)? << 4 | hex(*low)?);
                rest = after;
            }
            other => decoded.push(*other),
        }
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| NOT_UTF8)
}

const BAD_ESCAPE: &str = "The request holds an invalid percent escape";

fn hex(digit: u8) -> Result<u8, &'static str> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(BAD_ESCAPE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let mut found = Vec::new();
        assert_eq!(parse(text.as_bytes(), &mut found), Ok(()));
        let found: Vec<(&str, &str)> =
            found.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn parameters_are_decoded() {
        check("", &[]);
        check("&&", &[]);
        check("a", &[("a", "")]);
        check("a=&b==", &[("a", ""), ("b", "=")]);
        check("a+b=c%20d%2B%c3%A9", &[("a b", "c d+é")]);
        check("a=x%00y", &[("a", "x\0y")]);
    }

    #[test]
    fn what_cannot_be_decoded_is_refused() {
        for text in [&b"a=%ZZ"[..], b"a=%", b"a=%4", b"a=%e9", b"a=\xff", b"%00=a", b"%c3%28=a"] {
            assert!(parse(text, &mut Vec::new()).is_err(), "{text:?}");
        }
        let many = vec!["a=1"; PARAMETERS_MAX + 1].join("&");
        assert!(parse(many.as_bytes(), &mut Vec::new()).is_err());
    }
}
