//! `fanlight env`: what a shell has to export so that AWS's tools come here.

use clap::{Args, ValueEnum};

use crate::config::{self, ConfigError, PORT};

/// Which exports, and for which shell.
#[derive(Args, Clone, Debug)]
pub struct EnvFlags {
    /// The server's URL
    #[arg(long, env = "FANLIGHT_ENDPOINT", default_value_t = format!("http://127.0.0.1:{PORT}"))]
    pub endpoint: String,
    /// The region to work in
    #[arg(long, env = "FANLIGHT_REGION", default_value = aws::Region::DEFAULT)]
    pub region: String,
    /// The account to work in: a twelve-digit access key is one
    #[arg(long, env = "FANLIGHT_ACCOUNT", default_value = aws::AccountId::DEFAULT)]
    pub account: String,
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
    let region = config::parse_region(&flags.region)?;
    let account = config::parse_account(&flags.account)?;
    let is_quotable = |character: char| character.is_ascii_graphic() && !"'\"`$\\".contains(character);
    if !flags.endpoint.starts_with("http") || !flags.endpoint.chars().all(is_quotable) {
        return Err(ConfigError(format!("{:?} is not a URL", flags.endpoint)));
    }
    let variables = [
        ("AWS_ENDPOINT_URL", flags.endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", account.as_str()),
        ("AWS_SECRET_ACCESS_KEY", "fanlight"),
        ("AWS_DEFAULT_REGION", region.as_str()),
        // The JavaScript and Go SDKs know only this one.
        ("AWS_REGION", region.as_str()),
    ];
    Ok(variables.map(|(name, value)| line(flags.shell, name, value)).concat())
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
        exports(&EnvFlags {
            endpoint: endpoint.to_owned(),
            region: "eu-west-1".to_owned(),
            account: "111122223333".to_owned(),
            shell,
        })
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
