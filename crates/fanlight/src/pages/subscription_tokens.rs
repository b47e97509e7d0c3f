//! `GET /_aws/sns/subscription-tokens/<subscription ARN>`: what confirms a subscription whose endpoint is not at hand.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;

use super::{Pages, answer_json, problem};

/// What the page's paths begin with.
pub(super) const PREFIX: &str = "/_aws/sns/subscription-tokens/";

/// The token of the subscription whose ARN ends this path.
pub(super) async fn subscription_token(pages: &Pages, path: &str) -> Response<Bytes> {
    let encoded = path.strip_prefix(PREFIX).unwrap_or_default();
    // ARNs have no `+` and no `=`, so a part of a path is decoded as a key of a form.
    let decoded = form_urlencoded::parse(encoded.as_bytes()).next();
    let arn = decoded.map(|(key, _)| key.into_owned()).unwrap_or_default();
    if arn.split(':').count() != 7 {
        return problem(StatusCode::BAD_REQUEST, "A subscription ARN has seven parts.");
    }
    match pages.sns.subscription_token(&arn) {
        Some(token) => answer_json(&json!({ "subscription_token": token, "subscription_arn": arn })),
        None => problem(StatusCode::NOT_FOUND, "There is no subscription of this ARN that a token confirms."),
    }
}
