//! The log: to stderr, in lines for people.

use std::io::IsTerminal;

use tracing_subscriber::filter::LevelFilter;

use crate::config::ConfigError;

/// Reads a level.
pub fn parse_level(text: Option<&str>) -> Result<LevelFilter, ConfigError> {
    let text = text.unwrap_or("info");
    let wrong =
        |_| ConfigError(format!("{text:?} is not a log level; write off, error, warn, info, debug or trace"));
    text.parse().map_err(wrong)
}

/// Starts logging. Only the first call counts: a Rust test may have a log of its own.
pub fn start(level: LevelFilter) {
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        // Whoever reads stderr may go away. To complain of that on stderr would panic, in the midst of any request.
        .log_internal_errors(false);
    // The error would say that somebody else logs already, and that is as good.
    let _ = log.try_init();
}
