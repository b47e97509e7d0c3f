//! Signatures, authorizers, certificates.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws::AccountId;
use http::{HeaderMap, HeaderName};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use signature::{Key, SecretKey};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use super::receiver::{self, Answer, Receiver};
use super::world::*;
use crate::*;

fn invocation() -> Errand {
    let target = Target::Aws {
        service: "lambda".to_owned(),
        region: "eu-west-1".to_owned(),
        path:
            "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af/invocations?Qualifier=1"
                .to_owned(),
    };
    let mut errand = Errand { judge: Judge::AwsOperation, ..errand("") };
    errand.request.target = target;
    errand.request.headers.push(("X-Amz-Invocation-Type".to_owned(), "Event".to_owned()));
    errand
}

#[tokio::test]
async fn a_call_to_another_service_is_signed() {
    let mut receiver = Receiver::start([Answer::status(202)]).await;
    let endpoints = BTreeMap::from([("lambda".to_owned(), receiver.url("/"))]);
    let mut world = World::with(Options { endpoints, ..Options::default() }).await;
    world.post(invocation()).await;
    let request = receiver.request().await;
    let path = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af/invocations";
    assert_eq!(request.line, format!("POST {path}?Qualifier=1 HTTP/1.1"));
    let pair = |(name, value): &(String, String)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap())
    };
    let headers: HeaderMap = request.headers.iter().map(pair).collect();
    let received = signature::Request {
        method: "POST",
        path,
        query: "Qualifier=1",
        headers: &headers,
        body: &request.body,
    };
    let keys = [Key {
        access_key: "000000000000".to_owned(),
        secret_key: SecretKey::new("test"),
        account: AccountId::default(),
    }];
    // By the time of whoever is called, which no test steers.
    let verified = signature::verify(&received, "lambda", &keys, world.clock.wall_ms());
    assert!(verified.is_ok(), "{verified:?}");
    world.settle(1).await;
    assert_eq!(world.one().await.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn a_service_without_an_endpoint_is_named() {
    let mut world = World::new().await;
    let schedule = Schedule::Exponential { retries_max: 185, age_max_secs: 86_400 };
    let dead_letter = dead_letter(DEAD_LETTERS, true);
    world.post(Errand { schedule, dead_letter, ..invocation() }).await;
    world.settle(1).await;
    let delivery = world.one().await;
    assert_eq!(delivery.state, DeliveryState::Dead);
    assert_eq!(
        delivery.error.as_deref(),
        Some(
            "no endpoint is configured for lambda: set endpoints.lambda in the config file (or --endpoint lambda=URL)"
        )
    );
    assert_eq!(world.dead().len(), 1);
}

/// Gives out tokens, and a new one when told that the last was refused.
#[derive(Default)]
struct Tokens {
    refused: AtomicUsize,
}

impl Authorizer for Tokens {
    fn authorize<'a>(
        &'a self,
        arn: &'a str,
        mut request: OutgoingRequest,
    ) -> AuthorizerFuture<'a, Result<OutgoingRequest, AuthorizationFailure>> {
        Box::pin(async move {
            if arn == "gone" {
                let message = "there is no connection gone".to_owned();
                return Err(AuthorizationFailure { retry: false, message });
            }
            let token = format!("canary-{arn}-{}", self.refused.load(Ordering::Relaxed));
            request.headers.push(("Authorization".to_owned(), token));
            Ok(request)
        })
    }

    fn refused<'a>(&'a self, _: &'a str, _: u16) -> AuthorizerFuture<'a, bool> {
        Box::pin(async move { self.refused.fetch_add(1, Ordering::Relaxed) < 1 })
    }
}

#[tokio::test]
async fn credentials_are_added_at_the_last_moment_and_refreshed_once() {
    let mut world = World::new().await;
    let tokens: Arc<dyn Authorizer> = Arc::new(Tokens::default());
    world.deliveries.introduce_authorizer("events", &tokens);
    let mut receiver = Receiver::start([Answer::status(401), Answer::status(200), Answer::status(401)]).await;
    let url = receiver.url("/");
    let authorized = |arn: &str| {
        let mut errand = Errand { service: "events", judge: Judge::ApiDestination, ..errand(&url) };
        errand.request.authorization = Some(arn.to_owned());
        errand
    };
    world.post(authorized("c")).await;
    world.settle(1).await;
    assert_eq!(receiver.request().await.header("authorization"), Some("canary-c-0"));
    assert_eq!(receiver.request().await.header("authorization"), Some("canary-c-1"));
    // Refused again, without anything fresh to try.
    world.post(authorized("c")).await;
    world.settle(1).await;
    receiver.request().await;
    receiver.heard_nothing().await;
    world.post(authorized("gone")).await;
    world.settle(1).await;
    receiver.heard_nothing().await;
    let all = world.all().await;
    let states: Vec<DeliveryState> = all.iter().map(|delivery| delivery.state).collect();
    assert_eq!(states, [DeliveryState::Dead, DeliveryState::Dead, DeliveryState::Delivered]);
    assert_eq!(all[0].error.as_deref(), Some("there is no connection gone"));
    assert!(!format!("{all:?}").contains("canary"));
}

#[tokio::test]
async fn without_its_authorizer_an_errand_waits() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([]).await;
    let mut posted = Errand { schedule: three_retries(), ..errand(&receiver.url("/")) };
    posted.request.authorization = Some("c".to_owned());
    world.post(posted).await;
    world.settle(1).await;
    receiver.heard_nothing().await;
    assert_eq!(world.one().await.state, DeliveryState::Waiting);
}

#[tokio::test]
async fn certificates_are_checked_against_the_configured_authorities() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let certificate = CertificateDer::from(made.cert.der().to_vec());
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, mut requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                let answers = Arc::new(Mutex::new(VecDeque::from([Answer::with(200, "", "safe")])));
                receiver::serve(stream, answers, sender.clone()).await;
            }
        }
    });
    let directory = tempfile::tempdir().unwrap();
    let ca_file = directory.path().join("ca.pem");
    std::fs::write(&ca_file, made.cert.pem()).unwrap();
    let fetch = async |options: Options, host: &str| {
        let world = World::with(options).await;
        let url = format!("https://{host}:{port}/");
        let request = OutgoingRequest { method: "GET".into(), url, headers: Vec::new(), body: Vec::new() };
        world.deliveries.fetch(request, Duration::from_secs(5)).await
    };
    let trusting = Options { ca_file: Some(ca_file), ..Options::default() };
    trusting.check().unwrap();
    assert_eq!(fetch(trusting.clone(), "localhost").await.unwrap().body, b"safe");
    assert!(requests.recv().await.is_some());
    for (options, host) in [(Options::default(), "localhost"), (trusting, "127.0.0.1")] {
        let error = fetch(options, host).await.unwrap_err();
        assert!(error.retry && error.message.starts_with("no TLS connection: "), "{error:?}");
    }
}

#[test]
fn what_is_configured_wrongly_is_said_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("ca.pem");
    let with_ca = || Options { ca_file: Some(file.clone()), ..Options::default() };
    assert!(with_ca().check().unwrap_err().starts_with("cannot read "));
    std::fs::write(&file, "nothing").unwrap();
    assert!(with_ca().check().unwrap_err().starts_with("there is no certificate in "));
    let endpoints = BTreeMap::from([("lambda".to_owned(), "localhost:9001".to_owned())]);
    let error = Options { endpoints, ..Options::default() }.check().unwrap_err();
    assert!(error.starts_with("the endpoint of lambda: "), "{error}");
}
