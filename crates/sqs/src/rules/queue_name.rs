//! Queue names. AWS: API_CreateQueue, QueueName.

use service::Error;

use crate::errors::invalid_parameter;

/// What a FIFO queue's name ends with.
pub(crate) const FIFO_SUFFIX: &str = ".fifo";

/// Refuses a name no queue can have.
pub(crate) fn check(name: &str, fifo: bool) -> Result<(), Error> {
    if fifo {
        let fits = name.strip_suffix(FIFO_SUFFIX).is_some_and(|stem| fits(stem, 80 - FIFO_SUFFIX.len()));
        return if fits { Ok(()) } else { Err(not_a_fifo_name()) };
    }
    if fits(name, 80) { Ok(()) } else { Err(not_a_name()) }
}

fn fits(name: &str, longest: usize) -> bool {
    (1..=longest).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn not_a_name() -> Error {
    invalid_parameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
}

fn not_a_fifo_name() -> Error {
    invalid_parameter(
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, \
         must end with .fifo suffix and be 1 to 80 in length.",
    )
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn names_are_told_from_what_is_none() {
        for (name, fifo, fits) in [
            ("orders", false, true),
            ("Orders-2_b", false, true),
            (&"a".repeat(80), false, true),
            (&"a".repeat(81), false, false),
            ("", false, false),
            ("a b", false, false),
            ("orders.fifo", false, false),
            ("ördrs", false, false),
            ("orders.fifo", true, true),
            ("orders", true, false),
            (".fifo", true, false),
            (&format!("{}.fifo", "a".repeat(75)), true, true),
            (&format!("{}.fifo", "a".repeat(76)), true, false),
        ] {
            assert_eq!(check(name, fifo).is_ok(), fits, "{name} (fifo: {fifo})");
        }
    }
}
