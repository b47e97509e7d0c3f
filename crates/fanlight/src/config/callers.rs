//! Who may talk to the server: the names it answers to, the web pages it listens to, the keys that sign. What could
//! never match is refused at start, because it would be looked for in vain later.

use std::collections::BTreeSet;
use std::net::IpAddr;

use aws::AccountId;
use signature::{Key, SecretKey};

use super::file::Credentials;
use super::{ConfigError, parse_account};

/// Reads a host name to answer to: `fanlight.example.com`, `*.example.com`, or `*` for every name.
pub fn parse_host(text: &str) -> Result<String, ConfigError> {
    let name = text.trim_end_matches('.');
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let is_name = name.strip_prefix("*.").unwrap_or(name).split('.').all(label);
    // All addresses are answered to anyway.
    let is_address = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    if name == "*" || is_name || is_address {
        return Ok(name.to_owned());
    }
    Err(ConfigError(format!(
        "{text:?} is not a host to answer to; write a name without a port, such as fanlight.example.com, or \
         *.example.com, or *"
    )))
}

/// Reads a web origin as browsers send it: `http://localhost:3000`, or `*` for all. What browsers leave out, a slash at
/// the end and the scheme's own port, is left out.
pub fn parse_origin(text: &str) -> Result<String, ConfigError> {
    let origin = text.strip_suffix('/').unwrap_or(text);
    let fits = origin.split_once("://").is_some_and(|(scheme, host)| {
        let scheme_fits = !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        let host_fits = !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:[]".contains(&byte));
        scheme_fits && host_fits
    });
    if !fits && origin != "*" {
        return Err(ConfigError(format!(
            "{text:?} is not an origin; write scheme, host and port as browsers do, such as http://localhost:3000, or *"
        )));
    }
    let own_port = if origin.starts_with("http://") {
        ":80"
    } else if origin.starts_with("https://") {
        ":443"
    } else {
        ""
    };
    Ok(origin.strip_suffix(own_port).unwrap_or(origin).to_owned())
}

/// Reads the keys that may sign; one without an account is of the account it names, or of the `default`.
pub fn keys(credentials: &[Credentials], default: &AccountId) -> Result<Vec<Key>, ConfigError> {
    let mut seen = BTreeSet::new();
    let mut keys = Vec::with_capacity(credentials.len());
    for Credentials { access_key, secret_key, account } in credentials {
        let wrong = |what: &str| Err(ConfigError(format!("[[credentials]]: {what}")));
        // The characters that end a key where signatures name it.
        if access_key.is_empty() || access_key.contains([' ', ',']) {
            return wrong(&format!("access_key {access_key:?} is none; write one such as AKIAEXAMPLE"));
        }
        if secret_key.is_empty() {
            return wrong(&format!("the secret_key of access_key {access_key:?} is empty"));
        }
        if !seen.insert(access_key) {
            return wrong(&format!("access_key {access_key:?} is there twice"));
        }
        let named = || AccountId::parse(access_key).unwrap_or_else(|| default.clone());
        let account = account.as_deref().map(parse_account).transpose()?.unwrap_or_else(named);
        keys.push(Key { access_key: access_key.clone(), secret_key: SecretKey::new(secret_key), account });
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_and_patterns() {
        for (text, expected) in [
            ("fanlight.example.com", "fanlight.example.com"),
            ("fanlight.example.com.", "fanlight.example.com"),
            ("my_service", "my_service"),
            ("*.example.com", "*.example.com"),
            ("*", "*"),
            ("10.0.0.1", "10.0.0.1"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(parse_host(text).as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "",
            ".",
            "bad host!",
            "example.com:4566",
            "http://example.com",
            "*example.com",
            "a..b",
            "a.*",
            "ä.de",
        ] {
            assert!(parse_host(text).is_err(), "{text}");
        }
    }

    #[test]
    fn origins_are_what_browsers_send() {
        for (text, expected) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://ok.example/", "http://ok.example"),
            ("http://ok.example:80", "http://ok.example"),
            ("https://ok.example:443/", "https://ok.example"),
            ("https://ok.example:80", "https://ok.example:80"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("chrome-extension://abcdef", "chrome-extension://abcdef"),
            ("*", "*"),
        ] {
            assert_eq!(parse_origin(text).as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "",
            "example.com",
            "localhost:3000",
            "null",
            "http://",
            "://h",
            "http://h/x",
            "http://h//",
            "http://*.example.com",
            "http://u@h",
            "http://a b",
        ] {
            assert!(parse_origin(text).is_err(), "{text}");
        }
    }
}
