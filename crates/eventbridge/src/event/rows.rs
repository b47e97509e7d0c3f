//! Rows of the corpus: cases with AWS's own answers. They quote public projects and are not part of this repository: they
//! are read from `../shared/corpus` (or `$FANLIGHT_CORPUS`) where that is, and skipped, counted, where it is not.

#![allow(clippy::print_stdout, reason = "says how many rows were there")]

use std::path::PathBuf;

use serde_json::Value;

/// The rows of a file, none if it is not there.
pub(crate) fn of(name: &str) -> Vec<Value> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let elsewhere = std::env::var_os("FANLIGHT_CORPUS").map(PathBuf::from);
    let places = [elsewhere, Some(here.join("../../../shared/corpus"))].into_iter().flatten();
    let Some(text) = places.map(|place| place.join(name)).find_map(|path| std::fs::read_to_string(path).ok())
    else {
        println!("{name}: not here, skipped");
        return Vec::new();
    };
    let rows: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect();
    println!("{name}: {} rows", rows.len());
    rows
}
