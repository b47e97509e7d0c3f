//! The canonical request: what a signature covers, written down in the one way signer and verifier agree on.

use std::borrow::Cow;
use std::fmt::Write;

use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::Request;

/// All but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same within a path.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Builds the canonical request from the raw request and exactly the headers `signed` names.
pub(crate) fn request(request: &Request<'_>, signed: &str, presigned: bool) -> String {
    let mut text = String::with_capacity(512);
    text.push_str(request.method);
    text.push('\n');
    text.push_str(&path(request.path));
    text.push('\n');
    text.push_str(&query(request.query, presigned));
    text.push('\n');
    for name in signed.split(';') {
        text.push_str(name);
        text.push(':');
        header(&mut text, request, name);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(signed);
    text.push('\n');
    text.push_str(&sha256_hex(request.body));
    text
}

/// Encoded once more than it came (all services but S3 do so), without empty and dot segments.
fn path(raw: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in raw.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            other => kept.push(other),
        }
    }
    let mut path = String::with_capacity(raw.len() + 1);
    for segment in &kept {
        path.push('/');
        path.extend(utf8_percent_encode(segment, RESERVED_IN_PATH));
    }
    if kept.is_empty() || raw.ends_with('/') {
        path.push('/');
    }
    path
}

/// Decoded, encoded in the one way, sorted; without the signature itself.
fn query(raw: &str, presigned: bool) -> String {
    let mut pairs: Vec<(String, String)> = raw
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode_again(name), encode_again(value)))
        .filter(|(name, _)| !(presigned && name == "X-Amz-Signature"))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn encode_again(raw: &str) -> String {
    let spaced = if raw.contains('+') { Cow::Owned(raw.replace('+', " ")) } else { Cow::Borrowed(raw) };
    let decoded: Vec<u8> = percent_decode(spaced.as_bytes()).collect();
    percent_encoding::percent_encode(&decoded, RESERVED).to_string()
}

/// A header's values joined by commas, each without outer and with single inner spaces.
fn header(text: &mut String, request: &Request<'_>, name: &str) {
    let mut first = true;
    for value in values(request.headers, name) {
        if !first {
            text.push(',');
        }
        first = false;
        let value = String::from_utf8_lossy(value);
        for (index, word) in value.split([' ', '\t']).filter(|word| !word.is_empty()).enumerate() {
            if index > 0 {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
}

fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a [u8]> {
    headers.get_all(name).into_iter().map(http::HeaderValue::as_bytes)
}

/// A SHA-256 in small hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::{path, query};

    #[test]
    fn paths_are_normalised_and_encoded_once_more() {
        for (raw, expected) in [
            ("", "/"),
            ("/", "/"),
            ("//", "/"),
            ("/a/./b", "/a/b"),
            ("/a/../b/", "/b/"),
            ("/..", "/"),
            ("/000000000000/q.fifo", "/000000000000/q.fifo"),
            ("/a%20b", "/a%2520b"),
            ("/ä", "/%C3%A4"),
        ] {
            assert_eq!(path(raw), expected, "{raw}");
        }
    }

    #[test]
    fn queries_are_sorted_and_encoded_one_way() {
        for (raw, expected) in [
            ("", ""),
            ("b=2&a=1&a=0", "a=0&a=1&b=2"),
            ("a", "a="),
            ("a=x+y&b=x%20y", "a=x%20y&b=x%20y"),
            ("a=%2f&b=%7e&X-Amz-Signature=0", "a=%2F&b=~"),
            ("a=b=c", "a=b%3Dc"),
        ] {
            assert_eq!(query(raw, true), expected, "{raw}");
        }
    }
}
