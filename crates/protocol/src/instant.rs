//! Instants as text: ISO 8601 in XML and query, epoch seconds in JSON. Inside they are epoch milliseconds.

const MS_PER_SEC: i64 = 1000;
const SECS_PER_DAY: i64 = 86_400;

/// `2026-11-20T20:40:00.123Z`.
pub(crate) fn iso8601(at_ms: i64) -> String {
    let (secs, ms) = (at_ms.div_euclid(MS_PER_SEC), at_ms.rem_euclid(MS_PER_SEC));
    let (days, of_day) = (secs.div_euclid(SECS_PER_DAY), secs.rem_euclid(SECS_PER_DAY));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

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

/// Reads `2026-11-20T20:40:00Z`, with or without a fraction; the zone is `Z`, as SDKs write it.
pub(crate) fn parse_iso8601(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z')?;
    let (date, time) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(digits);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut time = time.splitn(3, ':').map(digits);
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let in_range = (0..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    if !in_range {
        return None;
    }
    digits(fraction)?;
    let ms = digits(&format!("{:0<3}", fraction)[..3])?;
    let secs = days_from_civil(year, month, day) * SECS_PER_DAY + hour * 3600 + minute * 60 + second;
    Some(secs * MS_PER_SEC + ms)
}

fn digits(text: &str) -> Option<i64> {
    let plain = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Days since 1970-01-01 to year, month, day of the proleptic Gregorian calendar. Years are counted from March, so
/// that the leap day is the last of its year.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_come_back_as_they_were() {
        for (at_ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_207_200_123, "2026-11-20T20:40:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso8601(at_ms), text);
            assert_eq!(parse_iso8601(text), Some(at_ms));
        }
    }

    #[test]
    fn seconds_have_the_decimals_they_need() {
        let seconds = [(0, "0"), (1500, "1.5"), (1_700_000_000_123, "1700000000.123"), (-1500, "-1.5")];
        for (at_ms, text) in seconds {
            assert_eq!(epoch_seconds(at_ms), text);
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in
            ["", "2026", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.äZ", "T:Z"]
        {
            assert_eq!(parse_iso8601(text), None, "{text}");
        }
    }
}
