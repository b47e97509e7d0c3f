//! The verification, step by step.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use aws::AccountId;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use clock::calendar;
use http::HeaderMap;
use http::header::{AUTHORIZATION, DATE};
use percent_encoding::percent_decode_str;

use crate::canonical::{self, sha256_hex};
use crate::{Credential, Refusal, refusal};

pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// How far a caller's clock may be off. AWS: fifteen minutes.
const SKEW_MS: i64 = 15 * 60_000;
/// How long a presigned URL may be valid. AWS: a week.
const EXPIRES_SECS_MAX: i64 = 604_800;

/// A secret access key. It never shows in a log.
#[derive(Clone)]
pub struct SecretKey(pub(crate) String);

impl SecretKey {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A caller we know.
#[derive(Clone, Debug)]
pub struct Key {
    /// The public half.
    pub access_key: String,
    /// The secret half.
    pub secret_key: SecretKey,
    /// Whose key it is.
    pub account: AccountId,
}

/// The request as it came off the wire.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, still encoded.
    pub path: &'a str,
    /// What follows the question mark, still encoded.
    pub query: &'a str,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

/// What a signature says of itself.
struct Claim<'a> {
    credential: Credential<'a>,
    signed_headers: Cow<'a, str>,
    signature: Cow<'a, str>,
    timestamp: Cow<'a, str>,
    /// How long it is valid from `timestamp` on; a header's signature follows the clock skew instead.
    expires_ms: Option<i64>,
}

/// Whether the request was signed by one of `keys`, for this service, and now; and by which.
pub fn verify<'k>(
    request: &Request<'_>,
    service: &str,
    keys: &'k [Key],
    now_ms: i64,
) -> Result<&'k Key, Refusal> {
    let claim = match request.headers.get(AUTHORIZATION) {
        Some(header) => of_header(&String::from_utf8_lossy(header.as_bytes()), request)?,
        None if request.query.contains("X-Amz-") => of_query(request.query)?,
        None => return Err(refusal::missing_authentication_token()),
    };
    let key = keys
        .iter()
        .find(|key| key.access_key == claim.credential.access_key())
        .ok_or_else(refusal::unknown_access_key)?;
    check_scope(&claim, service)?;
    let signed_ms =
        calendar::parse_basic(&claim.timestamp).ok_or_else(|| refusal::date_malformed(&claim.timestamp))?;
    check_time(&claim, signed_ms, now_ms)?;
    check_signature(&claim, request, key, signed_ms)?;
    Ok(key)
}

fn of_header(header: &str, request: &Request<'_>) -> Result<Claim<'static>, Refusal> {
    let (algorithm, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
    if algorithm != ALGORITHM {
        return Err(refusal::unsupported_algorithm(algorithm));
    }
    let parameter = |name: &str| {
        let pairs = rest.split([',', ' ']).filter_map(|pair| pair.split_once('='));
        pairs
            .filter(|(key, value)| *key == name && !value.is_empty())
            .map(|(_, value)| value.to_owned())
            .next()
    };
    let date = request.headers.get("x-amz-date").or_else(|| request.headers.get(DATE));
    let found = (parameter("Credential"), parameter("SignedHeaders"), parameter("Signature"), date);
    let (Some(credential), Some(signed_headers), Some(signature), Some(date)) = found else {
        let (credential, signed_headers, signature, date) = found;
        let named = [("Credential", credential), ("Signature", signature), ("SignedHeaders", signed_headers)];
        let missing: Vec<&str> =
            named.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        return Err(refusal::header_incomplete(&missing, date.is_some(), header));
    };
    Ok(Claim {
        credential: parse_credential(credential)?,
        signed_headers: Cow::Owned(signed_headers),
        signature: Cow::Owned(signature),
        timestamp: Cow::Owned(String::from_utf8_lossy(date.as_bytes()).into_owned()),
        expires_ms: None,
    })
}

fn of_query(query: &str) -> Result<Claim<'_>, Refusal> {
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy())
            .next()
    };
    const NAMES: [&str; 5] =
        ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"];
    let [Some(algorithm), Some(credential), Some(signature), Some(signed_headers), Some(timestamp)] =
        NAMES.map(parameter)
    else {
        let missing: Vec<&str> = NAMES.into_iter().filter(|name| parameter(name).is_none()).collect();
        return Err(refusal::query_incomplete(&missing));
    };
    if algorithm != ALGORITHM {
        return Err(refusal::unsupported_algorithm(&algorithm));
    }
    let expires_secs = match parameter("X-Amz-Expires") {
        None => None,
        Some(text) => match text.parse::<i64>() {
            Ok(secs @ 0..=EXPIRES_SECS_MAX) => Some(secs),
            Ok(secs) if secs < 0 => {
                return Err(refusal::incomplete_signature("X-Amz-Expires must be non-negative"));
            }
            Ok(_) => {
                return Err(refusal::incomplete_signature(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be \
                     less than 604800 seconds",
                ));
            }
            Err(_) => return Err(refusal::incomplete_signature("X-Amz-Expires should be a number")),
        },
    };
    Ok(Claim {
        credential: parse_credential(credential.into_owned())?,
        signed_headers,
        signature,
        timestamp,
        expires_ms: expires_secs.map(|secs| secs * 1_000),
    })
}

fn parse_credential(text: String) -> Result<Credential<'static>, Refusal> {
    // Parsed twice on failure only: the sentence quotes what was sent.
    Credential::parse(Cow::Owned(text.clone())).ok_or_else(|| refusal::credential_malformed(&text))
}

fn check_scope(claim: &Claim<'_>, service: &str) -> Result<(), Refusal> {
    let credential = &claim.credential;
    let mut problems = Vec::new();
    if credential.parsed_region().is_none() {
        problems
            .push(format!("Credential should be scoped to a valid region, not '{}'. ", credential.region()));
    }
    if credential.service() != service {
        problems.push(format!("Credential should be scoped to correct service: '{service}'. "));
    }
    if credential.terminator() != "aws4_request" {
        problems.push(format!(
            "Credential should be scoped with a valid terminator: 'aws4_request', not '{}'. ",
            credential.terminator()
        ));
    }
    let day = claim.timestamp.get(..8).unwrap_or_default();
    if credential.date() != day {
        problems.push(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{day}', \
             from '{}'. ",
            credential.date(),
            claim.timestamp
        ));
    }
    if !claim.signed_headers.split(';').any(|name| name == "host") {
        problems
            .push("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization. ".to_owned());
    }
    if problems.is_empty() { Ok(()) } else { Err(refusal::signature_does_not_match(problems.concat())) }
}

fn check_time(claim: &Claim<'_>, signed_ms: i64, now_ms: i64) -> Result<(), Refusal> {
    let valid_ms = claim.expires_ms.unwrap_or(SKEW_MS);
    let (signed, now) = (&claim.timestamp, calendar::basic(now_ms));
    let span = |ms: i64| {
        if ms % 60_000 == 0 { format!("{} min.", ms / 60_000) } else { format!("{} sec.", ms / 1_000) }
    };
    // Timestamps have whole seconds, so ours is cut to them as well.
    let now_ms = now_ms - now_ms.rem_euclid(1_000);
    if signed_ms < now_ms - valid_ms {
        let earliest = calendar::basic(now_ms - valid_ms);
        let span = span(valid_ms);
        return Err(refusal::signature_does_not_match(format!(
            "Signature expired: {signed} is now earlier than {earliest} ({now} - {span})"
        )));
    }
    if signed_ms > now_ms + SKEW_MS {
        let latest = calendar::basic(now_ms + SKEW_MS);
        let span = span(SKEW_MS);
        return Err(refusal::signature_does_not_match(format!(
            "Signature not yet current: {signed} is still later than {latest} ({now} + {span})"
        )));
    }
    Ok(())
}

fn check_signature(
    claim: &Claim<'_>,
    request: &Request<'_>,
    key: &Key,
    signed_ms: i64,
) -> Result<(), Refusal> {
    let presigned = !request.headers.contains_key(AUTHORIZATION);
    let canonical_request = canonical::request(request, &claim.signed_headers, presigned);
    let string_to_sign = string_to_sign(&claim.timestamp, claim.credential.scope(), &canonical_request);
    let (region, service) = (claim.credential.region(), claim.credential.service());
    let expected = signature(&key.secret_key, signed_ms, region, service, &string_to_sign);
    if same(expected.as_bytes(), claim.signature.as_bytes()) {
        Ok(())
    } else {
        Err(refusal::signature_differs(&canonical_request, &string_to_sign))
    }
}

pub(crate) fn string_to_sign(timestamp: &str, scope: &str, canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{timestamp}\n{scope}\n{}", sha256_hex(canonical_request.as_bytes()))
}

pub(crate) fn signature(
    key: &SecretKey,
    signed_ms: i64,
    region: &str,
    service: &str,
    string_to_sign: &str,
) -> String {
    let signed_at = UNIX_EPOCH + Duration::from_millis(u64::try_from(signed_ms).unwrap_or(0));
    let signing_key = generate_signing_key(&key.0, signed_at, region, service);
    calculate_signature(signing_key, string_to_sign.as_bytes())
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
