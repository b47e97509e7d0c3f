//! Rules that hold in every file: no machine of ours, no registry but the public ones, scripts that run.

use std::path::Path;

use super::tree::Tree;

/// Folders of machines, in halves, so that this file keeps its own rule.
const MACHINE_FOLDERS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/")];
/// Other hosts of machines.
const MACHINE_HOSTS: &[&str] = &[concat!("127.0.0.1:", "3128")];
/// Whose mirrors nobody else can reach.
const REGISTRIES: &[&str] = &["pypi", "npm", "crates", "maven", "goproxy"];
/// Where a lock file may say a package comes from.
const PUBLIC_SOURCES: &[&str] = &[
    "registry+https://github.com/rust-lang/crates.io-index",
    "https://registry.npmjs.org/",
    "https://pypi.org/",
    "https://files.pythonhosted.org/",
];

/// Every file against the rules.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in tree.files() {
        let lock = is_lock(path);
        for (number, line) in (1..).zip(text.lines()) {
            let what = line_rules(line).or_else(|| if lock { foreign_source(line) } else { None });
            wrong.extend(what.map(|what| format!("{path}:{number}: {what}")));
        }
        let script = path.starts_with("scripts/") || path.starts_with(".ci/");
        if script && text.starts_with("#!") && !is_executable(&tree.root.join(path)) {
            wrong.push(format!("{path}: a script must be executable"));
        }
    }
    wrong
}

fn line_rules(line: &str) -> Option<String> {
    for folder in MACHINE_FOLDERS {
        // A folder of that name deeper in a path is not the machine's.
        let absolute = |at: usize| {
            !line[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || "._-}".contains(before))
        };
        if line.match_indices(folder).any(|(at, _)| absolute(at)) {
            return Some(format!("a path of one machine ({folder})"));
        }
    }
    if MACHINE_HOSTS.iter().any(|host| line.contains(host)) {
        return Some("a host of one machine".to_owned());
    }
    let mirror = urls(line).any(|url| {
        let url = url.to_ascii_lowercase();
        url.contains("mirror") && REGISTRIES.iter().any(|registry| url.contains(registry))
    });
    mirror.then(|| "a registry's mirror".to_owned())
}

fn urls(line: &str) -> impl Iterator<Item = &str> {
    let ends = |letter: char| letter.is_whitespace() || "\"'`<>()".contains(letter);
    line.split(ends).filter(|word| word.contains("http://") || word.contains("https://"))
}

fn is_lock(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    ["Cargo.lock", "package-lock.json", "uv.lock", "poetry.lock"].contains(&name)
        || (name.starts_with("requirements") && name.ends_with(".txt"))
}

/// Where a lock file's line says a package comes from, unless that is public.
fn foreign_source(line: &str) -> Option<String> {
    let line = line.trim();
    let source = ["source = ", "\"resolved\": ", "--index-url", "--extra-index-url"]
        .iter()
        .find_map(|key| line.strip_prefix(key))?;
    let source = source.trim_start_matches(['=', ' ']).trim_matches([',', '"']);
    let public = PUBLIC_SOURCES.iter().any(|public| source.starts_with(public));
    (!public).then(|| "a lock file names a source that is not the public registry".to_owned())
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machines_own_places_are_found() {
        assert!(line_rules(concat!("cd /wo", "rk/main")).is_some());
        assert!(line_rules(concat!("\"/ro", "ot/.cargo\"")).is_some());
        assert!(line_rules(concat!("see docs/wo", "rk/plan.md")).is_none());
        assert!(line_rules("https://registry.npmjs.org/x").is_none());
        assert!(line_rules(concat!("index-url = https://py", "pi-mirror.example/simple")).is_some());
    }

    #[test]
    fn locks_name_public_registries() {
        assert_eq!(
            foreign_source(r#"source = "registry+https://github.com/rust-lang/crates.io-index""#),
            None
        );
        assert_eq!(foreign_source(r#""resolved": "https://registry.npmjs.org/a/-/a-1.tgz","#), None);
        assert!(foreign_source(r#"source = "sparse+https://crates.example/""#).is_some());
        assert!(foreign_source("--index-url http://127.0.0.1/simple").is_some());
        assert_eq!(foreign_source("boto3==1.40.0"), None);
    }
}
