//! The configuration file, in TOML.
//!
//! ```toml
//! strict_timing = false
//! egress = "allow"                   # or "loopback", or "deny"
//! ca_file = "/etc/ssl/our-ca.pem"
//!
//! [server]
//! listen = "127.0.0.1:4566"          # or a list
//! region = "us-east-1"
//! account = "000000000000"
//! auth = "off"                       # or "verify", against [[credentials]]
//! hosts = ["fanlight.example.com"]   # or "*.example.com"
//! allow_origins = ["http://localhost:3000"]
//! workers = 2
//! log = "info"
//!
//! [endpoints]
//! lambda = "http://localhost:9001"
//!
//! [sns]
//! cert_url = "aws"                   # or "local", or "sns.example.com"
//!
//! [storage]
//! data = "/var/lib/fanlight"
//! durability = "process"
//!
//! [[credentials]]
//! access_key = "AKIAEXAMPLE"
//! secret_key = "…"
//! account = "111122223333"
//!
//! [limits.sqs]
//! standard_in_flight = 120000
//! fifo_in_flight = 120000
//! batch_bytes = 1048576
//!
//! [limits.sns]
//! standard_topics = 100000
//! fifo_topics = 1000
//! standard_subscriptions = 12500000
//! fifo_subscriptions = 100
//! filter_policies_a_topic = 200
//! filter_policies = 10000
//!
//! [limits.events]
//! buses = 100
//! rules = 300
//! targets = 5
//! put_events_bytes = 1048576
//! replays = 10
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{ConfigError, suggest};

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    /// Whether SQS's waiting periods of a minute hold.
    pub strict_timing: Option<bool>,
    /// Where calls to the outside may go: `allow`, `loopback` or `deny`.
    pub egress: Option<String>,
    /// Certification authorities that are trusted besides the well-known ones, in PEM.
    pub ca_file: Option<PathBuf>,
    /// Where other AWS services are, by signing name.
    pub endpoints: BTreeMap<String, String>,
    /// `[server]`
    pub server: ServerSection,
    /// `[sns]`
    pub sns: SnsSection,
    /// `[storage]`
    pub storage: StorageSection,
    /// `[[credentials]]`
    pub credentials: Vec<Credentials>,
    /// `[limits]`
    pub limits: LimitsSection,
}

/// `[server]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerSection {
    /// Where to listen.
    pub listen: Option<OneOrMany>,
    /// The region of requests that name none.
    pub region: Option<String>,
    /// The account of requests whose access key names none.
    pub account: Option<String>,
    /// `off` or `verify`.
    pub auth: Option<String>,
    /// Host names to answer to besides the local ones.
    pub hosts: Vec<String>,
    /// Web origins whose pages may talk to the server.
    pub allow_origins: Vec<String>,
    /// How many threads serve requests.
    pub workers: Option<usize>,
    /// How much is logged.
    pub log: Option<String>,
}

/// `[sns]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SnsSection {
    /// Where messages say the signing certificate is: `aws`, `local`, or a host.
    pub cert_url: Option<String>,
}

/// `[storage]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StorageSection {
    /// Where to keep everything.
    pub data: Option<PathBuf>,
    /// What an acknowledged message survives.
    pub durability: Option<String>,
}

/// One of `[[credentials]]`
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The public half.
    pub access_key: String,
    /// The secret half.
    pub secret_key: String,
    /// Whose key it is; by default the account it names, or the server's.
    pub account: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("access_key", &self.access_key).finish_non_exhaustive()
    }
}

/// `[limits]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// `[limits.sqs]`
    pub sqs: SqsLimits,
    /// `[limits.sns]`
    pub sns: SnsLimits,
    /// `[limits.events]`
    pub events: EventsLimits,
}

/// `[limits.sqs]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SqsLimits {
    /// Messages in flight in a standard queue.
    pub standard_in_flight: Option<usize>,
    /// Messages in flight in a FIFO queue.
    pub fifo_in_flight: Option<usize>,
    /// Bytes of all entries of a batch.
    pub batch_bytes: Option<usize>,
}

/// `[limits.sns]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SnsLimits {
    /// Standard topics of one account and region.
    pub standard_topics: Option<usize>,
    /// FIFO topics of one account and region.
    pub fifo_topics: Option<usize>,
    /// Subscriptions of one standard topic.
    pub standard_subscriptions: Option<usize>,
    /// Subscriptions of one FIFO topic.
    pub fifo_subscriptions: Option<usize>,
    /// Filter policies of one topic.
    pub filter_policies_a_topic: Option<usize>,
    /// Filter policies of one account and region.
    pub filter_policies: Option<usize>,
}

/// `[limits.events]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventsLimits {
    /// Event buses of one account and region.
    pub buses: Option<usize>,
    /// Rules of one bus.
    pub rules: Option<usize>,
    /// Targets of one rule.
    pub targets: Option<usize>,
    /// Bytes of all entries of one PutEvents.
    pub put_events_bytes: Option<usize>,
    /// Replays of one account and region at the same time.
    pub replays: Option<usize>,
    /// Connections of one account and region.
    pub connections: Option<usize>,
    /// API destinations of one account and region.
    pub api_destinations: Option<usize>,
}

/// A text or a list of texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them, with commas.
    pub fn joined(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(texts) => texts.join(","),
        }
    }
}

/// Reads a configuration file.
pub fn read(path: &Path) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError(format!("cannot read the configuration {}: {error}", path.display())))?;
    parse(&text).map_err(|ConfigError(problem)| ConfigError(format!("{}: {problem}", path.display())))
}

/// Reads the text of a configuration file.
pub fn parse(text: &str) -> Result<File, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        ConfigError(format!("line {line}: {}{}", error.message(), suggestion(error.message())))
    })
}

/// The parser says ``unknown field `x`, expected one of `a`, `b` ``: the names are all there.
fn suggestion(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let known = match names.next() {
        Some(unknown) if message.starts_with("unknown field") => suggest::closest(unknown, names),
        _ => None,
    };
    known.map_or_else(String::new, |known| format!("; did you mean `{known}`?"))
}

#[cfg(test)]
mod tests {
    use super::parse;

    /// The file in this module's documentation.
    fn documented() -> String {
        let lines = include_str!("file.rs").lines().skip_while(|line| *line != "//! ```toml").skip(1);
        let lines = lines.take_while(|line| *line != "//! ```");
        lines.map(|line| format!("{}\n", line.trim_start_matches("//!").trim_start())).collect()
    }

    #[test]
    fn the_documented_file_is_read() {
        let file = parse(&documented()).unwrap();
        assert_eq!(file.server.listen.unwrap().joined(), "127.0.0.1:4566");
        assert_eq!(file.storage.durability.as_deref(), Some("process"));
        assert_eq!(file.credentials[0].access_key, "AKIAEXAMPLE");
        assert_eq!(file.limits.sqs.fifo_in_flight, Some(120_000));
        assert_eq!(file.limits.sns.fifo_topics, Some(1_000));
        assert_eq!(file.sns.cert_url.as_deref(), Some("aws"));
        assert_eq!((file.egress.as_deref(), file.endpoints.len()), (Some("allow"), 1));
    }

    #[test]
    fn nothing_is_a_configuration_too() {
        assert!(parse("").unwrap().server.hosts.is_empty());
    }

    #[test]
    fn unknown_names_are_an_error_with_an_idea() {
        for (text, expected) in [
            ("[server]\nlistn = \"x\"", "line 2: unknown field `listn`, expected one of "),
            ("[server]\nlistn = \"x\"", "; did you mean `listen`?"),
            ("[storge]", "; did you mean `storage`?"),
            ("[limits.sqs]\nfifo-in-flight = 1", "; did you mean `fifo_in_flight`?"),
            ("[storage]\ndata = 1", "line 2: invalid type: integer `1`, expected path string"),
            ("[[credentials]]\naccess_key = \"a\"", "missing field `secret_key`"),
        ] {
            let problem = parse(text).unwrap_err().0;
            assert!(problem.contains(expected), "{problem}");
        }
    }

    #[test]
    fn secrets_do_not_show() {
        assert!(
            !format!("{:?}", parse("[[credentials]]\naccess_key='a'\nsecret_key='hidden'"))
                .contains("hidden")
        );
    }
}
