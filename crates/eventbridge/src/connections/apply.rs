//! What a connection adds to a request: who it is, and the parameters of its owner.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use delivery::OutgoingRequest;

use super::{Credentials, Secret, is_our_header};
use crate::api::types::ConnectionHttpParameters;
use crate::event::json;
use crate::url::{set_header, set_query};

/// The request as it leaves with what a connection, named by its ARN, knows. AWS: API_Target, HttpParameters: "In the case of
/// any conflicting keys, values from the Connection take precedence."
pub(crate) fn apply(
    connection: &str,
    credentials: &Credentials,
    token: Option<&Secret>,
    mut request: OutgoingRequest,
) -> OutgoingRequest {
    let given = &credentials.0;
    if let Some(parameters) = &given.invocation_http_parameters {
        add(connection, parameters, &mut request);
    }
    if let Some(basic) = &given.basic_auth_parameters {
        let pair = STANDARD.encode(format!("{}:{}", basic.username, basic.password));
        set_header(&mut request.headers, "Authorization", &format!("Basic {pair}"));
    }
    if let Some(key) = &given.api_key_auth_parameters {
        set_header(&mut request.headers, &key.api_key_name, &key.api_key_value);
    }
    if let Some(Secret(token)) = token {
        set_header(&mut request.headers, "Authorization", &format!("Bearer {token}"));
    }
    request
}

/// Adds headers, query and, if the body is a JSON object, members of it.
fn add(connection: &str, parameters: &ConnectionHttpParameters, request: &mut OutgoingRequest) {
    for (name, value) in headers(parameters).filter(|(name, _)| !is_our_header(name)) {
        set_header(&mut request.headers, name, value);
    }
    for (name, value) in query(parameters) {
        request.url = set_query(&request.url, name, value);
    }
    if body(parameters).next().is_none() {
        return;
    }
    let text = std::str::from_utf8(&request.body).unwrap_or_default();
    match json::with_texts(text, body(parameters)) {
        Some(object) => request.body = object.into_bytes(),
        None => tracing::warn!(connection, "the body is no JSON object: it gets no BodyParameters"),
    }
}

pub(super) fn headers(parameters: &ConnectionHttpParameters) -> impl Iterator<Item = (&str, &str)> {
    let given = parameters.header_parameters.iter().flatten();
    given.filter_map(|one| Some((one.key.as_deref()?, one.value.as_deref().unwrap_or_default())))
}

pub(super) fn query(parameters: &ConnectionHttpParameters) -> impl Iterator<Item = (&str, &str)> {
    let given = parameters.query_string_parameters.iter().flatten();
    given.filter_map(|one| Some((one.key.as_deref()?, one.value.as_deref().unwrap_or_default())))
}

pub(super) fn body(parameters: &ConnectionHttpParameters) -> impl Iterator<Item = (&str, &str)> {
    let given = parameters.body_parameters.iter().flatten();
    given.filter_map(|one| Some((one.key.as_deref()?, one.value.as_deref().unwrap_or_default())))
}
