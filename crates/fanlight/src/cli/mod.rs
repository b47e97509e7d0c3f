//! The command line: its flags, and what each command does.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand};

use crate::config::file::{self, File};
use crate::config::localstack::{self, Variables};
use crate::config::{self, Config, ConfigError, PORT, callers};

pub mod environment;
pub mod exports;
pub mod health;
pub mod logs;
pub mod serve;

/// More threads than this only cost memory.
const WORKERS_MAX: usize = 64;

/// What can be asked of a running server without a command of ours.
const WHILE_IT_RUNS: &str = "\
While it runs:
  curl -X POST URL/_fanlight/reset                       deletes everything; the clock stays as it is
  curl -X POST URL/_fanlight/clock -d '{\"reset\":true}'   brings real time back after the clock was steered";

/// A local AWS messaging endpoint: SQS, SNS and EventBridge over one SQLite file.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = WHILE_IT_RUNS)]
pub struct Cli {
    /// What to do; without it, serve.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub serve: ServeFlags,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve until told to stop (the default)
    #[command(after_help = WHILE_IT_RUNS)]
    Serve(Box<ServeFlags>),
    /// Exit 0 if a server answers and is well
    Health {
        /// The server's URL [default: FANLIGHT_ENDPOINT, else where a server of this environment listens]
        #[arg(long, value_name = "URL")]
        endpoint: Option<String>,
    },
    /// Print the exports a shell needs: eval "$(fanlight env)"
    Env(exports::EnvFlags),
}

/// How to serve. Every flag has its environment variable.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeFlags {
    /// Where to listen; port 0 is any free one [default: 127.0.0.1:4566]
    #[arg(long, env = "FANLIGHT_LISTEN", value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// Keep everything in this directory; without it, everything is gone at exit
    #[arg(long, env = "FANLIGHT_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// What an acknowledged message survives: none, process (kill -9) or power [default: process with --data, else none]
    #[arg(long, env = "FANLIGHT_DURABILITY", value_name = "LEVEL")]
    pub durability: Option<String>,
    /// The region of requests that name none [default: us-east-1]
    #[arg(long, env = "FANLIGHT_REGION")]
    pub region: Option<String>,
    /// The account of requests whose access key is not a twelve-digit account itself [default: 000000000000]
    #[arg(long, env = "FANLIGHT_ACCOUNT")]
    pub account: Option<String>,
    /// Whether signatures are verified against the configured credentials: off or verify [default: off]
    #[arg(long, env = "FANLIGHT_AUTH")]
    pub auth: Option<String>,
    /// A configuration file
    #[arg(long, env = "FANLIGHT_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How much is logged to stderr: off, error, warn, info, debug or trace [default: info]
    #[arg(long, env = "FANLIGHT_LOG", value_name = "LEVEL")]
    pub log: Option<String>,
    /// Hold SQS's waiting periods of a minute after DeleteQueue and PurgeQueue
    #[arg(long, env = "FANLIGHT_STRICT_TIMING", value_parser = BoolishValueParser::new(), value_name = "BOOL",
        num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub strict_timing: Option<bool>,
    /// Where calls to the outside may go: allow, loopback or deny [default: allow]
    #[arg(long, env = "FANLIGHT_EGRESS")]
    pub egress: Option<String>,
    /// Where another AWS service is, such as lambda=http://localhost:9001; several times, or with commas
    // FANLIGHT_ENDPOINT counts as well when it holds such names; when it holds a URL it says where we are, see `environment`.
    #[arg(long, env = "FANLIGHT_ENDPOINTS", value_name = "NAME=URL", value_delimiter = ',')]
    pub endpoint: Vec<String>,
    /// How many threads serve requests, up to 64 [default: half as many as there are cores, from 1 to 4]
    #[arg(long, env = "FANLIGHT_WORKERS", value_name = "N")]
    pub workers: Option<usize>,
}

/// All that was said, put together.
#[derive(Debug)]
pub struct Settled {
    /// What the server is started with.
    pub config: Config,
    /// How much is logged.
    pub log: tracing_subscriber::filter::LevelFilter,
    /// How many threads serve requests.
    pub workers: usize,
}

impl ServeFlags {
    /// Reads the configuration file and the environment, and puts all together.
    pub fn settle(mut self) -> Result<Settled, ConfigError> {
        // What is said last counts.
        self.endpoint.splice(0..0, environment::endpoints());
        let file = self.config.as_deref().map(file::read).transpose()?.unwrap_or_default();
        self.settle_with(file, localstack::read())
    }

    fn settle_with(self, file: File, variables: Variables) -> Result<Settled, ConfigError> {
        let listen =
            self.listen.or(file.server.listen.as_ref().map(file::OneOrMany::joined)).or(variables.listen);
        let listen = listen.unwrap_or_else(|| format!("127.0.0.1:{PORT}"));
        let region = self.region.or(file.server.region).or(variables.region);
        let account = self.account.or(file.server.account);
        let account = account.map(|text| config::parse_account(&text)).transpose()?.unwrap_or_default();
        let durability = self.durability.or(file.storage.durability).map(|text| text.parse());
        let auth = self.auth.or(file.server.auth);
        let log = self.log.or(file.server.log).or(variables.log);
        let workers = self.workers.or(file.server.workers).unwrap_or_else(workers_default);
        if !(1..=WORKERS_MAX).contains(&workers) {
            return Err(ConfigError(format!("workers is from 1 to {WORKERS_MAX}, not {workers}")));
        }
        // Looked at in any case: what is wrong with them is better known before they are needed.
        let keys = callers::keys(&file.credentials, &account)?;
        let keys = match auth.as_deref() {
            None | Some("off") => None,
            Some("verify") if keys.is_empty() => return Err(no_keys()),
            Some("verify") => Some(keys),
            Some(other) => return Err(ConfigError(format!("auth is off or verify, not {other:?}"))),
        };
        let strict_timing = self.strict_timing.or(file.strict_timing).unwrap_or(variables.strict_timing);
        let egress = self.egress.or(file.egress).map(|text| text.parse());
        let mut endpoints = file.endpoints;
        for endpoint in &self.endpoint {
            endpoints.extend([config::parse_endpoint(endpoint)?]);
        }
        let cert_url = file.sns.cert_url.as_deref().map(config::parse_cert_url).transpose()?;
        let sns =
            sns::Options { cert_url: cert_url.unwrap_or_default(), limits: sns_limits(&file.limits.sns) };
        let deliveries = delivery::Options {
            egress: egress.transpose().map_err(ConfigError)?.unwrap_or_default(),
            endpoints,
            ca_file: file.ca_file,
            ..delivery::Options::default()
        };
        let config = Config {
            listen: config::parse_listen(&listen)?,
            data: self.data.or(file.storage.data),
            durability: durability.transpose().map_err(ConfigError)?,
            region: region.map(|text| config::parse_region(&text)).transpose()?.unwrap_or_default(),
            account,
            keys,
            hosts: each([file.server.hosts, variables.hosts].concat(), callers::parse_host)?,
            allow_origins: each(
                [file.server.allow_origins, variables.allow_origins].concat(),
                callers::parse_origin,
            )?,
            sqs: sqs::Options { strict_timing, limits: sqs_limits(&file.limits.sqs)? },
            sns,
            events: eventbridge::Options { limits: events_limits(&file.limits.events)? },
            deliveries,
            ..Config::default()
        };
        Ok(Settled { config, log: logs::parse_level(log.as_deref())?, workers })
    }
}

fn no_keys() -> ConfigError {
    let problem =
        "--auth verify needs keys to verify against: list them under [[credentials]] in --config FILE";
    ConfigError(problem.to_owned())
}

fn each(
    texts: Vec<String>,
    read: fn(&str) -> Result<String, ConfigError>,
) -> Result<Vec<String>, ConfigError> {
    texts.iter().map(|text| read(text)).collect()
}

/// A count of 0 is a quota that is used up, which is worth a test; a size of 0 lets nothing through at all.
fn bytes(name: &str, configured: Option<usize>, quota: usize) -> Result<usize, ConfigError> {
    match configured {
        Some(0) => Err(ConfigError(format!("{name} is at least 1, not 0"))),
        configured => Ok(configured.unwrap_or(quota)),
    }
}

fn sqs_limits(configured: &file::SqsLimits) -> Result<sqs::Limits, ConfigError> {
    let quotas = sqs::Limits::default();
    Ok(sqs::Limits {
        standard_in_flight: configured.standard_in_flight.unwrap_or(quotas.standard_in_flight),
        fifo_in_flight: configured.fifo_in_flight.unwrap_or(quotas.fifo_in_flight),
        batch_bytes: bytes("batch_bytes", configured.batch_bytes, quotas.batch_bytes)?,
    })
}

fn sns_limits(configured: &file::SnsLimits) -> sns::Limits {
    let quotas = sns::Limits::default();
    sns::Limits {
        standard_topics: configured.standard_topics.unwrap_or(quotas.standard_topics),
        fifo_topics: configured.fifo_topics.unwrap_or(quotas.fifo_topics),
        standard_subscriptions: configured.standard_subscriptions.unwrap_or(quotas.standard_subscriptions),
        fifo_subscriptions: configured.fifo_subscriptions.unwrap_or(quotas.fifo_subscriptions),
        filter_policies_a_topic: configured.filter_policies_a_topic.unwrap_or(quotas.filter_policies_a_topic),
        filter_policies: configured.filter_policies.unwrap_or(quotas.filter_policies),
    }
}

fn events_limits(configured: &file::EventsLimits) -> Result<eventbridge::Limits, ConfigError> {
    let quotas = eventbridge::Limits::default();
    Ok(eventbridge::Limits {
        buses: configured.buses.unwrap_or(quotas.buses),
        rules: configured.rules.unwrap_or(quotas.rules),
        targets: configured.targets.unwrap_or(quotas.targets),
        put_events_bytes: bytes("put_events_bytes", configured.put_events_bytes, quotas.put_events_bytes)?,
        replays: configured.replays.unwrap_or(quotas.replays),
        connections: configured.connections.unwrap_or(quotas.connections),
        api_destinations: configured.api_destinations.unwrap_or(quotas.api_destinations),
    })
}

/// Half of the cores, because the clients are on the same machine; and more than four only wait for the one writer.
/// Measured on two cores: a second thread costs a fifth more CPU for each message, sends a tenth more of them at 64
/// connections and fewer at 16.
fn workers_default() -> usize {
    (std::thread::available_parallelism().map_or(2, usize::from) / 2).clamp(1, 4)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    fn settle(flags: &[&str], file: &str, variables: Variables) -> Result<Settled, ConfigError> {
        let cli = Cli::parse_from([&["fanlight"], flags].concat());
        cli.serve.settle_with(file::parse(file)?, variables)
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_its_variable() {
        for flag in Cli::command().get_arguments().filter(|flag| flag.get_long().is_some()) {
            let name = flag.get_long().unwrap_or_default();
            if !["help", "version"].contains(&name) {
                // A list, and its singular means something else.
                let name = if name == "endpoint" { "endpoints" } else { name };
                let expected = format!("FANLIGHT_{}", name.to_uppercase().replace('-', "_"));
                assert_eq!(flag.get_env().and_then(|name| name.to_str()), Some(expected.as_str()));
            }
        }
    }

    #[test]
    fn flags_outrank_the_file_and_the_file_outranks_localstack() {
        let variables = || Variables { listen: Some("127.0.0.1:3".into()), ..Variables::default() };
        let file = "[server]\nlisten = '127.0.0.1:2'\n[limits.sqs]\nfifo_in_flight = 7";
        let port = |settled: Settled| settled.config.listen[0].port();
        assert_eq!(settle(&[], "", Variables::default()).map(port), Ok(4566));
        assert_eq!(settle(&[], "", variables()).map(port), Ok(3));
        assert_eq!(settle(&[], file, variables()).map(port), Ok(2));
        assert_eq!(settle(&["--listen", "127.0.0.1:1"], file, variables()).map(port), Ok(1));
        assert_eq!(settle(&[], file, variables()).unwrap().config.sqs.limits.fifo_in_flight, 7);
    }

    #[test]
    fn endpoints_come_from_flags_and_file() {
        let file = "egress = 'loopback'\n[endpoints]\nlambda = 'http://a'\nfirehose = 'http://b'";
        let flags = ["--endpoint", "lambda=http://c,states=http://d", "--endpoint", "kinesis=http://e"];
        let deliveries = settle(&flags, file, Variables::default()).unwrap().config.deliveries;
        assert_eq!(deliveries.egress, delivery::Egress::Loopback);
        let endpoints: Vec<String> =
            deliveries.endpoints.iter().map(|(name, url)| format!("{name}={url}")).collect();
        assert_eq!(
            endpoints,
            ["firehose=http://b", "kinesis=http://e", "lambda=http://c", "states=http://d"]
        );
    }

    #[test]
    fn nonsense_is_refused_in_a_sentence() {
        for (flags, file, sentence) in [
            (vec!["--durability", "disk"], "", "durability is none, process or power, not \"disk\""),
            (vec!["--region", "EU"], "", "\"EU\" is not a region; write one such as us-east-1"),
            (vec!["--account", "1"], "", "\"1\" is not an account; write twelve digits"),
            (vec!["--auth", "on"], "", "auth is off or verify, not \"on\""),
            (
                vec!["--auth", "verify"],
                "",
                "--auth verify needs keys to verify against: list them under [[credentials]] in --config FILE",
            ),
            (
                vec!["--log", "loud"],
                "",
                "\"loud\" is not a log level; write off, error, warn, info, debug or trace",
            ),
            (vec!["--egress", "no"], "", "egress is allow, loopback or deny, not \"no\""),
            (
                vec!["--endpoint", "http://localhost:9001"],
                "",
                "\"http://localhost:9001\" is not the endpoint of a service; write name=URL, as in \
                 lambda=http://localhost:9001",
            ),
            (vec![], "[server]\nworkers = 0", "workers is from 1 to 64, not 0"),
            (vec!["--workers", "100000"], "", "workers is from 1 to 64, not 100000"),
            (vec![], "[limits.sqs]\nbatch_bytes = 0", "batch_bytes is at least 1, not 0"),
            (
                vec![],
                "[server]\nhosts = ['bad host!']",
                "\"bad host!\" is not a host to answer to; write a name without a port, such as \
                 fanlight.example.com, or *.example.com, or *",
            ),
            (
                vec![],
                "[server]\nallow_origins = ['example.com']",
                "\"example.com\" is not an origin; write scheme, host and port as browsers do, such as \
                 http://localhost:3000, or *",
            ),
            (
                vec![],
                "[[credentials]]\naccess_key = 'a'\nsecret_key = 's'\n[[credentials]]\naccess_key = 'a'\nsecret_key = 't'",
                "[[credentials]]: access_key \"a\" is there twice",
            ),
            (
                vec![],
                "[[credentials]]\naccess_key = 'a'\nsecret_key = ''",
                "[[credentials]]: the secret_key of access_key \"a\" is empty",
            ),
            (
                vec![],
                "[[credentials]]\naccess_key = ''\nsecret_key = 's'",
                "[[credentials]]: access_key \"\" is none; write one such as AKIAEXAMPLE",
            ),
            (
                vec![],
                "[[credentials]]\naccess_key = 'a'\nsecret_key = 's'\naccount = '12'",
                "\"12\" is not an account; write twelve digits",
            ),
        ] {
            let problem = settle(&flags, file, Variables::default()).map(|_| ()).unwrap_err();
            assert_eq!(problem.0, sentence);
        }
    }

    #[test]
    fn a_key_belongs_to_its_account() {
        let file = "[server]\nauth='verify'\naccount='999999999999'\n\
                    [[credentials]]\naccess_key='a'\nsecret_key='s'\n\
                    [[credentials]]\naccess_key='111111111111'\nsecret_key='s'\n\
                    [[credentials]]\naccess_key='b'\nsecret_key='s'\naccount='222222222222'";
        let keys = settle(&[], file, Variables::default()).unwrap().config.keys.unwrap();
        let accounts: Vec<&str> = keys.iter().map(|key| key.account.as_str()).collect();
        assert_eq!(accounts, ["999999999999", "111111111111", "222222222222"]);
    }
}
