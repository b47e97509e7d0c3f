//! OAuth client credentials: the request for a token, what comes back, and the tokens that are still good.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use delivery::{OutgoingRequest, Response};
use serde_json::Value;

use super::{Secret, apply, is_our_header};
use crate::api::types::{ConnectionHttpParameters, CreateConnectionOAuthRequestParameters};
use crate::url::{form, set_header, set_query};

/// AWS: EventBridge User Guide, "Authorization methods for connections": a token that expires within 60 seconds is
/// renewed before it is used.
const RENEWED_BEFORE_MS: i64 = 60_000;

/// A token, and until when it is good, if that was said.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: Secret,
    expires_at_ms: Option<i64>,
}

impl Token {
    pub(crate) fn is_good(&self, now_ms: i64) -> bool {
        self.expires_at_ms.is_none_or(|at_ms| at_ms > now_ms + RENEWED_BEFORE_MS)
    }
}

/// The token of one connection. Who holds it asks for a new one; everybody else waits for that.
pub(crate) type Slot = Arc<tokio::sync::Mutex<Option<Token>>>;

/// The tokens of all connections, by their ARNs. In memory only: after a restart a new one is asked for.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, Slot>>);

impl Tokens {
    pub(crate) fn slot(&self, arn: &str) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(arn.to_owned()).or_default())
    }

    /// Forgets the token of a connection whose credentials are others now.
    pub(crate) fn forget(&self, arn: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(arn);
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The request for a token. RFC 6749, 4.4.2; AWS does not say how it sends the client's id and secret: here they are
/// parameters as all others are, of the query for GET and of the body otherwise, where an owner's parameters replace them.
/// The body is a form, or JSON if the owner's headers say so.
pub(crate) fn request(o_auth: &CreateConnectionOAuthRequestParameters) -> OutgoingRequest {
    let none = ConnectionHttpParameters::default();
    let parameters = o_auth.o_auth_http_parameters.as_ref().unwrap_or(&none);
    let client = &o_auth.client_parameters;
    let mut fields = BTreeMap::from([
        ("grant_type", "client_credentials"),
        ("client_id", client.client_id.as_str()),
        ("client_secret", client.client_secret.as_str()),
    ]);
    fields.extend(apply::body(parameters));
    let mut headers = Vec::new();
    set_header(&mut headers, "Accept", "application/json");
    set_header(&mut headers, "User-Agent", "Amazon/EventBridge/ApiDestinations");
    let mut url = o_auth.authorization_endpoint.clone();
    let is_get = o_auth.http_method == "GET";
    if is_get {
        url = fields.iter().fold(url, |url, (name, value)| set_query(&url, name, value));
    } else {
        set_header(&mut headers, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    }
    for (name, value) in apply::headers(parameters).filter(|(name, _)| !is_our_header(name)) {
        set_header(&mut headers, name, value);
    }
    url = apply::query(parameters).fold(url, |url, (name, value)| set_query(&url, name, value));
    let is_json = headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type") && value.trim_start().starts_with("application/json")
    });
    let body = match (is_get, is_json) {
        (true, _) => String::new(),
        (false, true) => serde_json::json!(fields).to_string(),
        (false, false) => form(fields),
    };
    OutgoingRequest { method: o_auth.http_method.clone(), url, headers, body: body.into_bytes() }
}

/// The token in an answer, or what is wrong with it, without quoting anything of it. RFC 6749, 5.1.
pub(crate) fn read(response: &Response, now_ms: i64) -> Result<Token, String> {
    if !(200..300).contains(&response.status) {
        return Err(format!("The authorization endpoint returned HTTP status {}.", response.status));
    }
    let answer: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = answer["access_token"].as_str().filter(|text| !text.is_empty());
    let text = text.ok_or("The authorization endpoint returned no access_token.")?;
    let secs = match &answer["expires_in"] {
        // Some say it in quotes.
        Value::String(text) => text.parse::<i64>().ok(),
        number => number.as_f64().map(|secs| secs as i64),
    };
    let expires_at_ms = secs.map(|secs| now_ms.saturating_add(secs.clamp(0, 31_536_000) * 1_000));
    Ok(Token { text: Secret(text.to_owned()), expires_at_ms })
}
