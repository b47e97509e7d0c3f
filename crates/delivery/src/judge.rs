//! What the answer to a request means.

use clock::calendar::Civil;

use crate::{Judge, Response};

/// The outcome of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is done.
    Delivered,
    /// Worth another try, though not before a moment the endpoint named.
    Retry { failure: Failure, not_before_ms: Option<i64> },
    /// In vain.
    Failed(Failure),
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The `ERROR_CODE` of a dead letter.
    pub(crate) code: &'static str,
    /// The `ERROR_MESSAGE` of a dead letter.
    pub(crate) message: String,
    /// What is shown where deliveries are looked at.
    pub(crate) note: String,
}

impl Failure {
    /// The same sentence for everybody.
    pub(crate) fn new(code: &'static str, note: impl Into<String>) -> Self {
        let note = note.into();
        Self { code, message: note.clone(), note }
    }
}

/// What an answer means.
pub(crate) fn of_answer(judge: Judge, response: &Response, now_ms: i64) -> Verdict {
    match (judge, response.status) {
        (_, 200..=299) => Verdict::Delivered,
        (Judge::Endpoint, status) => of_endpoint(status),
        (Judge::ApiDestination, status) => of_api_destination(status, response, now_ms),
        (Judge::AwsOperation, status) => of_aws_operation(status, response),
    }
}

/// What it means that there was none.
pub(crate) fn of_silence(judge: Judge, timed_out: bool, note: String) -> Verdict {
    let (code, message) = match (judge, timed_out) {
        (Judge::ApiDestination, true) => ("TIMEOUT", "Timeout calling endpoint for API Destination."),
        (Judge::ApiDestination, false) => ("SDK_CLIENT_ERROR", "API destination endpoint cannot be reached."),
        (_, true) => ("TIMEOUT", ""),
        (_, false) => ("CONNECTION_FAILURE", ""),
    };
    let message = if message.is_empty() { note.clone() } else { unable(message) };
    Verdict::Retry { failure: Failure { code, message, note }, not_before_ms: None }
}

/// As it stands in dead letters of the real service.
fn unable(reason: &str) -> String {
    format!("Unable to invoke ApiDestination endpoint: {reason}")
}

fn again(failure: Failure) -> Verdict {
    Verdict::Retry { failure, not_before_ms: None }
}

fn http(status: u16) -> String {
    match status {
        300..=399 => format!("HTTP {status}; redirects are not followed"),
        _ => format!("HTTP {status}"),
    }
}

/// AWS: SNS Developer Guide, "Amazon SNS message delivery retries" (server-side errors are retried) and "Amazon SNS
/// dead-letter queues" (client-side errors are not). 429 is the client error that passes.
fn of_endpoint(status: u16) -> Verdict {
    match status {
        429 => again(Failure::new("THROTTLING", http(status))),
        300..=499 => Verdict::Failed(Failure::new("ERROR_FROM_TARGET", http(status))),
        _ => again(Failure::new("ERROR_FROM_TARGET", http(status))),
    }
}

/// AWS: EventBridge User Guide, "API destinations as targets": 401, 407, 409, 429 and 5xx are retried; of a
/// `Retry-After` and the retry policy the more conservative counts, and a negative `Retry-After` ends it.
fn of_api_destination(status: u16, response: &Response, now_ms: i64) -> Verdict {
    let code = match status {
        429 => "THROTTLING",
        500..=599 => "ERROR_FROM_TARGET",
        _ => "SDK_CLIENT_ERROR",
    };
    let message = unable(&format!("API destination returned HTTP status {status}."));
    let failure = Failure { code, message, note: http(status) };
    if !matches!(status, 401 | 407 | 409 | 429 | 500..=599) {
        return Verdict::Failed(failure);
    }
    match response.header("retry-after").and_then(|value| retry_after_ms(value, now_ms)) {
        Some(at_ms) if at_ms < now_ms => {
            let note = format!("{}; a negative Retry-After asked for no other try", failure.note);
            Verdict::Failed(Failure { note, ..failure })
        }
        not_before_ms => Verdict::Retry { failure, not_before_ms },
    }
}

fn of_aws_operation(status: u16, response: &Response) -> Verdict {
    let kind = response.header("x-amzn-errortype").unwrap_or_default();
    let body = String::from_utf8_lossy(response.body.get(..4_096).unwrap_or(&response.body));
    // As in the SDKs' lists of throttling errors.
    const THROTTLING: [&str; 5] = [
        "Throttling",
        "TooManyRequests",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "SlowDown",
    ];
    let throttled = status == 429
        || (400..500).contains(&status)
            && THROTTLING.iter().any(|name| kind.contains(name) || body.contains(name));
    let note = if kind.is_empty() { http(status) } else { format!("{}: {kind}", http(status)) };
    match status {
        _ if throttled => again(Failure::new("THROTTLING", note)),
        500.. => again(Failure::new("ERROR_FROM_TARGET", note)),
        401 | 403 => Verdict::Failed(Failure::new("NO_PERMISSIONS", note)),
        404 => Verdict::Failed(Failure::new("NO_RESOURCE", note)),
        _ => Verdict::Failed(Failure::new("SDK_CLIENT_ERROR", note)),
    }
}

/// The moment a `Retry-After` names: seconds from now, or a date. One before now was a negative number.
fn retry_after_ms(value: &str, now_ms: i64) -> Option<i64> {
    let value = value.trim();
    if let Ok(secs) = value.parse::<i64>() {
        // A year is as good as any longer time.
        return Some(now_ms + secs.clamp(-1, 31_536_000) * 1_000);
    }
    http_date_ms(value).map(|at_ms| at_ms.max(now_ms))
}

/// `Wed, 21 Oct 2015 07:28:00 GMT`.
fn http_date_ms(value: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, date) = value.strip_suffix(" GMT")?.split_once(", ")?;
    let mut words = date.split(' ');
    let day = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().zip(1..).find(|(month, _)| **month == name)?.1;
    let year = words.next()?.parse().ok()?;
    let mut time = words.next()?.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    Civil { year, month, day, hour, minute, second, ms: 0 }.to_ms()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_445_412_420_000;

    fn answer(judge: Judge, status: u16, headers: &[(&str, &str)], body: &str) -> Verdict {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        of_answer(judge, &Response { status, headers, body: body.into() }, NOW_MS)
    }

    /// `d`elivered, `r`etried, `f`ailed.
    fn letter(verdict: &Verdict) -> char {
        match verdict {
            Verdict::Delivered => 'd',
            Verdict::Retry { .. } => 'r',
            Verdict::Failed(_) => 'f',
        }
    }

    #[test]
    fn statuses_mean_what_the_poster_says() {
        let statuses = [200, 204, 299, 301, 400, 401, 403, 404, 407, 409, 410, 429, 500, 503, 599];
        for (judge, expected) in [
            (Judge::Endpoint, "dddffffffffrrrr"),
            (Judge::ApiDestination, "dddffrffrrfrrrr"),
            (Judge::AwsOperation, "dddffffffffrrrr"),
        ] {
            let letters: String =
                statuses.iter().map(|status| letter(&answer(judge, *status, &[], ""))).collect();
            assert_eq!(letters, expected, "{judge:?}");
        }
    }

    #[test]
    fn throttling_of_an_aws_service_is_found_in_header_and_body() {
        let json = r#"{"__type":"com.amazonaws#ProvisionedThroughputExceededException"}"#;
        for (headers, body, expected) in [
            (&[][..], "", 'f'),
            (&[("x-amzn-errortype", "ThrottlingException:http://x/")], "", 'r'),
            (&[("x-amzn-errortype", "ValidationException")], "", 'f'),
            (&[], json, 'r'),
        ] {
            let verdict = answer(Judge::AwsOperation, 400, headers, body);
            assert_eq!(letter(&verdict), expected, "{headers:?} {body}");
        }
        let Verdict::Failed(failure) = answer(Judge::AwsOperation, 403, &[], "") else { panic!() };
        assert_eq!(failure.code, "NO_PERMISSIONS");
    }

    #[test]
    fn retry_after_is_honoured() {
        for (value, expected) in [
            ("0", Some(NOW_MS)),
            ("120", Some(NOW_MS + 120_000)),
            ("999999999999", Some(NOW_MS + 31_536_000_000)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(1_445_412_480_000)),
            ("Wed, 21 Oct 2009 07:28:00 GMT", Some(NOW_MS)),
            ("soon", None),
            ("Wed, 21 Okt 2015 07:28:00 GMT", None),
        ] {
            let Verdict::Retry { not_before_ms, .. } =
                answer(Judge::ApiDestination, 503, &[("retry-after", value)], "")
            else {
                panic!("{value}");
            };
            assert_eq!(not_before_ms, expected, "{value}");
        }
        assert_eq!(letter(&answer(Judge::ApiDestination, 429, &[("retry-after", "-1")], "")), 'f');
        assert_eq!(letter(&answer(Judge::Endpoint, 429, &[("retry-after", "-1")], "")), 'r');
    }
}
