//! Signed by `aws-sigv4`'s signer, which is what the SDKs use, and verified by us; then spoiled in every way, and refused.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws::AccountId;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::{HeaderMap, HeaderName, HeaderValue};
use signature::{Credential, Key, Reason, Refusal, Request, SecretKey, verify};

/// 2026-11-20T20:40:00Z.
const NOW_MS: i64 = 1_795_207_200_000;

/// A request that can be signed and spoiled.
#[derive(Clone)]
struct Sample {
    method: &'static str,
    uri: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

fn sample(method: &'static str, uri: &str, headers: &[(&str, &str)], body: &str) -> Sample {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Sample { method, uri: uri.to_owned(), headers, body: body.into() }
}

fn samples() -> Vec<Sample> {
    let host = ("host", "localhost:4566");
    vec![
        sample(
            "POST",
            "http://localhost:4566/",
            &[host, ("x-amz-target", "AmazonSQS.SendMessage")],
            "{\"a\":1}",
        ),
        sample(
            "POST",
            "http://localhost:4566/000000000000/q.fifo",
            &[host],
            "Action=PurgeQueue&Version=2012-11-05",
        ),
        sample(
            "GET",
            "http://localhost:4566/?Action=ListQueues&QueueNamePrefix=a%20b%2Fc&Z=%7E",
            &[host],
            "",
        ),
        sample("GET", "http://localhost:4566/a%20b/%C3%A4?b=2&a=1&a=0&empty=", &[host], ""),
        sample("POST", "http://localhost:4566/a//b/../c/", &[host, ("my-header", "  a   b  ")], "x"),
        sample("POST", "http://localhost:4566/", &[host, ("twice", "2"), ("twice", "1")], "ü"),
    ]
}

/// Signs with the signer's defaults, which are those of all services but S3.
fn signed(sample: &Sample, location: SignatureLocation, at_ms: i64, expires: Option<u64>) -> Sample {
    let identity = Credentials::new("AKIAEXAMPLE", "secret", None, None, "test").into();
    let mut settings = SigningSettings::default();
    settings.signature_location = location;
    settings.expires_in = expires.map(Duration::from_secs);
    let time: SystemTime = UNIX_EPOCH + Duration::from_millis(at_ms as u64);
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region("eu-west-1")
        .name("sqs")
        .time(time)
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let headers = sample.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let request =
        SignableRequest::new(sample.method, sample.uri.as_str(), headers, SignableBody::Bytes(&sample.body))
            .unwrap();
    let (instructions, _) = sign(request, &parameters).unwrap().into_parts();
    let mut done = sample.clone();
    let (headers, parameters) = instructions.into_parts();
    for header in headers {
        done.headers.push((header.name().to_owned(), header.value().to_owned()));
    }
    for (name, value) in parameters {
        let separator = if done.uri.contains('?') { '&' } else { '?' };
        let value = percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC);
        done.uri.push_str(&format!("{separator}{name}={value}"));
    }
    done
}

fn keys() -> Vec<Key> {
    let account = AccountId::parse("111122223333").unwrap();
    vec![Key { access_key: "AKIAEXAMPLE".into(), secret_key: SecretKey::new("secret"), account }]
}

fn check_at(sample: &Sample, now_ms: i64) -> Result<String, Refusal> {
    let mut headers = HeaderMap::new();
    for (name, value) in &sample.headers {
        headers.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    let target = sample.uri.strip_prefix("http://localhost:4566").unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let request = Request { method: sample.method, path, query, headers: &headers, body: &sample.body };
    verify(&request, "sqs", &keys(), now_ms).map(|key| key.account.to_string())
}

fn check(sample: &Sample) -> Result<String, Refusal> {
    check_at(sample, NOW_MS)
}

fn refused(sample: &Sample) -> (Reason, String) {
    let refusal = check(sample).unwrap_err();
    (refusal.reason, refusal.message)
}

#[test]
fn what_an_sdk_signs_is_accepted() {
    for sample in samples() {
        let header = signed(&sample, SignatureLocation::Headers, NOW_MS, None);
        assert_eq!(check(&header).as_deref(), Ok("111122223333"), "{}", header.uri);
        let presigned = signed(&sample, SignatureLocation::QueryParams, NOW_MS, Some(60));
        assert_eq!(check(&presigned).as_deref(), Ok("111122223333"), "{}", presigned.uri);
    }
}

#[test]
fn one_changed_byte_is_refused() {
    for sample in samples() {
        let signed = signed(&sample, SignatureLocation::Headers, NOW_MS, None);
        let mut spoiled = signed.clone();
        spoiled.body.push(b' ');
        assert_eq!(refused(&spoiled).0, Reason::SignatureDoesNotMatch);
        let mut spoiled = signed.clone();
        spoiled.method = "PUT";
        assert_eq!(refused(&spoiled).0, Reason::SignatureDoesNotMatch);
        let mut spoiled = signed.clone();
        spoiled.uri = spoiled.uri.replacen("4566/", "4566/x", 1);
        assert_eq!(refused(&spoiled).0, Reason::SignatureDoesNotMatch);
        for index in 0..signed.headers.len() {
            let value_len = signed.headers[index].1.len();
            for at in
                (0..value_len).filter(|at| signed.headers[index].1.as_bytes()[*at].is_ascii_alphanumeric())
            {
                let mut spoiled = signed.clone();
                let byte = &spoiled.headers[index].1[at..=at];
                let other = if byte == "0" { "1" } else { "0" };
                spoiled.headers[index].1.replace_range(at..=at, other);
                assert!(check(&spoiled).is_err(), "{:?}", spoiled.headers[index]);
            }
        }
    }
}

#[test]
fn a_mismatch_tells_what_should_have_been_signed() {
    let mut spoiled = signed(&samples()[0], SignatureLocation::Headers, NOW_MS, None);
    spoiled.body = b"{}".to_vec();
    let (_, message) = refused(&spoiled);
    assert!(message.starts_with(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this \
         request should have been\n'POST\n/\n\nhost:localhost:4566\nx-amz-date:20261120T204000Z\n"
    ), "{message}");
    assert!(message.contains(
        "\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20261120T204000Z\n20261120/eu-west-1/sqs/aws4_request\n"
    ), "{message}");
}

#[test]
fn unsigned_and_incomplete_are_told_apart() {
    let plain = samples().remove(0);
    assert_eq!(
        refused(&plain),
        (Reason::MissingAuthenticationToken, "Request is missing Authentication Token".into())
    );
    let with = |value: &str| {
        let mut sample = plain.clone();
        sample.headers.push(("authorization".into(), value.into()));
        refused(&sample)
    };
    assert_eq!(
        with("Basic dGVzdA=="),
        (Reason::IncompleteSignature, "Unsupported AWS 'algorithm': 'Basic'.".into())
    );
    assert_eq!(
        with(
            "AWS4-ECDSA-P256-SHA256 Credential=AKIAEXAMPLE/20261120/sqs/aws4_request, SignedHeaders=host, Signature=0"
        ),
        (Reason::IncompleteSignature, "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.".into())
    );
    assert_eq!(
        with("AWS4-HMAC-SHA256 Credential=a/b/c/d/e"),
        (
            Reason::IncompleteSignature,
            "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' \
             parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
             Authorization=AWS4-HMAC-SHA256 Credential=a/b/c/d/e"
                .into()
        )
    );
    let mut presigned = plain.clone();
    presigned.uri.push_str("?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261120T204000Z");
    assert_eq!(
        refused(&presigned),
        (
            Reason::IncompleteSignature,
            "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include \
             'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the \
             query-string parameters."
                .into()
        )
    );
}

#[test]
fn an_unknown_access_key_is_refused() {
    let mut sample = signed(&samples()[0], SignatureLocation::Headers, NOW_MS, None);
    for (_, value) in &mut sample.headers {
        *value = value.replace("AKIAEXAMPLE", "AKIAOTHER");
    }
    assert_eq!(
        refused(&sample),
        (Reason::InvalidClientTokenId, "The security token included in the request is invalid.".into())
    );
}

#[test]
fn a_quarter_of_an_hour_either_way_is_tolerated() {
    let sample = signed(&samples()[0], SignatureLocation::Headers, NOW_MS, None);
    for offset_ms in [0, 899_000, 900_999, -899_000, -900_000] {
        assert!(check_at(&sample, NOW_MS + offset_ms).is_ok(), "{offset_ms}");
    }
    let late = check_at(&sample, NOW_MS + 901_000).unwrap_err();
    assert_eq!(late.reason, Reason::SignatureDoesNotMatch);
    assert_eq!(
        late.message,
        "Signature expired: 20261120T204000Z is now earlier than 20261120T204001Z (20261120T205501Z - 15 min.)"
    );
    let early = check_at(&sample, NOW_MS - 901_000).unwrap_err();
    assert_eq!(
        early.message,
        "Signature not yet current: 20261120T204000Z is still later than 20261120T203959Z (20261120T202459Z + 15 min.)"
    );
}

#[test]
fn a_presigned_url_lives_as_long_as_it_says() {
    let day = signed(&samples()[2], SignatureLocation::QueryParams, NOW_MS, Some(86_400));
    assert!(check_at(&day, NOW_MS + 86_400_000).is_ok());
    assert!(check_at(&day, NOW_MS + 86_401_000).unwrap_err().message.starts_with("Signature expired: "));
    let second = signed(&samples()[2], SignatureLocation::QueryParams, NOW_MS, Some(1));
    assert!(check_at(&second, NOW_MS + 1_000).is_ok());
    assert!(check_at(&second, NOW_MS + 2_000).unwrap_err().message.ends_with(" - 1 sec.)"));
    for (expires, sentence) in
        [("604801", "less than a week"), ("-1", "non-negative"), ("x", "should be a number")]
    {
        let mut spoiled = day.clone();
        spoiled.uri = spoiled.uri.replace("X-Amz-Expires=86400", &format!("X-Amz-Expires={expires}"));
        assert!(refused(&spoiled).1.contains(sentence), "{expires}");
    }
}

#[test]
fn a_scope_of_something_else_is_refused() {
    for (from, to, sentence) in [
        ("/sqs/", "/sns/", "Credential should be scoped to correct service: 'sqs'. "),
        ("/eu-west-1/", "/EU/", "Credential should be scoped to a valid region, not 'EU'. "),
        (
            "aws4_request",
            "aws5",
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. ",
        ),
        (
            "/20261120/",
            "/20261119/",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261119' != \
             '20261120', from '20261120T204000Z'. ",
        ),
        ("host;", "", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization. "),
    ] {
        let mut sample = signed(&samples()[0], SignatureLocation::Headers, NOW_MS, None);
        for (_, value) in &mut sample.headers {
            *value = value.replace(from, to);
        }
        assert_eq!(refused(&sample), (Reason::SignatureDoesNotMatch, sentence.to_owned()), "{to}");
    }
}

#[test]
fn who_says_they_signed_is_known_without_verification() {
    let sample = signed(&samples()[2], SignatureLocation::QueryParams, NOW_MS, Some(60));
    let query = sample.uri.split_once('?').map(|(_, query)| query);
    let headers = HeaderMap::new();
    let found = Credential::find(&headers, query).unwrap();
    assert_eq!((found.access_key(), found.region(), found.service()), ("AKIAEXAMPLE", "eu-west-1", "sqs"));
}

#[test]
fn a_secret_key_does_not_show() {
    assert!(!format!("{:?}", keys()).contains("secret\""));
}
