//! `POST /_aws/events/rules/<rule ARN>/trigger`: lets the schedule of a rule fire now.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;

use super::{Pages, answer_json, problem, refusal};

const PREFIX: &str = "/_aws/events/rules/";
const SUFFIX: &str = "/trigger";

/// The ARN of the rule this path wants to fire, if it is a path of this page.
pub(super) fn rule_arn(path: &str) -> Option<String> {
    let encoded = path.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    // ARNs have no `+`, `&` and `=`, so a part of a path is decoded as a key of a form.
    let (arn, _) = form_urlencoded::parse(encoded.as_bytes()).next()?;
    Some(arn.into_owned())
}

/// Fires the rule.
pub(super) async fn trigger(pages: &Pages, arn: &str) -> Response<Bytes> {
    match pages.events.trigger(arn).await {
        Ok(()) => answer_json(&json!({})),
        Err(error) if error.kind.code == "ResourceNotFoundException" => {
            problem(StatusCode::NOT_FOUND, &error.message)
        }
        Err(error) => refusal(&error),
    }
}
