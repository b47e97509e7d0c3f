//! One attempt: make the request, send it, and say what became of it.

use std::sync::Arc;
use std::time::Duration;

use clock::Stopwatch;
use http::{HeaderMap, HeaderName, HeaderValue};
use signature::{Scope, SecretKey};

use super::settle;
use crate::client::Destination;
use crate::core::Core;
use crate::judge::{self, Failure, Verdict};
use crate::store::errands::{self, WaitingErrand};
use crate::{Attempt, AuthorizationFailure, FetchError, OutgoingRequest, Response, Target, schedule};

/// Asking for credentials may mean asking somebody else for a token.
const AUTHORIZATION_MAX: Duration = Duration::from_secs(30);

/// What became of an errand whose time had come.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// What was tried; nothing, if it was too old for that.
    pub(super) attempt: Option<Attempt>,
    pub(super) verdict: Verdict,
    pub(super) too_old: bool,
}

/// Makes the next attempt of an errand and settles it.
pub(super) async fn run(core: Arc<Core>, id: i64) {
    let found = core.store.read(move |read| errands::select_waiting(read, id)).await;
    match found {
        // Cancelled or forgotten meanwhile.
        Ok(None) => {}
        Ok(Some(errand)) => {
            let outcome = attempt(&core, &errand).await;
            settle::settle(&core, errand, outcome).await;
        }
        Err(error) => {
            let error: storage::Error = error;
            tracing::error!(id, %error, "an errand cannot be read");
            super::breathe(Duration::from_secs(1)).await;
        }
    }
}

async fn attempt(core: &Core, errand: &WaitingErrand) -> Outcome {
    let at_ms = core.clock.now_ms();
    if schedule::is_over(&errand.schedule, errand.posted_at_ms, at_ms) {
        let verdict = Verdict::Failed(Failure::new("TIMEOUT", "it became too old"));
        return Outcome { attempt: None, verdict, too_old: true };
    }
    let watch = Stopwatch::start();
    let answered = call(core, errand).await;
    let duration_ms = watch.micros() / 1_000;
    let status = answered.as_ref().ok().map(|response| response.status);
    let verdict = match answered {
        Ok(response) => judge::of_answer(errand.judge, &response, core.clock.now_ms()),
        Err(verdict) => verdict,
    };
    let error = match &verdict {
        Verdict::Delivered => None,
        Verdict::Retry { failure, .. } | Verdict::Failed(failure) => Some(failure.note.clone()),
    };
    let number = errand.attempts.saturating_add(1);
    let attempt = Attempt { number, at_ms, status, error, duration_ms };
    Outcome { attempt: Some(attempt), verdict, too_old: false }
}

/// Sends the request, once more if there are fresh credentials. The error is what it means that there is no answer.
async fn call(core: &Core, errand: &WaitingErrand) -> Result<Response, Verdict> {
    let plain = outgoing(core, errand).map_err(|error| silence(errand, error))?;
    let timeout = Duration::from_millis(errand.request.timeout_ms);
    let Some(arn) = errand.request.authorization.as_deref() else {
        return core.client.fetch(&plain, timeout).await.map_err(|error| silence(errand, error));
    };
    let Some(authorizer) = core.authorizer(&errand.service) else {
        let failure =
            AuthorizationFailure { retry: true, message: "nobody has credentials for it".to_owned() };
        return Err(without_credentials(failure));
    };
    let mut is_second = false;
    loop {
        let authorized = authorizer.authorize(arn, plain.clone());
        let authorized = tokio::time::timeout(AUTHORIZATION_MAX, authorized).await;
        let authorized = authorized.unwrap_or_else(|_| {
            Err(AuthorizationFailure { retry: true, message: "credentials did not come in time".to_owned() })
        });
        let authorized = authorized.map_err(without_credentials)?;
        let answered = core.client.fetch(&authorized, timeout).await;
        let response = answered.map_err(|error| silence(errand, error))?;
        let refused = matches!(response.status, 401 | 407) && !is_second;
        if !refused || !authorizer.refused(arn, response.status).await {
            return Ok(response);
        }
        is_second = true;
    }
}

fn without_credentials(failure: AuthorizationFailure) -> Verdict {
    let AuthorizationFailure { retry, message } = failure;
    let failure = Failure::new("SDK_CLIENT_ERROR", message);
    if retry { Verdict::Retry { failure, not_before_ms: None } } else { Verdict::Failed(failure) }
}

fn silence(errand: &WaitingErrand, error: FetchError) -> Verdict {
    let verdict = judge::of_silence(errand.judge, error.timed_out, error.message);
    match verdict {
        Verdict::Retry { failure, .. } if !error.retry => Verdict::Failed(failure),
        verdict => verdict,
    }
}

fn outgoing(core: &Core, errand: &WaitingErrand) -> Result<OutgoingRequest, FetchError> {
    let request = &errand.request;
    let plain = |url: String| OutgoingRequest {
        method: request.method.clone(),
        url,
        headers: request.headers.clone(),
        body: request.body.clone(),
    };
    match &request.target {
        Target::Url(url) => Ok(plain(url.clone())),
        Target::Aws { service, region, path } => {
            let Some(endpoint) = core.options.endpoints.get(service) else {
                return Err(FetchError::permanent(format!(
                    "no endpoint is configured for {service}: set endpoints.{service} in the config file (or \
                     --endpoint {service}=URL)"
                )));
            };
            let url = format!("{}/{}", endpoint.trim_end_matches('/'), path.trim_start_matches('/'));
            signed(core, errand, plain(url), service, region)
        }
    }
}

/// Signs a call to another AWS service: the access key is the account, which is how a local endpoint knows whose call it
/// is, and nobody checks the secret.
fn signed(
    core: &Core,
    errand: &WaitingErrand,
    mut request: OutgoingRequest,
    service: &str,
    region: &str,
) -> Result<OutgoingRequest, FetchError> {
    let to = Destination::parse(&request.url).map_err(FetchError::permanent)?;
    let mut headers = HeaderMap::new();
    let named = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in named.chain([("host", to.authority.as_str())]) {
        let pair = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes()));
        let (Ok(name), Ok(value)) = pair else {
            return Err(FetchError::permanent(format!("the header {name} cannot be sent")));
        };
        headers.append(name, value);
    }
    let (path, query) = to.path_and_query.split_once('?').unwrap_or((&to.path_and_query, ""));
    let secret_key = SecretKey::new("test");
    let scope = Scope { access_key: errand.account.as_str(), secret_key: &secret_key, region, service };
    let covered =
        signature::Request { method: &request.method, path, query, headers: &headers, body: &request.body };
    // Whoever checks it has a clock of its own, which is not steered.
    let signed = signature::sign(&covered, &scope, core.clock.wall_ms());
    request.headers.push(("X-Amz-Date".to_owned(), signed.date));
    request.headers.push(("Authorization".to_owned(), signed.authorization));
    Ok(request)
}
