//! What the environment says: to the command line, and of the server that is started in it.

use std::ffi::OsStr;

use clap::builder::Resettable;
use clap::{Arg, Command, CommandFactory, FromArgMatches};

use super::{Cli, Settled};
use crate::config::{ConfigError, PORT, parse_endpoint, suggest};

const PREFIX: &str = "FANLIGHT_";

/// For `health` and `env` the server's URL, for `serve` the other name of `FANLIGHT_ENDPOINTS`; what it holds tells.
const ENDPOINT: &str = "FANLIGHT_ENDPOINT";

/// What `scripts/run` reads.
const OF_SCRIPTS: &str = "FANLIGHT_BIN";

/// Reads the command line of this process, and ends it if there is something wrong with that.
pub fn command_line() -> Cli {
    let matches = command().get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// What a server would be started with that gets no flags: so `health` and `env` find the one that was.
pub(super) fn settled() -> Result<Settled, ConfigError> {
    let read = command().try_get_matches_from(["fanlight"]);
    let cli = read.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        ConfigError(line.trim_start_matches("error: ").to_owned())
    })?;
    cli.serve.settle()
}

/// Where the server of this environment is.
pub(super) fn endpoint(settled: &Settled) -> String {
    if let Some(url) = variable(ENDPOINT).filter(|text| !names_services(text)) {
        return url;
    }
    let listen = settled.config.listen.first().copied();
    let port = listen.map_or(0, |address| address.port());
    let mut address = listen.unwrap_or_else(|| ([127, 0, 0, 1], PORT).into());
    // Of any free port, nobody knows which it became.
    address.set_port(if port == 0 { PORT } else { port });
    crate::server::url_of(address)
}

/// Where services are, by the variable that is also called as the flag is.
pub(super) fn endpoints() -> Vec<String> {
    let services = variable(ENDPOINT).filter(|text| names_services(text)).unwrap_or_default();
    services.split(',').filter(|text| !text.trim().is_empty()).map(str::to_owned).collect()
}

/// A sentence on each variable that was meant for us, and that we do not know.
pub(super) fn unknown() -> Vec<String> {
    let set = std::env::vars_os().filter(|(_, value)| !is_blank(value));
    let set = set.filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    unknown_of(set.map(|(name, value)| (name, value.to_string_lossy().into_owned())))
}

fn unknown_of(set: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let known = known();
    let mut sentences = Vec::new();
    for (name, value) in set {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        // Kubernetes tells every container of a service called `fanlight` where that is.
        let of_kubernetes = rest.starts_with("SERVICE_")
            || rest.starts_with("PORT") && (rest.len() > 4 || value.starts_with("tcp://"));
        if of_kubernetes || known.contains(&name) {
            continue;
        }
        let near = suggest::closest(rest, known.iter().filter_map(|name| name.strip_prefix(PREFIX)));
        let hint = near.map(|near| format!("; did you mean {PREFIX}{near}?")).unwrap_or_default();
        sentences.push(format!("the variable {name} says nothing to Fanlight{hint}"));
    }
    sentences.sort();
    sentences
}

fn known() -> Vec<String> {
    let command = Cli::command();
    let commands = command.get_subcommands().chain([&command]);
    let arguments = commands.flat_map(Command::get_arguments);
    let names = arguments.filter_map(Arg::get_env).filter_map(OsStr::to_str).map(str::to_owned);
    names.chain([ENDPOINT.to_owned(), OF_SCRIPTS.to_owned()]).collect()
}

/// `lambda=http://localhost:9001` and such, and not a URL.
fn names_services(text: &str) -> bool {
    text.split(',').next().is_some_and(|first| parse_endpoint(first).is_ok())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// The command line, to which an empty variable is as good as none: `${X:-}` in a compose file leaves one behind.
fn command() -> Command {
    let without = |argument: Arg| {
        let value = argument.get_env().and_then(std::env::var_os);
        if value.is_some_and(|value| is_blank(&value)) { argument.env(Resettable::Reset) } else { argument }
    };
    Cli::command().mut_args(without).mut_subcommands(|command| command.mut_args(without))
}

fn is_blank(value: &OsStr) -> bool {
    value.to_str().is_some_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_variables_are_named_with_an_idea() {
        let check = |name: &str, value: &str, expected: &[&str]| {
            let set = [(name.to_owned(), value.to_owned())];
            assert_eq!(unknown_of(set.into_iter()), expected, "{name}");
        };
        check(
            "FANLIGHT_DURABILTY",
            "process",
            &["the variable FANLIGHT_DURABILTY says nothing to Fanlight; did you mean FANLIGHT_DURABILITY?"],
        );
        check("FANLIGHT_PORT", "80", &["the variable FANLIGHT_PORT says nothing to Fanlight"]);
        for (name, value) in [
            ("FANLIGHT_LISTEN", "x"),
            ("FANLIGHT_ENDPOINTS", "x"),
            ("FANLIGHT_ENDPOINT", "x"),
            ("FANLIGHT_BIN", "x"),
            ("PATH", "x"),
            ("FANLIGHT_PORT", "tcp://10.0.0.1:4566"),
            ("FANLIGHT_PORT_4566_TCP_ADDR", "10.0.0.1"),
            ("FANLIGHT_SERVICE_HOST", "10.0.0.1"),
        ] {
            check(name, value, &[]);
        }
    }

    #[test]
    fn one_variable_says_two_things_apart() {
        for (text, expected) in [
            ("lambda=http://localhost:9001", true),
            ("lambda=http://a,states=http://b", true),
            ("http://localhost:4566", false),
            ("http://localhost:4566/?a=b", false),
            ("localhost:4566", false),
        ] {
            assert_eq!(names_services(text), expected, "{text}");
        }
    }
}
