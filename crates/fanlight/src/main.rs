//! The `fanlight` command. All it does is in the library, where tests can reach it.

use std::io::{self, Write};
use std::process::ExitCode;

use fanlight::cli::{Command, environment, exports, health, serve};

/// Takes a tenth of a request's time less than glibc's: a request makes some sixty small allocations, which come and go
/// within it. Without huge pages, which would double what an idle server holds.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What was asked for cannot be done: a flag, a file, a directory or an address is wrong.
const REFUSED: u8 = 2;

fn main() -> ExitCode {
    let cli = environment::command_line();
    match cli.command {
        None => done(serve::run(cli.serve)),
        Some(Command::Serve(flags)) => done(serve::run(*flags)),
        Some(Command::Env(flags)) => done(exports::exports(&flags).and_then(print)),
        Some(Command::Health { endpoint }) => match health::health(endpoint) {
            Ok(page) => done(print(format!("{page}\n"))),
            Err(problem) => failed(&problem, 1),
        },
    }
}

fn print(text: String) -> Result<(), fanlight::config::ConfigError> {
    let written = io::stdout().write_all(text.as_bytes());
    written.map_err(|error| fanlight::config::ConfigError(format!("cannot write: {error}")))
}

fn done<E: std::fmt::Display>(result: Result<(), E>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string(), REFUSED),
    }
}

fn failed(problem: &str, code: u8) -> ExitCode {
    // If not even stderr can be written, the exit code has to say it all.
    let _ = writeln!(io::stderr(), "fanlight: {problem}");
    ExitCode::from(code)
}
