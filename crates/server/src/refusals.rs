//! What the server itself answers when it says no: one function each, in the manner of AWS.

use service::{Error, ErrorSchema, ServiceSchema, WireProtocol};
use signature::{Reason, Refusal};

const CORAL: Option<&str> = Some("com.amazon.coral.service#");

macro_rules! kinds {
    ($($name:ident = $shape:literal, $code:literal, $status:literal;)*) => {
        $(static $name: ErrorSchema =
            ErrorSchema { shape: $shape, code: $code, status: $status, sender_fault: true, namespace: CORAL };)*
    };
}

// The JSON protocols and the query protocol name the same refusal differently. AWS: Common Errors.
kinds! {
    MISSING_AUTHENTICATION_TOKEN = "MissingAuthenticationTokenException", "MissingAuthenticationToken", 403;
    INCOMPLETE_SIGNATURE = "IncompleteSignatureException", "IncompleteSignature", 400;
    INVALID_CLIENT_TOKEN_ID = "UnrecognizedClientException", "InvalidClientTokenId", 403;
    SIGNATURE_DOES_NOT_MATCH = "InvalidSignatureException", "SignatureDoesNotMatch", 403;
    ACCESS_DENIED = "AccessDeniedException", "AccessDenied", 403;
    BAD_REQUEST = "BadRequestException", "BadRequest", 400;
    REQUEST_TIMEOUT = "RequestTimeoutException", "RequestTimeout", 408;
    REQUEST_TOO_LARGE = "RequestEntityTooLargeException", "RequestEntityTooLarge", 413;
    UNSUPPORTED_MEDIA_TYPE = "UnsupportedMediaTypeException", "UnsupportedMediaType", 415;
    EXPECTATION_FAILED = "ExpectationFailedException", "ExpectationFailed", 417;
}

// Services that never spoke the query protocol answer 400 to every fault of the caller. AWS: recorded of EventBridge
// (paws-r/paws#426); of SQS, which did, 403 is recorded through JSON, too (async-aws/aws#1948).
kinds! {
    JSON_MISSING_AUTHENTICATION_TOKEN = "MissingAuthenticationTokenException", "MissingAuthenticationToken", 400;
    JSON_INVALID_CLIENT_TOKEN_ID = "UnrecognizedClientException", "InvalidClientTokenId", 400;
    JSON_SIGNATURE_DOES_NOT_MATCH = "InvalidSignatureException", "SignatureDoesNotMatch", 400;
}

pub(crate) fn signature_refused(refusal: Refusal, service: &ServiceSchema) -> Error {
    let speaks_query = service.protocols.contains(&WireProtocol::AwsQuery);
    let kind = match (refusal.reason, speaks_query) {
        (Reason::IncompleteSignature, _) => &INCOMPLETE_SIGNATURE,
        (Reason::MissingAuthenticationToken, true) => &MISSING_AUTHENTICATION_TOKEN,
        (Reason::MissingAuthenticationToken, false) => &JSON_MISSING_AUTHENTICATION_TOKEN,
        (Reason::InvalidClientTokenId, true) => &INVALID_CLIENT_TOKEN_ID,
        (Reason::InvalidClientTokenId, false) => &JSON_INVALID_CLIENT_TOKEN_ID,
        (Reason::SignatureDoesNotMatch, true) => &SIGNATURE_DOES_NOT_MATCH,
        (Reason::SignatureDoesNotMatch, false) => &JSON_SIGNATURE_DOES_NOT_MATCH,
    };
    Error::new(kind, refusal.message)
}

pub(crate) fn no_host() -> Error {
    Error::new(&BAD_REQUEST, "The Host header is missing, repeated, or not a host name.")
}

pub(crate) fn foreign_host() -> Error {
    Error::new(
        &ACCESS_DENIED,
        "The Host header names a host that is not this server's. Add it to `hosts` in the [server] section of the \
         configuration if it is.",
    )
}

pub(crate) fn foreign_origin() -> Error {
    Error::new(
        &ACCESS_DENIED,
        "Requests from web pages of other origins are refused. Add the origin to `allow_origins` in the [server] \
         section of the configuration to allow it.",
    )
}

pub(crate) fn body_too_large(bytes_max: usize) -> Error {
    Error::new(&REQUEST_TOO_LARGE, format!("The request body must not be longer than {bytes_max} bytes."))
}

pub(crate) fn body_too_slow() -> Error {
    Error::new(&REQUEST_TIMEOUT, "The request body did not arrive in time.")
}

pub(crate) fn body_broken() -> Error {
    Error::new(&BAD_REQUEST, "The request body could not be read.")
}

pub(crate) fn body_encoded(encoding: &str) -> Error {
    Error::new(&UNSUPPORTED_MEDIA_TYPE, format!("The content encoding {encoding:?} is not supported."))
}

pub(crate) fn expectation_unknown() -> Error {
    Error::new(&EXPECTATION_FAILED, "The only expectation that can be met is 100-continue.")
}
