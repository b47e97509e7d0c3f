//! The arrows between crates: down, never up, and never along a line. What the table does not list is forbidden.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::tree::Tree;
use crate::Fault;

/// What one crate may depend on.
struct Crate {
    name: &'static str,
    /// An arrow points to a lower layer.
    layer: u8,
    ours: &'static [&'static str],
    outside: Outside,
}

/// The crates of others that a crate may use.
enum Outside {
    Only(&'static [&'static str]),
    /// Tools that no product depends on choose for themselves.
    Any,
}

const fn only(
    name: &'static str,
    layer: u8,
    ours: &'static [&'static str],
    outside: &'static [&'static str],
) -> Crate {
    Crate { name, layer, ours, outside: Outside::Only(outside) }
}

/// What every service crate may use of ours.
const BELOW_SERVICES: &[&str] =
    &["aws", "clock", "delivery", "failure", "pattern", "policy", "service", "shape", "storage"];

const CRATES: &[Crate] = &[
    only("shape", 1, &[], &[]),
    only("aws", 1, &[], &[]),
    only("clock", 1, &[], &["getrandom", "tokio", "uuid"]),
    only("service", 2, &["aws", "clock", "shape"], &["base64"]),
    only("storage", 2, &["clock"], &["rusqlite", "thiserror", "tokio", "tracing"]),
    only(
        "protocol",
        3,
        &["aws", "clock", "service", "shape"],
        &[
            "base64",
            "bytes",
            "form_urlencoded",
            "http",
            "percent-encoding",
            "quick-xml",
            "serde",
            "serde_json",
        ],
    ),
    only("signature", 3, &["aws", "clock"], &["aws-sigv4", "http", "percent-encoding", "sha2", "thiserror"]),
    only("failure", 3, &["service", "storage"], &["tracing"]),
    only("pattern", 3, &[], &["serde_json"]),
    only("policy", 3, &[], &["serde_json"]),
    only(
        "delivery",
        3,
        &["aws", "clock", "signature", "storage"],
        &[
            "base64",
            "bytes",
            "http",
            "http-body-util",
            "hyper",
            "hyper-util",
            "rustls",
            "rustls-pki-types",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tokio-rustls",
            "tracing",
            "webpki-roots",
        ],
    ),
    only(
        "server",
        4,
        &["aws", "clock", "protocol", "service", "shape", "signature"],
        &["bytes", "http", "http-body-util", "hyper", "hyper-util", "percent-encoding", "tokio", "tracing"],
    ),
    // serde_json reads policies there, which are data; the wire is `protocol`'s.
    only(
        "sqs",
        4,
        BELOW_SERVICES,
        &["base64", "md-5", "serde_json", "sha2", "thiserror", "tokio", "tracing", "uuid", "wide"],
    ),
    // serde_json reads policies and message structures, which are data.
    only(
        "sns",
        4,
        BELOW_SERVICES,
        &[
            "base64",
            "rcgen",
            "regex",
            "rsa",
            "serde",
            "serde_json",
            "sha1",
            "sha2",
            "tokio",
            "tracing",
            "uuid",
        ],
    ),
    // serde_json reads events and policies, which are data.
    only(
        "eventbridge",
        4,
        BELOW_SERVICES,
        &["base64", "regex", "serde", "serde_json", "tokio", "tracing", "uuid"],
    ),
    only("sts", 4, &["aws", "service", "shape"], &[]),
    Crate {
        name: "fanlight",
        layer: 5,
        ours: &[
            "aws",
            "clock",
            "delivery",
            "eventbridge",
            "protocol",
            "server",
            "service",
            "shape",
            "signature",
            "sns",
            "sqs",
            "storage",
            "sts",
        ],
        outside: Outside::Any,
    },
    Crate { name: "bench", layer: 5, ours: &["pattern"], outside: Outside::Any },
    only("xtask", 5, &[], &["serde_json", "toml"]),
];

/// Every crate's `Cargo.toml` against the table.
pub(super) fn check(tree: &Tree) -> Result<Vec<String>, Fault> {
    let mut wrong = Vec::new();
    for (path, text) in tree.files() {
        let Some(folder) = path.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/Cargo.toml"))
        else {
            continue;
        };
        let manifest: Table = text.parse().map_err(|fault| format!("{path}: {fault}"))?;
        wrong.extend(
            check_crate(folder, &dependencies(&manifest)).into_iter().map(|what| format!("{path}: {what}")),
        );
    }
    Ok(wrong)
}

fn check_crate(folder: &str, dependencies: &BTreeSet<String>) -> Vec<String> {
    let Some(known) = CRATES.iter().find(|known| known.name == folder) else {
        return vec![format!("the crate {folder} is not in the table of crates/xtask/src/tidy/arrows.rs")];
    };
    let mut wrong = Vec::new();
    for name in dependencies {
        if let Some(other) = CRATES.iter().find(|other| other.name == name) {
            if !known.ours.contains(&other.name) {
                let (from, to) = (known.layer, other.layer);
                wrong.push(format!("{folder} (layer {from}) must not know {name} (layer {to})"));
            }
        } else if let Outside::Only(names) = known.outside
            && !names.contains(&name.as_str())
        {
            wrong.push(format!("{folder} must not know {name}"));
        }
    }
    wrong
}

/// The names a crate depends on when it is built. What only its tests use is its own affair.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let mut tables = vec![manifest];
    let targets = manifest.get("target").and_then(Value::as_table);
    tables.extend(targets.into_iter().flat_map(Table::values).filter_map(Value::as_table));
    let mut names = BTreeSet::new();
    for table in tables {
        for kind in ["dependencies", "build-dependencies"] {
            for (name, value) in table.get(kind).and_then(Value::as_table).into_iter().flatten() {
                let renamed = value.get("package").and_then(Value::as_str);
                names.insert(renamed.unwrap_or(name).to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_arrow_of_the_table_points_down() {
        for from in CRATES {
            for to in from.ours {
                // Crates that are not there yet have no line.
                let Some(to) = CRATES.iter().find(|known| known.name == *to) else { continue };
                // A delivery is signed; both are neighbours of the protocol.
                let beside = from.name == "delivery" && to.name == "signature";
                assert!(to.layer < from.layer || beside, "{} → {}", from.name, to.name);
            }
        }
    }

    #[track_caller]
    fn check(folder: &str, manifest: &str, expected: &[&str]) {
        assert_eq!(check_crate(folder, &dependencies(&manifest.parse().unwrap())), expected);
    }

    #[test]
    fn what_the_table_does_not_list_is_forbidden() {
        check("sts", "[dependencies]\nservice.workspace = true\n", &[]);
        check(
            "sts",
            "[dependencies]\nsqs.workspace = true\n",
            &["sts (layer 4) must not know sqs (layer 4)"],
        );
        check("shape", "[target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n", &["shape must not know libc"]);
        check("shape", "[dependencies]\nx = { package = \"regex\" }\n", &["shape must not know regex"]);
        check("shape", "[dev-dependencies]\nproptest = \"1\"\n", &[]);
    }
}
