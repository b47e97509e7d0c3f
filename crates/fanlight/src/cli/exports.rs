//! `fanlight env`: what a shell has to export so that AWS's tools come here.

use aws::{AccountId, Region};
use clap::{Args, ValueEnum};

use super::environment;
use crate::config::{self, ConfigError};

/// Which exports, and for which shell.
#[derive(Args, Clone, Debug)]
pub struct EnvFlags {
    /// The server's URL [default: FANLIGHT_ENDPOINT, else where a server of this environment listens]
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// The region to work in [default: that server's]
    #[arg(long, env = "FANLIGHT_REGION")]
    pub region: Option<String>,
    /// The account to work in: a twelve-digit access key is one [default: that server's]
    #[arg(long, env = "FANLIGHT_ACCOUNT")]
    pub account: Option<String>,
    /// The shell that is to read it
    #[arg(long, value_enum, default_value_t = Shell::Sh)]
    pub shell: Shell,
}

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// sh, bash, zsh and their like.
    Sh,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
}

/// The lines to be evaluated.
pub fn exports(flags: &EnvFlags) -> Result<String, ConfigError> {
    let settled = environment::settled()?;
    let region = flags.region.as_deref().map(config::parse_region).transpose()?;
    let account = flags.account.as_deref().map(config::parse_account).transpose()?;
    let endpoint = flags.endpoint.clone().unwrap_or_else(|| environment::endpoint(&settled));
    let config = settled.config;
    lines(flags.shell, &endpoint, &region.unwrap_or(config.region), &account.unwrap_or(config.account))
}

fn lines(shell: Shell, endpoint: &str, region: &Region, account: &AccountId) -> Result<String, ConfigError> {
    let is_quotable = |character: char| character.is_ascii_graphic() && !"'\"`$\\".contains(character);
    if !endpoint.starts_with("http") || !endpoint.chars().all(is_quotable) {
        return Err(ConfigError(format!("{endpoint:?} is not a URL")));
    }
    let variables = [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ACCESS_KEY_ID", account.as_str()),
        ("AWS_SECRET_ACCESS_KEY", "fanlight"),
        ("AWS_DEFAULT_REGION", region.as_str()),
        // The JavaScript and Go SDKs know only this one.
        ("AWS_REGION", region.as_str()),
    ];
    Ok(variables.map(|(name, value)| line(shell, name, value)).concat())
}

fn line(shell: Shell, name: &str, value: &str) -> String {
    match shell {
        Shell::Sh => format!("export {name}='{value}'\n"),
        Shell::Fish => format!("set -gx {name} '{value}'\n"),
        Shell::Powershell => format!("$env:{name} = '{value}'\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(endpoint: &str, shell: Shell) -> Result<String, ConfigError> {
        let account = AccountId::parse("111122223333").unwrap();
        lines(shell, endpoint, &Region::parse("eu-west-1").unwrap(), &account)
    }

    #[test]
    fn each_shell_gets_its_own_words() {
        let sh = check("http://localhost:4566", Shell::Sh).unwrap();
        assert_eq!(
            sh,
            "export AWS_ENDPOINT_URL='http://localhost:4566'\nexport AWS_ACCESS_KEY_ID='111122223333'\n\
             export AWS_SECRET_ACCESS_KEY='fanlight'\nexport AWS_DEFAULT_REGION='eu-west-1'\nexport AWS_REGION='eu-west-1'\n"
        );
        let fish = check("http://localhost:4566", Shell::Fish).unwrap();
        assert!(fish.starts_with("set -gx AWS_ENDPOINT_URL 'http://localhost:4566'\n"));
        let powershell = check("http://localhost:4566", Shell::Powershell).unwrap();
        assert!(powershell.starts_with("$env:AWS_ENDPOINT_URL = 'http://localhost:4566'\n"));
    }

    #[test]
    fn nothing_is_evaluated_that_is_no_url() {
        for endpoint in ["'; rm -rf /", "http://$(id)", "http://a b", ""] {
            assert!(check(endpoint, Shell::Sh).is_err(), "{endpoint}");
        }
    }
}
