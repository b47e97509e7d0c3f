//! The project's own commands, behind one door: `cargo xtask codegen [SERVICE] [--check]` and `cargo xtask tidy`.
//!
//! **Knows** the service models (`models/`), how they become the `api/` folders of the service crates, and the house
//! rules that `docs/CONTRIBUTING.md` describes.
//!
//! **Must not know** what any operation does. It depends on none of our crates, so that it builds when they do not.
//!
//! **Start reading** at [`services`] (what is generated for whom), then [`codegen`] or [`tidy`].
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks on its streams")]

mod codegen;
mod services;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Why a command did not do its work, in a sentence.
type Fault = Box<dyn std::error::Error + Send + Sync>;

const USAGE: &str = "usage: cargo xtask codegen [SERVICE] [--check]\n       cargo xtask tidy";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.split_first() {
        Some((&"codegen", rest)) => {
            let check = rest.contains(&"--check");
            let mut names = rest.iter().filter(|argument| **argument != "--check");
            match (names.next(), names.next()) {
                (name, None) => codegen::run(&root(), name.copied(), check),
                _ => Err(USAGE.into()),
            }
        }
        Some((&"tidy", [])) => tidy::run(&root()),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder: the parent of `crates/xtask`.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}
