//! AWS's words for a signature it does not accept.

use std::fmt;

/// What kind of refusal; AWS names it differently in each protocol, which is not our business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The request is not signed at all.
    MissingAuthenticationToken,
    /// Parts of the signature are missing or cannot be read.
    IncompleteSignature,
    /// Nobody has this access key.
    InvalidClientTokenId,
    /// It is a signature, but not of this request, not by this key, or not for now.
    SignatureDoesNotMatch,
}

/// Why a signature was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The kind.
    pub reason: Reason,
    /// The sentence.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

pub(crate) fn missing_authentication_token() -> Refusal {
    refusal(Reason::MissingAuthenticationToken, "Request is missing Authentication Token")
}

pub(crate) fn incomplete_signature(message: impl Into<String>) -> Refusal {
    refusal(Reason::IncompleteSignature, message)
}

/// The header's parameters that are missing, all of them in one answer, as AWS lists them.
pub(crate) fn header_incomplete(missing: &[&str], dated: bool, authorization: &str) -> Refusal {
    let mut message: String =
        missing.iter().map(|name| format!("Authorization header requires '{name}' parameter. ")).collect();
    if !dated {
        message.push_str(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
        );
    }
    message.push_str("Authorization=");
    // The signature itself stays out of the answer, and so out of the caller's logs.
    message.push_str(authorization.split("Signature=").next().unwrap_or_default());
    refusal(Reason::IncompleteSignature, message)
}

/// The same for a presigned URL.
pub(crate) fn query_incomplete(missing: &[&str]) -> Refusal {
    let mut message: String =
        missing.iter().map(|name| format!("AWS query-string parameters must include '{name}'. ")).collect();
    message.push_str("Re-examine the query-string parameters.");
    refusal(Reason::IncompleteSignature, message)
}

pub(crate) fn unsupported_algorithm(algorithm: &str) -> Refusal {
    refusal(Reason::IncompleteSignature, format!("Unsupported AWS 'algorithm': '{algorithm}'."))
}

pub(crate) fn credential_malformed(credential: &str) -> Refusal {
    refusal(
        Reason::IncompleteSignature,
        format!(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, \
             got '{credential}'"
        ),
    )
}

pub(crate) fn date_malformed(date: &str) -> Refusal {
    refusal(
        Reason::IncompleteSignature,
        format!(
            "Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"
        ),
    )
}

pub(crate) fn unknown_access_key() -> Refusal {
    refusal(Reason::InvalidClientTokenId, "The security token included in the request is invalid.")
}

pub(crate) fn signature_does_not_match(message: impl Into<String>) -> Refusal {
    refusal(Reason::SignatureDoesNotMatch, message)
}

/// AWS: the canonical request and the string to sign are told, so that the author of a signer can compare
/// (Troubleshoot signed requests, "Canonicalization errors").
pub(crate) fn signature_differs(canonical_request: &str, string_to_sign: &str) -> Refusal {
    refusal(
        Reason::SignatureDoesNotMatch,
        format!(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details.\n\n\
             The Canonical String for this request should have been\n'{canonical_request}'\n\n\
             The String-to-Sign should have been\n'{string_to_sign}'\n"
        ),
    )
}

fn refusal(reason: Reason, message: impl Into<String>) -> Refusal {
    Refusal { reason, message: message.into() }
}
