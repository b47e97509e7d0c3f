//! Topic names. AWS: API_CreateTopic, Name.

use service::Error;

use crate::errors::invalid_parameter;

/// What the name of a FIFO topic ends with.
const FIFO_SUFFIX: &str = ".fifo";

const CHARS_MAX: usize = 256;

/// Whether this is the name of a FIFO topic.
pub(crate) fn is_fifo(name: &str) -> bool {
    name.ends_with(FIFO_SUFFIX)
}

/// Refuses a name no topic of this type can have.
pub(crate) fn check(name: &str, fifo: bool) -> Result<(), Error> {
    let stem = if fifo { name.strip_suffix(FIFO_SUFFIX) } else { Some(name) };
    let fits = stem.is_some_and(|stem| {
        !stem.is_empty()
            && name.len() <= CHARS_MAX
            && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    });
    if fits { Ok(()) } else { Err(invalid_parameter("Topic Name")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let (longest, too_long) = ("a".repeat(256), "a".repeat(257));
        let longest_fifo = format!("{}.fifo", "a".repeat(251));
        for (name, fifo, fits) in [
            ("orders", false, true),
            ("Orders-1_x", false, true),
            (longest.as_str(), false, true),
            (too_long.as_str(), false, false),
            (longest_fifo.as_str(), true, true),
            ("", false, false),
            ("orders.fifo", true, true),
            ("orders.fifo", false, false),
            ("orders", true, false),
            (".fifo", true, false),
            ("a.b", false, false),
            ("a.b.fifo", true, false),
            ("a b", false, false),
            ("a:b", false, false),
            ("é", false, false),
        ] {
            assert_eq!(check(name, fifo).is_ok(), fits, "{name}");
        }
    }
}
