//! Fanlight's own pages, and those that users of other emulators depend on.
//!
//! All of them are reached only by whoever may also reach the services: the server checks `Host` and `Origin` first.

use std::sync::Arc;

use bytes::Bytes;
use clock::Clock;
use delivery::Deliveries;
use eventbridge::EventBridge;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};
use server::{Surface, SurfaceFuture, Visit};
use sns::Sns;
use sqs::Sqs;
use storage::Store;

mod certificate;
mod clock_page;
mod event_logs;
mod health;
mod localstack;
mod messages;
mod outbox;
mod outbox_localstack;
mod parameters;
mod phone_opt_outs;
mod python_json;
mod reset;
mod subscription_tokens;
mod trigger;

pub(crate) struct Pages {
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) sqs: Arc<Sqs>,
    pub(crate) sns: Arc<Sns>,
    pub(crate) events: Arc<EventBridge>,
    pub(crate) deliveries: Arc<Deliveries>,
}

impl Surface for Pages {
    fn owns(&self, parts: &Parts) -> bool {
        let path = parts.uri.path();
        const PREFIXES: [&str; 4] = ["/_fanlight/", "/_localstack/", "/_aws/", "/moto-api/"];
        // A queue may be called `health`, but nobody asks for it without a parameter.
        PREFIXES.iter().any(|prefix| path.starts_with(prefix))
            || path == "/health" && parts.uri.query().is_none()
            || certificate::file_name(path).is_some()
    }

    fn answer(&self, visit: Visit) -> SurfaceFuture<'_> {
        Box::pin(self.route(visit))
    }
}

impl Pages {
    async fn route(&self, visit: Visit) -> Response<Bytes> {
        let path = visit.parts.uri.path().to_owned();
        if let Some(file_name) = certificate::file_name(&path) {
            return only(&visit, &[Method::GET], certificate::certificate(self, file_name)).await;
        }
        if let Some(arn) = trigger::rule_arn(&path) {
            return only(&visit, &[Method::POST], trigger::trigger(self, &arn)).await;
        }
        match path.trim_end_matches('/') {
            "/_fanlight/health" => ours(&visit, &[Method::GET], &[], self.health()).await,
            "/_fanlight/reset" => {
                let known = ["account", "accountId", "service"];
                ours(&visit, &[Method::POST], &known, self.reset(&visit, Reset::Silent)).await
            }
            "/_fanlight/clock" => only(&visit, &[Method::GET, Method::POST], self.clock_page(&visit)).await,
            "/_fanlight/sqs/messages" => {
                let known = ["queueUrl", "region", "account", "accountId"];
                ours(&visit, &[Method::GET], &known, self.messages(&visit)).await
            }
            "/_fanlight/events/logs" => {
                ours(&visit, &[Method::GET], &["busArn"], event_logs::event_logs(self, &visit)).await
            }
            "/_fanlight/outbox" => {
                let known = ["kind", "account", "accountId", "region"];
                ours(&visit, &[Method::GET, Method::DELETE], &known, outbox::outbox(self, &visit)).await
            }
            "/health" => only(&visit, &[Method::GET], self.health()).await,
            "/_aws/sns/sms-messages" => {
                only(&visit, &[Method::GET, Method::DELETE], outbox_localstack::sms_messages(self, &visit))
                    .await
            }
            "/_aws/sns/platform-endpoint-messages" => {
                let page = outbox_localstack::platform_endpoint_messages(self, &visit);
                only(&visit, &[Method::GET, Method::DELETE], page).await
            }
            "/_aws/sns/phone-opt-outs" => {
                only(&visit, &[Method::GET, Method::POST], phone_opt_outs::phone_opt_outs(self, &visit)).await
            }
            "/_localstack/health" => only(&visit, &[Method::GET], localstack::health()).await,
            "/_localstack/info" => only(&visit, &[Method::GET], localstack::info()).await,
            "/_localstack/init/boot"
            | "/_localstack/init/start"
            | "/_localstack/init/ready"
            | "/_localstack/init/shutdown" => only(&visit, &[Method::GET], localstack::init_stage()).await,
            "/_localstack/init" => only(&visit, &[Method::GET], localstack::init()).await,
            "/_localstack/state/reset" => {
                only(&visit, &[Method::POST], self.reset(&visit, Reset::Silent)).await
            }
            "/moto-api/reset" => only(&visit, &[Method::POST], self.reset(&visit, Reset::LikeMoto)).await,
            "/_aws/sqs/messages" => {
                only(&visit, &[Method::GET, Method::POST], self.received(&visit, None)).await
            }
            tokens if tokens.starts_with(subscription_tokens::PREFIX) => {
                let page = subscription_tokens::subscription_token(self, tokens);
                only(&visit, &[Method::GET], page).await
            }
            other => match other.strip_prefix("/_aws/sqs/messages/") {
                Some(queue) => {
                    only(&visit, &[Method::GET, Method::POST], self.received(&visit, Some(queue))).await
                }
                None => problem(StatusCode::NOT_FOUND, &format!("There is no page {other}.")),
            },
        }
    }
}

/// What a reset answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reset {
    Silent,
    LikeMoto,
}

/// Runs `page` if the method is one of these; HEAD goes with GET.
async fn only(
    visit: &Visit,
    methods: &[Method],
    page: impl Future<Output = Response<Bytes>>,
) -> Response<Bytes> {
    let method = &visit.parts.method;
    if methods.contains(method) || method == Method::HEAD && methods.contains(&Method::GET) {
        return page.await;
    }
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    let allowed = names.join(", ");
    let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, &format!("This page answers {allowed}."));
    if let Ok(allowed) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

/// Runs a page of our own if the method is one of these, and nothing is asked for but what it knows.
async fn ours(
    visit: &Visit,
    methods: &[Method],
    known: &[&str],
    page: impl Future<Output = Response<Bytes>>,
) -> Response<Bytes> {
    let checked = async {
        match parameters::check(visit, known).and_then(|()| parameters::check_no_body(visit)) {
            Ok(()) => page.await,
            Err(wrong) => problem(StatusCode::BAD_REQUEST, &wrong),
        }
    };
    only(visit, methods, checked).await
}

/// The store could not; the log says why.
fn failure(error: &storage::Error) -> Response<Bytes> {
    tracing::error!(%error, "the store failed");
    problem(StatusCode::INTERNAL_SERVER_ERROR, "The store failed; the log says why.")
}

fn problem(status: StatusCode, message: &str) -> Response<Bytes> {
    answer(status, json!({ "message": message }).to_string())
}

fn answer_json(value: &Value) -> Response<Bytes> {
    answer(StatusCode::OK, value.to_string())
}

fn answer(status: StatusCode, json: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(json));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A service's refusal on a page of ours: its words and its status.
fn refusal(error: &service::Error) -> Response<Bytes> {
    let status = StatusCode::from_u16(error.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer(status, json!({ "code": error.kind.code, "message": error.message }).to_string())
}
