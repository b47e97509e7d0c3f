//! Which service and operation a request is for.
//!
//! A request is routed by what it is: by its target header, or by its action together with its signing scope, its
//! API version and its parameters. The host decides nothing that these leave open but a tie.

use aws::Wire;
use http::header::{ACCEPT, CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};
use service::{OperationSchema, ServiceSchema, WireProtocol};

use crate::answer::ReplyForm;
use crate::json::Json;
use crate::payload::Payload;
use crate::query::{Node, Parameters, parse};
use crate::rejection::{Reason, Rejection};

/// What a request is for, and how it wants to be answered.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The service.
    pub service: &'static ServiceSchema,
    /// One of its operations.
    pub operation: &'static OperationSchema,
    /// The form of the answer.
    pub form: ReplyForm,
}

impl Target {
    /// The protocol the caller speaks.
    pub fn protocol(&self) -> WireProtocol {
        self.form.protocol()
    }

    /// The family of that protocol.
    pub fn wire(&self) -> Wire {
        if self.form.is_query() { Wire::Query } else { Wire::Json }
    }
}

type Services<'a> = &'a [&'static ServiceSchema];

/// Finds out what a request is for and takes its body apart. `scope_service` is the service the request was signed
/// for. Where nothing else tells two services with an action of the same name apart, the first of `services` counts.
pub fn identify<'a>(
    request: &'a Parts,
    body: &'a [u8],
    services: &[&'static ServiceSchema],
    scope_service: Option<&str>,
) -> Result<(Target, Payload<'a>), Rejection> {
    let form = ReplyForm::of(request);
    if form.is_query() {
        return identify_query(request, body, services, scope_service);
    }
    if request.method != Method::POST {
        return Err(Rejection::new(ReplyForm::Bare, None, Reason::UnknownOperation, ""));
    }
    let target = identify_json(&request.headers, form, services)?;
    let tree = if body.is_empty() { Some(Json::Object(Vec::new())) } else { Json::parse(body) };
    let malformed = |message| Rejection::new(form, Some(target.service), Reason::Malformed, message);
    match tree {
        Some(tree @ Json::Object(_)) => Ok((target, Payload::json(tree))),
        Some(Json::List(_)) => Err(malformed("Start of list found where not expected")),
        _ => Err(malformed("")),
    }
}

impl ReplyForm {
    /// The form a request's headers ask for; an answer can be given in it before anything else is known.
    pub fn of(request: &Parts) -> Self {
        let is = |name: &HeaderName, wanted: &str| {
            header(&request.headers, name)
                .map(media_type)
                .is_some_and(|found| found.eq_ignore_ascii_case(wanted))
        };
        if is(&CONTENT_TYPE, "application/x-amz-json-1.0") {
            Self::Json10
        } else if is(&CONTENT_TYPE, "application/x-amz-json-1.1") {
            Self::Json11
        } else if is(&ACCEPT, "application/json") {
            Self::XmlAsJson
        } else {
            Self::Xml
        }
    }
}

fn identify_json(headers: &HeaderMap, form: ReplyForm, services: Services<'_>) -> Result<Target, Rejection> {
    static TARGET: HeaderName = HeaderName::from_static("x-amz-target");
    let unknown = |service| Rejection::new(form, service, Reason::UnknownOperation, "");
    let target = header(headers, &TARGET).and_then(|target| target.rsplit_once('.'));
    let (prefix, name) = target.ok_or_else(|| unknown(None))?;
    let service = services.iter().copied().find(|service| service.target_prefix == Some(prefix));
    let service =
        service.filter(|service| service.protocols.iter().any(|spoken| *spoken != WireProtocol::AwsQuery));
    let operation = service.and_then(|service| Some((service, operation(service, name)?)));
    let (service, operation) = operation.ok_or_else(|| unknown(service))?;
    Ok(Target { service, operation, form })
}

fn identify_query<'a>(
    request: &'a Parts,
    body: &'a [u8],
    services: Services<'_>,
    scope_service: Option<&str>,
) -> Result<(Target, Payload<'a>), Rejection> {
    let form = ReplyForm::of(request);
    let scoped = scope_service.and_then(|name| services.iter().copied().find(|service| service.name == name));
    let scoped = scoped.filter(|service| service.protocols.contains(&WireProtocol::AwsQuery));
    let malformed = |message| Rejection::new(form, scoped, Reason::MalformedForm, message);
    let parameters = parameters(request, body).map_err(malformed)?;
    if parameters.is_empty() && !is_form(request) || !matches!(request.method, Method::GET | Method::POST) {
        // AWS's front door, before any service: neither a target nor a parameter nor a form.
        return Err(Rejection::new(ReplyForm::Bare, None, Reason::UnknownOperation, ""));
    }
    let tree = Node::from_parameters(parameters).map_err(malformed)?;
    let Some(action) = tree.parameter("Action") else {
        let message = "The request must contain the parameter Action.";
        return Err(Rejection::new(form, scoped, Reason::MissingAction, message));
    };
    let host = header(&request.headers, &HOST).unwrap_or_default();
    match route(action, &tree, services, scoped, host) {
        Ok((service, operation)) => Ok((Target { service, operation, form }, Payload::query(tree))),
        Err((service, message)) => Err(Rejection::new(form, service, Reason::UnknownOperation, message)),
    }
}

type Routed =
    Result<(&'static ServiceSchema, &'static OperationSchema), (Option<&'static ServiceSchema>, String)>;

/// The service an action is for: the one the request is signed for; else the one of its version; else, of those
/// that know the action, the one whose parameters it brings.
fn route(
    action: &str,
    tree: &Node<'_>,
    services: Services<'_>,
    scoped: Option<&'static ServiceSchema>,
    host: &str,
) -> Routed {
    let version = tree.parameter("Version");
    let of_version = || services.iter().copied().find(|service| Some(service.version) == version);
    let known = |service: &'static ServiceSchema| Some((service, operation(service, action)?));
    let speaks = |service: &ServiceSchema| service.protocols.contains(&WireProtocol::AwsQuery);
    let by_fit = || {
        let candidates = services.iter().copied().filter(|service| speaks(service)).filter_map(known);
        // The last of equals is the greatest; services are looked at from the last, so that the first counts.
        let ranked: Vec<_> = candidates.collect();
        ranked
            .into_iter()
            .rev()
            .max_by_key(|(service, operation)| (fit(operation, tree), named(host, service)))
    };
    let service = scoped.or_else(of_version).filter(|service| speaks(service));
    let found = match service {
        Some(service) => known(service),
        None => by_fit(),
    };
    match found {
        Some((service, _)) if version.is_some_and(|version| !served(service, version)) => {
            Err((Some(service), no_operation(action, version)))
        }
        Some(found) => Ok(found),
        None if service.is_none_or(|service| service.query_compatible) => {
            Err((service, format!("The action {action} is not valid for this endpoint.")))
        }
        None => Err((service, no_operation(action, version))),
    }
}

/// AWS keeps serving a service's older versions, whose clients are still about.
fn served(service: &ServiceSchema, version: &str) -> bool {
    let shaped = version.len() == service.version.len()
        && version
            .bytes()
            .zip(service.version.bytes())
            .all(|(one, other)| if other == b'-' { one == b'-' } else { one.is_ascii_digit() });
    shaped && version <= service.version
}

fn no_operation(action: &str, version: Option<&str>) -> String {
    format!("Could not find operation {action} for version {}", version.unwrap_or("NO_VERSION_SPECIFIED"))
}

/// How many of the operation's parameters the request brings.
fn fit(operation: &OperationSchema, tree: &Node<'_>) -> usize {
    operation.input.members.iter().filter(|member| tree.has(member.query)).count()
}

/// Whether the host's first label is the service's name: `sqs.localhost`.
fn named(host: &str, service: &ServiceSchema) -> bool {
    host.strip_prefix(service.name).is_some_and(|rest| rest.starts_with('.'))
}

fn operation(service: &'static ServiceSchema, name: &str) -> Option<&'static OperationSchema> {
    service.operations.iter().copied().find(|operation| operation.name == name)
}

/// All parameters: those of the URL, then those of the body, which count where both name one.
fn parameters<'a>(request: &'a Parts, body: &'a [u8]) -> Result<Parameters<'a>, &'static str> {
    let mut parameters = Vec::new();
    if let Some(query) = request.uri.query() {
        parse(query.as_bytes(), &mut parameters)?;
    }
    if request.method == Method::POST && is_form(request) {
        parse(body, &mut parameters)?;
    }
    Ok(parameters)
}

/// A body without a type is read as a form: that is what SDKs of the query protocol's time send.
fn is_form(request: &Parts) -> bool {
    let content = header(&request.headers, &CONTENT_TYPE).map(media_type);
    request.method == Method::POST
        && content.is_none_or(|content| content.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A media type without its parameters; of a list, the first.
fn media_type(value: &str) -> &str {
    value.split([';', ',']).next().unwrap_or_default().trim()
}
