//! Signing a request of our own, so that [`verify`](crate::verify) and everybody else would take it.

use http::HeaderMap;
use http::header::HOST;

use crate::verify::{ALGORITHM, signature, string_to_sign};
use crate::{Request, SecretKey, canonical};
use clock::calendar;

/// Whose signature it is, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The public half of the key.
    pub access_key: &'a str,
    /// The secret half.
    pub secret_key: &'a SecretKey,
    /// The region's name.
    pub region: &'a str,
    /// The service's name in signing scopes.
    pub service: &'a str,
}

/// The headers a signed request carries besides those it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The value of `X-Amz-Date`.
    pub date: String,
    /// The value of `Authorization`.
    pub authorization: String,
}

/// Signs a request at `now_ms`. Covered are `Host`, which has to be there, `Content-Type`, and every `X-Amz-…` header;
/// `X-Amz-Date` is left out of `request` and added by the caller from the answer.
pub fn sign(request: &Request<'_>, scope: &Scope<'_>, now_ms: i64) -> Signed {
    let date = calendar::basic(now_ms);
    let mut headers: HeaderMap = request.headers.clone();
    if let Ok(value) = date.parse() {
        headers.insert("x-amz-date", value);
    }
    let mut names: Vec<&str> =
        headers.keys().map(http::HeaderName::as_str).filter(|name| covers(name)).collect();
    names.sort_unstable();
    let names = names.join(";");
    let canonical_request = canonical::request(&Request { headers: &headers, ..*request }, &names, false);
    let Scope { access_key, secret_key, region, service } = *scope;
    let day = date.get(..8).unwrap_or_default();
    let credential = format!("{day}/{region}/{service}/aws4_request");
    let string = string_to_sign(&date, &credential, &canonical_request);
    let signature = signature(secret_key, now_ms, region, service, &string);
    let authorization = format!(
        "{ALGORITHM} Credential={access_key}/{credential}, SignedHeaders={names}, Signature={signature}"
    );
    Signed { date, authorization }
}

fn covers(name: &str) -> bool {
    name == HOST.as_str() || name == "content-type" || name.starts_with("x-amz-")
}
