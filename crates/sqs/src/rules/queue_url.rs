//! Queue URLs: made from the host the caller used, and read in every form that is about.
//!
//! The forms: `<any host>/<account>/<queue>`, `/queue/<region>/<account>/<queue>`,
//! `sqs.<region>.<any domain>/…`, `<region>.queue.<any domain>/…`, and the bare name of a queue. Only region, account
//! and name count; the host is never looked up.

use aws::{AccountId, Arn, Call, Region};

/// What a queue is known by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct QueueKey {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: Box<str>,
}

impl QueueKey {
    /// The queue of this name in the caller's account and region.
    pub(crate) fn of_caller(call: &Call, name: &str) -> Self {
        Self { account: call.account.clone(), region: call.region.clone(), name: name.into() }
    }

    /// The queue an ARN names.
    pub(crate) fn of_arn(arn: &str) -> Option<Self> {
        Self::of_parsed_arn(&Arn::parse(arn)?)
    }

    /// As [`of_arn`](Self::of_arn), of an ARN that was split before.
    pub(crate) fn of_parsed_arn(arn: &Arn) -> Option<Self> {
        if arn.service != "sqs" {
            return None;
        }
        Some(Self {
            account: AccountId::parse(&arn.account)?,
            region: Region::parse(&arn.region)?,
            name: arn.resource.as_str().into(),
        })
    }

    /// The queue's ARN.
    pub(crate) fn arn(&self) -> String {
        Arn::new("sqs", &self.region, &self.account, &*self.name).to_string()
    }

    /// The queue's URL for this caller. Where the host names another region, the path has to name this one.
    pub(crate) fn url(&self, call: &Call) -> String {
        let host = call.base_url.split_once("://").map_or("", |(_, host)| host);
        let elsewhere = region_of_host(host).is_some_and(|region| region != self.region);
        let region = if elsewhere { format!("/queue/{}", self.region) } else { String::new() };
        format!("{}{region}/{}/{}", call.base_url, self.account, self.name)
    }
}

/// Reads a queue URL, or the bare name of a queue.
pub(crate) fn parse(url: &str, call: &Call) -> Option<QueueKey> {
    let (host, path) = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?,
        None => ("", url.trim_start_matches('/')),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    parse_path(path, region_of_host(host), call)
}

/// Reads the path of a request that was sent to a queue's URL.
pub(crate) fn parse_path(path: &str, host_region: Option<Region>, call: &Call) -> Option<QueueKey> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (region, account, name) = match parts[..] {
        [name] => (None, None, name),
        ["queue", name] => (None, None, name),
        [account, name] => (None, Some(account), name),
        ["queue", region, account, name] => (Region::parse(region), Some(account), name),
        _ => return None,
    };
    let account = match account {
        Some(account) => AccountId::parse(account)?,
        None => call.account.clone(),
    };
    let region = region.or(host_region).unwrap_or_else(|| call.region.clone());
    Some(QueueKey { account, region, name: name.into() })
}

/// The region in `sqs.<region>.…` and `<region>.queue.…`, of any domain: tests give such names to this server. A label
/// without a region's form (`eu-west-1`) is somebody's own, as the namespace in `sqs.my-app.svc.cluster.local`.
fn region_of_host(host: &str) -> Option<Region> {
    let labels: Vec<&str> = host.split(':').next().unwrap_or_default().split('.').collect();
    let region = match labels[..] {
        ["sqs", region, _, ..] | [region, "queue", _, ..] => region,
        _ => return None,
    };
    has_form_of_region(region).then(|| Region::parse(region)).flatten()
}

/// Two letters, words, and a number: `us-gov-west-1`.
fn has_form_of_region(label: &str) -> bool {
    let are_letters = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let parts: Vec<&str> = label.split('-').collect();
    match &parts[..] {
        [area, words @ .., number] => {
            area.len() == 2
                && !words.is_empty()
                && [area].into_iter().chain(words).all(are_letters)
                && number.len() == 1
                && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call {
        Call {
            account: AccountId::default(),
            region: Region::default(),
            base_url: "http://localhost:4566".into(),
            request_id: String::new(),
            access_key: None,
            trace_header: None,
            wire: aws::Wire::Json,
        }
    }

    #[test]
    fn every_form_of_a_queue_url_is_read() {
        for (url, expected) in [
            ("http://localhost:4566/111122223333/q", "arn:aws:sqs:us-east-1:111122223333:q"),
            ("https://sqs.eu-west-1.amazonaws.com/111122223333/q", "arn:aws:sqs:eu-west-1:111122223333:q"),
            (
                "http://sqs.eu-west-1.localhost.localstack.cloud:4566/111122223333/q",
                "arn:aws:sqs:eu-west-1:111122223333:q",
            ),
            (
                "http://eu-west-1.queue.localhost.localstack.cloud/111122223333/q",
                "arn:aws:sqs:eu-west-1:111122223333:q",
            ),
            (
                "http://queue.localhost.localstack.cloud/111122223333/q",
                "arn:aws:sqs:us-east-1:111122223333:q",
            ),
            (
                "http://localhost:4566/queue/eu-west-1/111122223333/q.fifo",
                "arn:aws:sqs:eu-west-1:111122223333:q.fifo",
            ),
            ("http://localhost:9324/queue/q", "arn:aws:sqs:us-east-1:000000000000:q"),
            (
                "http://sqs.my-app.svc.cluster.local:4566/000000000000/q",
                "arn:aws:sqs:us-east-1:000000000000:q",
            ),
            ("http://sqs.dev-1.localhost/000000000000/q", "arn:aws:sqs:us-east-1:000000000000:q"),
            (
                "https://sqs.us-gov-west-1.amazonaws.com/000000000000/q",
                "arn:aws-us-gov:sqs:us-gov-west-1:000000000000:q",
            ),
            ("q", "arn:aws:sqs:us-east-1:000000000000:q"),
            ("/111122223333/q", "arn:aws:sqs:us-east-1:111122223333:q"),
        ] {
            let key = parse(url, &call()).map(|key| key.arn());
            assert_eq!(key.as_deref(), Some(expected), "{url}");
        }
    }

    #[test]
    fn the_url_that_is_given_out_is_read_back() {
        for base_url in [
            "http://localhost:4566",
            "http://sqs.eu-west-1.localhost.localstack.cloud:4566",
            "http://sqs.my-app.svc.cluster.local:4566",
        ] {
            let call = Call { base_url: base_url.into(), ..call() };
            let key = QueueKey::of_caller(&call, "q");
            assert_eq!(parse(&key.url(&call), &call), Some(key), "{base_url}");
        }
    }

    #[test]
    fn what_is_no_queue_url_is_not_read() {
        for url in
            ["", "http://localhost:4566", "http://localhost:4566/", "http://h/abc/q", "http://h/1/2/3/4/5"]
        {
            assert_eq!(parse(url, &call()), None, "{url}");
        }
    }
}
