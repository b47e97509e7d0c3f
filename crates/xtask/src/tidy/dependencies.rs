//! What we stand on: every package the lock file names comes from crates.io, under a licence that goes with ours, and
//! is none of those we do not want.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::Fault;

/// Licences that ask for no more than their text. An expression is fine when one of its choices is.
const LICENCES: &[&str] = &[
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    // The list of certificate authorities, which is data.
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Package, and why not.
const UNWANTED: &[(&str, &str)] = &[
    ("chrono", "time comes in through `clock`"),
    ("native-tls", "TLS is rustls; no system library is linked"),
    ("openssl", "TLS is rustls; no system library is linked"),
    ("openssl-sys", "TLS is rustls; no system library is linked"),
    ("reqwest", "it hides the address it connects to"),
];

const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Asks cargo for every package and checks each.
pub(super) fn check(root: &Path) -> Result<Vec<String>, Fault> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    Ok(packages.flat_map(check_package).collect())
}

fn check_package(package: &Value) -> Vec<String> {
    let text = |name: &str| package[name].as_str().unwrap_or_default();
    let mut wrong = Vec::new();
    let mut say = |what: String| wrong.push(format!("Cargo.lock: {} {what}", text("name")));
    if !package["source"].is_null() && text("source") != SOURCE {
        say(format!("comes from {}", text("source")));
    }
    if !is_fine(text("license")) {
        say(format!("is licensed as {:?}, which is not on the list", text("license")));
    }
    if let Some((_, why)) = UNWANTED.iter().find(|(name, _)| *name == text("name")) {
        say(format!("is not wanted: {why}"));
    }
    wrong
}

/// Reads `A OR B`, `A/B`, `(A OR B) AND C`.
fn is_fine(expression: &str) -> bool {
    expression.split(" AND ").all(|part| {
        let choices = part.trim_matches(['(', ')']).replace('/', " OR ");
        choices.split(" OR ").any(|licence| LICENCES.contains(&licence.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::is_fine;

    #[test]
    fn a_licence_is_fine_when_a_choice_of_it_is() {
        for fine in
            ["MIT", "MIT OR LGPL-2.1-or-later", "MIT/Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0"]
        {
            assert!(is_fine(fine), "{fine}");
        }
        for other in ["", "GPL-3.0", "MIT AND GPL-3.0", "(LGPL-2.1-or-later) AND MIT"] {
            assert!(!is_fine(other), "{other}");
        }
    }
}
