//! API destinations, API Gateway, AppSync.

use delivery::{Judge, Pace, Request, Target as To};

use super::OutsideCall;
use super::operation::{Operation, header};
use super::trigger::Trigger;
use crate::connections::is_our_header;
use crate::event::json;
use crate::store::api_destinations::DestinationRow;
use crate::url::{fill, set_header, set_query};

/// AWS: EventBridge User Guide, "API destinations": "a maximum client execution timeout of 5 seconds".
const TIMEOUT_MS: u64 = 5_000;

/// AWS: EventBridge User Guide, "Headers in requests to API destinations".
const HEADERS: [(&str, &str); 5] = [
    ("User-Agent", "Amazon/EventBridge/ApiDestinations"),
    ("Content-Type", "application/json; charset=utf-8"),
    ("Range", "bytes=0-1048575"),
    ("Accept-Encoding", "gzip,deflate"),
    ("Connection", "close"),
];

/// The call of an API destination. What its connection adds is added when it leaves.
pub(super) fn api_destination(trigger: &Trigger<'_>, destination: &DestinationRow) -> OutsideCall {
    let mut headers: Vec<(String, String)> =
        HEADERS.iter().map(|(name, value)| header(name, value)).collect();
    let url = addressed(trigger, &destination.endpoint, &mut headers);
    OutsideCall {
        request: Request {
            method: destination.method.clone(),
            target: To::Url(url),
            headers,
            body: trigger.body.as_bytes().to_vec(),
            timeout_ms: TIMEOUT_MS,
            authorization: Some(destination.connection_arn.clone()),
        },
        judge: Judge::ApiDestination,
        pace: Some(Pace {
            lane: destination.arn(),
            per_second: u32::try_from(destination.rate).unwrap_or(1).max(1),
        }),
    }
}

/// Fills in a target's `HttpParameters`, whose values may be paths into the event: placeholders, query, headers.
fn addressed(trigger: &Trigger<'_>, url: &str, headers: &mut Vec<(String, String)>) -> String {
    let Some(given) = &trigger.target.http_parameters else { return url.to_owned() };
    let values = given.path_parameter_values.iter().flatten();
    let values: Vec<String> = values.map(|value| trigger.dynamic(value)).collect();
    let mut url = fill(url, &values);
    for (name, value) in given.query_string_parameters.iter().flat_map(|query| query.iter()) {
        url = set_query(&url, name, &trigger.dynamic(value));
    }
    let named = given.header_parameters.iter().flat_map(|headers| headers.iter());
    for (name, value) in named.filter(|(name, _)| !is_our_header(name)) {
        set_header(headers, name, &trigger.dynamic(value));
    }
    url
}

/// `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`. The real service calls
/// `<api>.execute-api.<region>.amazonaws.com`; with one endpoint for all, a header names the API, as it does behind an
/// interface endpoint. AWS: API Gateway Developer Guide, "Invoking a private API using the x-apigw-api-id header".
pub(super) fn api_gateway(trigger: &Trigger<'_>) -> Option<Operation> {
    let mut parts = trigger.arn.resource.splitn(4, '/');
    let (api, stage, method) = (parts.next()?, parts.next()?, parts.next()?);
    let path = format!("/{stage}/{}", parts.next().unwrap_or_default());
    let mut operation = Operation::rest(trigger, "execute-api", "", trigger.body.to_owned());
    operation.headers.push(header("x-apigw-api-id", api));
    operation.path = addressed(trigger, &path, &mut operation.headers);
    operation.method = if method == "*" { "POST".to_owned() } else { method.to_owned() };
    Some(operation)
}

/// `arn:aws:appsync:<region>:<account>:endpoints/graphql-api/<endpoint>`. AWS: API_AppSyncParameters: the operation is the
/// target's, its variables are what the target gets of the event.
pub(super) fn app_sync(trigger: &Trigger<'_>) -> Operation {
    let given = trigger.target.app_sync_parameters.as_ref();
    let operation = given.and_then(|given| given.graph_ql_operation.as_deref()).unwrap_or_default();
    // As text: a tree would change how numbers are written.
    let mut body = "{\"query\":".to_owned();
    json::push_string(&mut body, operation);
    let variables = json::compact(trigger.body, json::ANY);
    body.push_str(&format!(",\"variables\":{}}}", variables.as_deref().unwrap_or("null")));
    Operation::rest(trigger, "appsync", "/graphql", body)
}
