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
    /// Whether SQS's waiting periods of a minute hold.
    pub strict_timing: bool,
}

/// Reads the variables from this process's environment.
pub fn read() -> Variables {
    from(&|name| std::env::var(name).ok())
}

fn from(environment: &dyn Fn(&str) -> Option<String>) -> Variables {
    let value = |name: &str| {
        let value = environment(name).or_else(|| environment(&format!("LOCALSTACK_{name}")));
        value.filter(|value| !value.trim().is_empty())
    };
    let is_set =
        |name: &str| value(name).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "True"));
    let mut allow_origins: Vec<String> = value("EXTRA_CORS_ALLOWED_ORIGINS")
        .map(|origins| origins.split(',').map(|origin| origin.trim().to_owned()).collect())
        .unwrap_or_default();
    if is_set("DISABLE_CORS_CHECKS") {
        allow_origins.push("*".to_owned());
    }
    // Its default has a port, and means us.
    let host = environment("LOCALSTACK_HOST").filter(|host| !host.trim().is_empty());
    let hosts = host.map(|host| host.split(':').next().unwrap_or_default().to_owned());
    Variables {
        listen: value("GATEWAY_LISTEN"),
        region: value("DEFAULT_REGION"),
        log: value("LS_LOG").map(level).or_else(|| is_set("DEBUG").then(|| "debug".to_owned())),
        hosts: hosts.into_iter().filter(|host| !host.is_empty()).collect(),
        allow_origins,
        strict_timing: is_set("SQS_DELAY_PURGE_RETRY") || is_set("SQS_DELAY_RECENTLY_DELETED"),
    }
}

/// LocalStack's levels are Python's, and one of its own.
fn level(name: String) -> String {
    match name.as_str() {
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
        check(&[("DEBUG", "1")], Variables { log: Some("debug".into()), ..none() });
        check(&[("DEBUG", "0")], none());
        check(&[("DEBUG", "1"), ("LS_LOG", "warning")], Variables { log: Some("warn".into()), ..none() });
        check(&[("LOCALSTACK_HOST", "aws:4566")], Variables { hosts: vec!["aws".into()], ..none() });
        check(
            &[("EXTRA_CORS_ALLOWED_ORIGINS", "http://a, http://b"), ("DISABLE_CORS_CHECKS", "1")],
            Variables { allow_origins: vec!["http://a".into(), "http://b".into(), "*".into()], ..none() },
        );
        check(&[("SQS_DELAY_RECENTLY_DELETED", "true")], Variables { strict_timing: true, ..none() });
    }
}
