//! What a server is started with, wherever it was written down.
//!
//! A flag outranks its environment variable, that outranks the configuration file, and that outranks the variables of
//! LocalStack that are understood for its users' sake.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use aws::{AccountId, Region};
use clock::Clock;
use signature::Key;
use storage::Durability;

pub mod callers;
pub mod file;
pub mod localstack;
pub(crate) mod suggest;

/// The port all of AWS is expected at, since LocalStack.
pub const PORT: u16 = 4566;

/// What a server is started with. The default is a test's: ephemeral, on a free port of loopback.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 is any free one.
    pub listen: Vec<SocketAddr>,
    /// Where to keep everything. Nothing: gone when the server is.
    pub data: Option<PathBuf>,
    /// What an acknowledged message survives. Only with `data` is there a choice.
    pub durability: Option<Durability>,
    /// The region of requests that name none.
    pub region: Region,
    /// The account of requests whose access key names none.
    pub account: AccountId,
    /// Whose signatures are accepted. Nothing: anybody's, and none.
    pub keys: Option<Vec<Key>>,
    /// Host names to answer to besides the local ones.
    pub hosts: Vec<String>,
    /// Web origins whose pages may talk to the server.
    pub allow_origins: Vec<String>,
    /// What SQS is told.
    pub sqs: sqs::Options,
    /// What SNS is told.
    pub sns: sns::Options,
    /// What can be set about EventBridge.
    pub events: eventbridge::Options,
    /// Where calls to the outside may go, and where other AWS services are.
    pub deliveries: delivery::Options,
    /// The time.
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 0))],
            data: None,
            durability: None,
            region: Region::default(),
            account: AccountId::default(),
            keys: None,
            hosts: Vec::new(),
            allow_origins: Vec::new(),
            sqs: sqs::Options::default(),
            sns: sns::Options::default(),
            events: eventbridge::Options::default(),
            deliveries: delivery::Options::default(),
            clock: Clock::real(),
        }
    }
}

/// A configuration that cannot be used; one sentence for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Reads addresses: `127.0.0.1:4566`, `:4566`, `4566`, `localhost`, and several of them with commas.
pub fn parse_listen(text: &str) -> Result<Vec<SocketAddr>, ConfigError> {
    let mut addresses = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        addresses.push(parse_address(part)?);
    }
    if addresses.is_empty() {
        return Err(ConfigError("the address to listen on is empty".to_owned()));
    }
    Ok(addresses)
}

fn parse_address(text: &str) -> Result<SocketAddr, ConfigError> {
    let wrong = || {
        ConfigError(format!(
            "{text:?} is not an address to listen on; write host:port, as in 127.0.0.1:{PORT}"
        ))
    };
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Ok(address);
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
        None => match text.parse::<u16>() {
            Ok(port) => ("", port),
            Err(_) => (text, PORT),
        },
    };
    let host = if host.is_empty() { "127.0.0.1" } else { host };
    // Of `localhost`, the address every client can reach.
    let found: Vec<SocketAddr> = (host, port).to_socket_addrs().map_err(|_| wrong())?.collect();
    found.iter().find(|address| address.is_ipv4()).or(found.first()).copied().ok_or_else(wrong)
}

/// Reads a region's name.
pub fn parse_region(text: &str) -> Result<Region, ConfigError> {
    Region::parse(text)
        .ok_or_else(|| ConfigError(format!("{text:?} is not a region; write one such as us-east-1")))
}

/// Reads an account's id.
pub fn parse_account(text: &str) -> Result<AccountId, ConfigError> {
    AccountId::parse(text)
        .ok_or_else(|| ConfigError(format!("{text:?} is not an account; write twelve digits")))
}

/// Reads where SNS says its signing certificate is: `aws`, `local`, or a host of one's own, as `sns.example.com` or
/// `https://sns.example.com`.
pub fn parse_cert_url(text: &str) -> Result<sns::CertUrl, ConfigError> {
    match text {
        "aws" => Ok(sns::CertUrl::Aws),
        "local" => Ok(sns::CertUrl::Local),
        other => {
            let host = other.strip_prefix("https://").unwrap_or(other).trim_end_matches('/');
            // A word without a dot is rather a misspelt `aws` than a host.
            if host.contains(['.', ':']) && !host.contains(['/', '?', '#', '@', ' ']) {
                return Ok(sns::CertUrl::Host(host.to_owned()));
            }
            Err(ConfigError(format!(
                "{text:?} does not say where the certificate is; write aws, local, or a host such as sns.example.com"
            )))
        }
    }
}

/// Reads where an AWS service is: `lambda=http://localhost:9001`.
pub fn parse_endpoint(text: &str) -> Result<(String, String), ConfigError> {
    let named = text.split_once('=').map(|(name, url)| (name.trim(), url.trim()));
    match named {
        Some((name, url)) if !name.is_empty() && !name.contains(['/', ':']) && !url.is_empty() => {
            Ok((name.to_owned(), url.to_owned()))
        }
        _ => Err(ConfigError(format!(
            "{text:?} is not the endpoint of a service; write name=URL, as in lambda=http://localhost:9001"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_cert_url, parse_endpoint, parse_listen};

    #[test]
    fn endpoints_have_a_name_and_a_url() {
        let pair = |name: &str, url: &str| Ok((name.to_owned(), url.to_owned()));
        assert_eq!(parse_endpoint("lambda=http://h:1/?a=b"), pair("lambda", "http://h:1/?a=b"));
        for text in ["", "lambda", "lambda=", "=http://h", "http://h/?a=b"] {
            assert!(parse_endpoint(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_certificate_is_at_awss_place_or_here_or_at_a_host() {
        assert_eq!(parse_cert_url("aws"), Ok(sns::CertUrl::Aws));
        assert_eq!(parse_cert_url("local"), Ok(sns::CertUrl::Local));
        let host = |host: &str| Ok(sns::CertUrl::Host(host.to_owned()));
        assert_eq!(parse_cert_url("https://sns.example.com/"), host("sns.example.com"));
        assert_eq!(parse_cert_url("sns.example.com"), host("sns.example.com"));
        assert_eq!(parse_cert_url("https://h:1"), host("h:1"));
        for text in ["", "AWS", "http://h", "https://", "https://h/x", "https://u@h"] {
            assert!(parse_cert_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn addresses_are_read_in_every_form() {
        for (text, expected) in [
            ("127.0.0.1:4566", "127.0.0.1:4566"),
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("0.0.0.0", "0.0.0.0:4566"),
            (":80", "127.0.0.1:80"),
            ("4567", "127.0.0.1:4567"),
            ("localhost:1", "127.0.0.1:1"),
            ("[::1]:4566", "[::1]:4566"),
        ] {
            let parsed = parse_listen(text).map(|found| found[0].to_string());
            assert_eq!(parsed.as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(parse_listen("127.0.0.1:1, [::1]:2").map(|found| found.len()), Ok(2));
    }

    #[test]
    fn what_is_no_address_is_named() {
        for text in ["", ",", "127.0.0.1:x", "127.0.0.1:70000", "no such host:1"] {
            assert!(parse_listen(text).is_err(), "{text}");
        }
    }
}
