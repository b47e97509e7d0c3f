//! One request, from its first header to its log line.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use aws::Call;
use bytes::Bytes;
use clock::Stopwatch;
use http::header::{CONTENT_ENCODING, EXPECT};
use http::request::Parts;
use http::{HeaderMap, Request, Response};
use hyper::body::Incoming;
use protocol::{Payload, Rejection, ReplyForm, Target};
use service::{Error, Refusal, Service, ServiceSchema, internal_failure};
use signature::Credential;

use crate::body::{self, Unread};
use crate::connection::Line;
use crate::guard::{Guard, Stranger};
use crate::{Limits, Settings, Surface, Visit, browser, refusals, unwind};

/// What a server serves.
pub struct Application {
    /// The services. Where nothing else tells two operations of one name apart, the first service counts.
    pub services: Vec<Arc<dyn Service>>,
    /// What is served beside them.
    pub surface: Option<Arc<dyn Surface>>,
    /// Called once when the server stops: lets services answer the requests that wait for something to happen.
    pub release_waiting: Box<dyn Fn() + Send + Sync>,
}

/// An application under its settings; shared by all connections.
pub(crate) struct App {
    settings: Settings,
    application: Application,
    schemas: Vec<&'static ServiceSchema>,
    guard: Guard,
}

/// An answer, and what the log says of it.
struct Answer {
    response: Response<Bytes>,
    service: &'static str,
    operation: &'static str,
    code: &'static str,
}

impl Answer {
    fn refused(form: ReplyForm, request_id: &str, error: &Error) -> Self {
        let response = protocol::encode_error(form, None, request_id, error);
        Self { response, service: "-", operation: "-", code: error.kind.code }
    }

    fn rejected(rejection: &Rejection, request_id: &str) -> Self {
        let response = protocol::encode_rejection(rejection, request_id);
        Self { response, service: "-", operation: "-", code: rejection.code() }
    }

    fn of_target(response: Response<Bytes>, target: &Target, code: &'static str) -> Self {
        Self { response, service: target.service.name, operation: target.operation.name, code }
    }
}

impl App {
    pub(crate) fn new(settings: Settings, application: Application, listens_to_network: bool) -> Self {
        let guard = Guard {
            hosts: settings.hosts.clone(),
            allow_origins: settings.allow_origins.clone(),
            listens_to_network,
        };
        let schemas = application.services.iter().map(|service| service.schema()).collect();
        Self { settings, application, schemas, guard }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.settings.limits
    }

    pub(crate) fn release_waiting(&self) {
        (self.application.release_waiting)();
    }

    /// Answers a request and logs it, whatever happens.
    pub(crate) async fn handle(&self, request: Request<Incoming>, line: &Line) -> Response<Bytes> {
        let watch = Stopwatch::start();
        let request_id = self.settings.clock.uuid_v4().to_string();
        let (parts, body) = request.into_parts();
        let form = ReplyForm::of(&parts);
        let origin = browser::origin(&self.guard, &parts);
        let answer = match unwind::caught(self.respond(parts, body, &request_id, line)).await {
            Ok(answer) => answer,
            Err(panic) => {
                tracing::error!(%request_id, panic, "request panicked");
                Answer::refused(form, &request_id, &internal_failure())
            }
        };
        log(&answer, &request_id, watch.micros());
        let mut response = answer.response;
        if let Some(origin) = origin {
            browser::share(&mut response, origin);
        }
        response
    }

    /// The steps every request takes. The first that says no answers.
    async fn respond(&self, parts: Parts, body: Incoming, request_id: &str, line: &Line) -> Answer {
        let refuse = |error: &Error| Answer::refused(ReplyForm::of(&parts), request_id, error);
        let authority = match self.guard.admit(&parts, &line.local) {
            Ok(authority) => authority,
            Err(stranger) => {
                line.spoiled.store(true, Ordering::Relaxed);
                return refuse(&stranger_refused(stranger));
            }
        };
        if let Some(response) = browser::preflight(&self.guard, &parts) {
            return Answer { response, service: "-", operation: "preflight", code: "-" };
        }
        if let Err(error) = check_headers(&parts.headers) {
            line.spoiled.store(true, Ordering::Relaxed);
            return refuse(&error);
        }
        let body = match body::read(body, self.limits()).await {
            Ok(body) => body,
            Err(unread) => {
                line.spoiled.store(true, Ordering::Relaxed);
                return refuse(&self.unread(unread));
            }
        };
        if parts.uri.path() != "/"
            && let Some(surface) = &self.application.surface
            && surface.owns(&parts)
        {
            let call = {
                let scope = Credential::find(&parts.headers, parts.uri.query());
                self.call(&parts, authority, request_id, aws::Wire::Json, scope.as_ref())
            };
            let response = surface.answer(Visit { parts, body, call }).await;
            return Answer { response, service: "-", operation: "page", code: "-" };
        }
        self.operate(&parts, authority, &body, request_id).await
    }

    /// A request to a service.
    async fn operate(&self, parts: &Parts, authority: &str, body: &Bytes, request_id: &str) -> Answer {
        let scope = Credential::find(&parts.headers, parts.uri.query());
        let scope_service = scope.as_ref().map(Credential::service);
        let (target, payload) = match protocol::identify(parts, body, &self.schemas, scope_service) {
            Ok(identified) => identified,
            Err(rejection) => return Answer::rejected(&rejection, request_id),
        };
        let signer = match self.verify(parts, body, &target) {
            Ok(signer) => signer,
            Err(error) => return refused(&target, request_id, &error),
        };
        let mut call = self.call(parts, authority, request_id, target.wire(), scope.as_ref());
        if let Some(key) = signer {
            call.account = key.account.clone();
        }
        match unwind::caught(self.run(&target, payload, &call, parts.uri.path())).await {
            Ok(answer) => answer,
            Err(panic) => {
                let operation = target.operation.name;
                tracing::error!(request_id, operation, panic, "operation panicked");
                refused(&target, request_id, &internal_failure())
            }
        }
    }

    async fn run(&self, target: &Target, payload: Payload<'_>, call: &Call, path: &str) -> Answer {
        let services = self.application.services.iter();
        let service = services.into_iter().find(|service| std::ptr::eq(service.schema(), target.service));
        let Some(service) = service else { return refused(target, &call.request_id, &internal_failure()) };
        let started = start(service.as_ref(), target, payload, call, path);
        let reply = match started {
            Ok(running) => running.await,
            Err(Refusal::Refused(error)) => Err(error),
            Err(Refusal::Unreadable(found)) => {
                let rejection = Rejection::unreadable(target, found);
                let response = protocol::encode_rejection(&rejection, &call.request_id);
                return Answer::of_target(response, target, rejection.code());
            }
        };
        match reply {
            Ok(output) => {
                let response = protocol::encode_output(target, &call.request_id, output.as_ref());
                Answer::of_target(response, target, "-")
            }
            Err(error) => refused(target, &call.request_id, &error),
        }
    }

    /// Whose signature it is, if anybody wants to know.
    fn verify(&self, parts: &Parts, body: &Bytes, target: &Target) -> Result<Option<&signature::Key>, Error> {
        let Some(keys) = &self.settings.keys else { return Ok(None) };
        let request = signature::Request {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            headers: &parts.headers,
            body,
        };
        // Callers sign by their own clocks, which do not follow ours when it is steered.
        let now_ms = self.settings.clock.wall_ms();
        let verified = signature::verify(&request, target.service.name, keys, now_ms);
        verified.map(Some).map_err(|refusal| refusals::signature_refused(refusal, target.service))
    }

    fn call(
        &self,
        parts: &Parts,
        authority: &str,
        request_id: &str,
        wire: aws::Wire,
        scope: Option<&Credential<'_>>,
    ) -> Call {
        let account = scope.and_then(Credential::account);
        let region = scope.and_then(Credential::parsed_region);
        Call {
            account: account.unwrap_or_else(|| self.settings.account.clone()),
            region: region.unwrap_or_else(|| self.settings.region.clone()),
            base_url: base_url(&parts.headers, authority),
            request_id: request_id.to_owned(),
            access_key: scope.map(|scope| scope.access_key().to_owned()),
            trace_header: text(&parts.headers, "x-amzn-trace-id").map(str::to_owned),
            wire,
        }
    }

    fn unread(&self, unread: Unread) -> Error {
        match unread {
            Unread::TooLarge => refusals::body_too_large(self.limits().body_bytes_max),
            Unread::TooSlow => refusals::body_too_slow(),
            Unread::Broken => refusals::body_broken(),
        }
    }
}

/// Fills in what the path stands for, reads the input, and starts the operation.
fn start<'a>(
    service: &'a dyn Service,
    target: &Target,
    mut payload: Payload<'_>,
    call: &'a Call,
    path: &str,
) -> Result<service::ReplyFuture<'a>, Refusal> {
    if path != "/" {
        let parameters =
            service.path_parameters(target.operation.name, path, call).map_err(Refusal::Refused)?;
        for (name, value) in parameters {
            payload.set_missing(name, value);
        }
    }
    service.start(target.operation, call, &mut payload)
}

fn refused(target: &Target, request_id: &str, error: &Error) -> Answer {
    let response = protocol::encode_error(target.form, Some(target.service), request_id, error);
    Answer::of_target(response, target, error.kind.code)
}

fn stranger_refused(stranger: Stranger) -> Error {
    match stranger {
        Stranger::NoHost => refusals::no_host(),
        Stranger::ForeignHost => refusals::foreign_host(),
        Stranger::ForeignOrigin => refusals::foreign_origin(),
    }
}

/// What no body can make good.
fn check_headers(headers: &HeaderMap) -> Result<(), Error> {
    if let Some(expected) = headers.get(EXPECT)
        && !expected.as_bytes().eq_ignore_ascii_case(b"100-continue")
    {
        return Err(refusals::expectation_unknown());
    }
    match headers.get(CONTENT_ENCODING) {
        Some(encoding) if !encoding.is_empty() && encoding != "identity" => {
            Err(refusals::body_encoded(&String::from_utf8_lossy(encoding.as_bytes())))
        }
        _ => Ok(()),
    }
}

/// Scheme and host as the caller wrote them. `X-Forwarded-Proto` is believed, because it can only change what its own
/// sender is told; `X-Forwarded-Host` is not, because it would get past the check of `Host`. Of several proxies each may
/// have added its scheme, and the first is the one the caller used.
fn base_url(headers: &HeaderMap, authority: &str) -> String {
    let schemes = text(headers, "x-forwarded-proto").unwrap_or_default();
    let is_https = schemes.split(',').next().is_some_and(|first| first.trim().eq_ignore_ascii_case("https"));
    let scheme = if is_https { "https://" } else { "http://" };
    [scheme, authority].concat()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// One line a request: what went well is for whoever looks for it, what did not is for everybody.
fn log(answer: &Answer, request_id: &str, micros: u64) {
    let Answer { service, operation, code, .. } = answer;
    let status = answer.response.status().as_u16();
    match status {
        500.. => tracing::error!(service, operation, code, status, micros, request_id, "request failed"),
        400.. => tracing::info!(service, operation, code, status, micros, request_id, "request refused"),
        _ => tracing::debug!(service, operation, status, micros, request_id, "request"),
    }
}
