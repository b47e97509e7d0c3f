//! Signed by us: verified by us, and by `aws-sigv4`'s signer, which comes to the same signature.

use std::time::{Duration, UNIX_EPOCH};

use aws::AccountId;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings};
use aws_sigv4::sign::v4;
use http::{HeaderMap, HeaderName, HeaderValue};
use signature::{Key, Request, Scope, SecretKey, sign, verify};

/// 2026-11-20T20:40:00Z.
const NOW_MS: i64 = 1_795_207_200_000;

struct Sample {
    method: &'static str,
    path: &'static str,
    query: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: &'static str,
}

fn samples() -> Vec<Sample> {
    let host = ("host", "localhost:9001");
    let invoke =
        "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af/invocations";
    vec![
        Sample {
            method: "POST",
            path: invoke,
            query: "",
            headers: vec![host, ("x-amz-invocation-type", "Event"), ("content-type", "application/json")],
            body: "{\"a\":\"ü\"}",
        },
        Sample {
            method: "POST",
            path: "/",
            query: "",
            headers: vec![host, ("x-amz-target", "Firehose_20150804.PutRecord")],
            body: "{}",
        },
        Sample { method: "GET", path: "/a b", query: "b=2&a=1", headers: vec![host], body: "" },
    ]
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

#[test]
fn what_we_sign_we_accept() {
    let secret = SecretKey::new("test");
    let key =
        Key { access_key: "000000000000".into(), secret_key: secret.clone(), account: AccountId::default() };
    for sample in samples() {
        let Sample { method, path, query, .. } = sample;
        let mut headers = headers(&sample.headers);
        let scope =
            Scope { access_key: "000000000000", secret_key: &secret, region: "us-east-1", service: "lambda" };
        let body = sample.body.as_bytes();
        let signed = sign(&Request { method, path, query, headers: &headers, body }, &scope, NOW_MS);
        headers.insert("x-amz-date", signed.date.parse().unwrap());
        headers.insert("authorization", signed.authorization.parse().unwrap());
        let keys = [key.clone()];
        let verified =
            verify(&Request { method, path, query, headers: &headers, body }, "lambda", &keys, NOW_MS);
        assert!(verified.is_ok(), "{method} {path}: {verified:?}");
        let other =
            verify(&Request { method, path, query, headers: &headers, body: b"x" }, "lambda", &keys, NOW_MS);
        assert!(other.is_err(), "{method} {path}");
    }
}

#[test]
fn we_sign_as_the_sdks_do() {
    let secret = SecretKey::new("test");
    for sample in samples().into_iter().filter(|sample| !sample.path.contains(' ')) {
        let Sample { method, path, query, .. } = sample;
        let map = headers(&sample.headers);
        let scope =
            Scope { access_key: "AKIA", secret_key: &secret, region: "eu-west-1", service: "firehose" };
        let ours = sign(
            &Request { method, path, query, headers: &map, body: sample.body.as_bytes() },
            &scope,
            NOW_MS,
        );

        let identity = Credentials::new("AKIA", "test", None, None, "test").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("eu-west-1")
            .name("firehose")
            .time(UNIX_EPOCH + Duration::from_millis(NOW_MS.unsigned_abs()))
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let uri = format!("http://localhost:9001{path}?{query}");
        let body = SignableBody::Bytes(sample.body.as_bytes());
        let signable =
            SignableRequest::new(method, uri.trim_end_matches('?'), sample.headers.iter().copied(), body)
                .unwrap();
        let (instructions, _) = aws_sigv4::http_request::sign(signable, &params).unwrap().into_parts();
        let theirs = instructions.headers().find(|(name, _)| *name == "authorization").unwrap().1.to_owned();
        assert_eq!(ours.authorization, theirs, "{method} {path}");
        assert_eq!(ours.date, "20261120T204000Z");
    }
}
