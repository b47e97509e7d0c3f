//! Instants as text: ISO 8601 in XML and query, epoch seconds in JSON. Inside they are epoch milliseconds.

pub(crate) use clock::calendar::{iso8601_ms as iso8601, parse_iso8601};

/// Epoch seconds with as many decimals as are needed, at most three: `1700000000`, `1700000000.5`.
pub(crate) fn epoch_seconds(at_ms: i64) -> String {
    let sign = if at_ms < 0 { "-" } else { "" };
    let magnitude = at_ms.unsigned_abs();
    let (secs, ms) = (magnitude / 1000, magnitude % 1000);
    match ms {
        0 => format!("{sign}{secs}"),
        _ => format!("{sign}{secs}.{ms:03}").trim_end_matches('0').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_the_decimals_they_need() {
        let seconds = [(0, "0"), (1500, "1.5"), (1_700_000_000_123, "1700000000.123"), (-1500, "-1.5")];
        for (at_ms, text) in seconds {
            assert_eq!(epoch_seconds(at_ms), text);
        }
    }
}
