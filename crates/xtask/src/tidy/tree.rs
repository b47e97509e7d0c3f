//! The files the rules are about: what git tracks or would track.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Fault;

/// Folders that hold no source, for a tree without git.
const SKIPPED: &[&str] = &[".git", ".tools", "target", "node_modules", "__pycache__", ".venv"];

/// The text files of the workspace, by their path from its root, and their text.
pub(super) struct Tree {
    pub(super) root: PathBuf,
    files: Vec<(String, String)>,
}

impl Tree {
    /// Reads the tree. Files that are not text are left out: no rule is about them.
    pub(super) fn read(root: &Path) -> Result<Self, Fault> {
        let mut paths = match tracked(root) {
            Some(paths) => paths,
            None => {
                let mut paths = Vec::new();
                walk(root, root, &mut paths)?;
                paths
            }
        };
        paths.sort();
        let read = |path: String| fs::read_to_string(root.join(&path)).ok().map(|text| (path, text));
        Ok(Self { root: root.to_owned(), files: paths.into_iter().filter_map(read).collect() })
    }

    /// Every file and its text.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files().find(|(name, _)| *name == path).map(|(_, text)| text)
    }

    /// The number of files.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }
}

/// Tracked files and new ones that are not ignored; nothing when this is no git checkout.
fn tracked(root: &Path) -> Option<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .ok()?;
    let text = listed.status.success().then(|| String::from_utf8(listed.stdout).ok())??;
    Some(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn walk(root: &Path, folder: &Path, paths: &mut Vec<String>) -> Result<(), Fault> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !SKIPPED.iter().any(|skipped| entry.file_name() == *skipped) {
                walk(root, &entry.path(), paths)?;
            }
        } else if kind.is_file() {
            paths.push(entry.path().strip_prefix(root)?.to_string_lossy().into_owned());
        }
    }
    Ok(())
}
