//! The environment variables of LocalStack that mean something here. Each may carry the prefix `LOCALSTACK_`.
//!
//! | variable | here |
//! |---|---|
//! | `GATEWAY_LISTEN` | `--listen` |
//! | `DEFAULT_REGION` | `--region` |
//! | `LS_LOG`, `DEBUG=1` | `--log` |
//! | `LOCALSTACK_HOST` | one of `hosts` |
//! | `EXTRA_CORS_ALLOWED_ORIGINS` | `allow_origins` |
//! | `DISABLE_CORS_CHECKS=1` | `allow_origins = ["*"]` |
//! | `SQS_DELAY_PURGE_RETRY=1`, `SQS_DELAY_RECENTLY_DELETED=1` | `--strict-timing`, which is both |

use super::callers;

/// What the variables say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    /// Where to listen.
    pub listen: Option<String>,
    /// The region of requests that name none.
    pub region: Option<String>,
    /// How much is logged.
    pub log: Option<String>,
    /// Host names to answer to besides the local ones.
    pub hosts: Vec<String>,
    /// Web origins whose pages may talk to the server.
    pub allow_origins: Vec<String>,
    /// A sentence on each value that LocalStack lives with and that means nothing here.
    pub left_out: Vec<String>,
    /// Whether SQS's waiting periods of a minute hold.
    pub strict_timing: bool,
}

/// Reads the variables from this process's environment.
pub fn read() -> Variables {
    from(&|name| std::env::var(name).ok())
}

fn from(environment: &dyn Fn(&str) -> Option<String>) -> Variables {
    let filled = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
    let value = |name: &str| filled(name).or_else(|| filled(&format!("LOCALSTACK_{name}")));
    let is_set =
        |name: &str| value(name).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "True"));
    let origins = value("EXTRA_CORS_ALLOWED_ORIGINS").unwrap_or_default();
    let origins = origins.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    let (mut allow_origins, left_out): (Vec<String>, Vec<String>) =
        origins.map(str::to_owned).partition(|origin| callers::parse_origin(origin).is_ok());
    if is_set("DISABLE_CORS_CHECKS") {
        allow_origins.push("*".to_owned());
    }
    // Its default has a port, and means us.
    let hosts = filled("LOCALSTACK_HOST").map(|host| without_port(without_scheme(host.trim())).to_owned());
    Variables {
        listen: value("GATEWAY_LISTEN"),
        region: value("DEFAULT_REGION"),
        log: value("LS_LOG").map(level).or_else(|| is_set("DEBUG").then(|| "debug".to_owned())),
        hosts: hosts.into_iter().filter(|host| !host.is_empty()).collect(),
        allow_origins,
        left_out: left_out
            .iter()
            .map(|origin| format!("EXTRA_CORS_ALLOWED_ORIGINS: {origin:?} is no origin, and left out"))
            .collect(),
        strict_timing: is_set("SQS_DELAY_PURGE_RETRY") || is_set("SQS_DELAY_RECENTLY_DELETED"),
    }
}

fn without_scheme(host: &str) -> &str {
    host.split_once("://").map_or(host, |(_, host)| host)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// LocalStack's levels are Python's, and one of its own.
fn level(name: String) -> String {
    match name.to_ascii_lowercase().as_str() {
        "trace-internal" => "trace".to_owned(),
        "warning" => "warn".to_owned(),
        "critical" => "error".to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::{Variables, from};

    fn check(pairs: &[(&str, &str)], expected: Variables) {
        let environment = |name: &str| {
            let pair = pairs.iter().find(|(key, _)| *key == name);
            pair.map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(from(&environment), expected, "{pairs:?}");
    }

    #[test]
    fn variables_are_understood_with_and_without_prefix() {
        let none = Variables::default;
        check(&[], none());
        check(
            &[("GATEWAY_LISTEN", "0.0.0.0:4566")],
            Variables { listen: Some("0.0.0.0:4566".into()), ..none() },
        );
        check(&[("LOCALSTACK_GATEWAY_LISTEN", ":1")], Variables { listen: Some(":1".into()), ..none() });
        check(&[("GATEWAY_LISTEN", "")], none());
        check(
            &[("GATEWAY_LISTEN", ""), ("LOCALSTACK_GATEWAY_LISTEN", ":1")],
            Variables { listen: Some(":1".into()), ..none() },
        );
        check(&[("DEBUG", "1")], Variables { log: Some("debug".into()), ..none() });
        check(&[("DEBUG", "0")], none());
        check(&[("DEBUG", "1"), ("LS_LOG", "warning")], Variables { log: Some("warn".into()), ..none() });
        check(&[("LOCALSTACK_HOST", "aws:4566")], Variables { hosts: vec!["aws".into()], ..none() });
        check(&[("LOCALSTACK_HOST", "[::1]:4566")], Variables { hosts: vec!["[::1]".into()], ..none() });
        check(
            &[("EXTRA_CORS_ALLOWED_ORIGINS", "http://a,, http://b,"), ("DISABLE_CORS_CHECKS", "1")],
            Variables { allow_origins: vec!["http://a".into(), "http://b".into(), "*".into()], ..none() },
        );
        check(&[("SQS_DELAY_RECENTLY_DELETED", "true")], Variables { strict_timing: true, ..none() });
    }
}
