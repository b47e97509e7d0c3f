//! Moments as people and protocols write them. Inside they are milliseconds since 1970; here is the arithmetic between
//! the two. It is pure: nothing here knows what time it is.

const MS_PER_SEC: i64 = 1_000;
const SECS_PER_DAY: i64 = 86_400;

/// A date and a time of day of the proleptic Gregorian calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// The year; 0 is the one before 1.
    pub year: i64,
    /// From 1 to 12.
    pub month: i64,
    /// From 1 to 31.
    pub day: i64,
    /// From 0 to 23.
    pub hour: i64,
    /// From 0 to 59.
    pub minute: i64,
    /// From 0 to 59; a leap second, 60, is read as the second after.
    pub second: i64,
    /// From 0 to 999.
    pub ms: i64,
}

impl Civil {
    /// The date and time of milliseconds since 1970.
    pub fn of_ms(at_ms: i64) -> Self {
        let (secs, ms) = (at_ms.div_euclid(MS_PER_SEC), at_ms.rem_euclid(MS_PER_SEC));
        let (days, of_day) = (secs.div_euclid(SECS_PER_DAY), secs.rem_euclid(SECS_PER_DAY));
        let (year, month, day) = civil_from_days(days);
        Self { year, month, day, hour: of_day / 3_600, minute: of_day / 60 % 60, second: of_day % 60, ms }
    }

    /// Milliseconds since 1970, if each part is within its range and the year has at most four digits. The thirty-first
    /// of a shorter month is let through as the first days of the next: none of AWS's parsers is known to mind.
    pub fn to_ms(self) -> Option<i64> {
        let fits = (0..=9999).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=31).contains(&self.day)
            && (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..=60).contains(&self.second)
            && (0..MS_PER_SEC).contains(&self.ms);
        let days = days_from_civil(self.year, self.month, self.day);
        let secs = days * SECS_PER_DAY + self.hour * 3_600 + self.minute * 60 + self.second;
        fits.then_some(secs * MS_PER_SEC + self.ms)
    }
}

/// `2026-11-20T20:40:00.123Z`.
pub fn iso8601_ms(at_ms: i64) -> String {
    let Civil { year, month, day, hour, minute, second, ms } = Civil::of_ms(at_ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// `2026-11-20T20:40:00Z`.
pub fn iso8601(at_ms: i64) -> String {
    let Civil { year, month, day, hour, minute, second, .. } = Civil::of_ms(at_ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads `2026-11-20T20:40:00Z`, with or without a fraction of a second; the zone is `Z`, as SDKs write it.
pub fn parse_iso8601(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.splitn(3, '-').map(digits);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut time = time.splitn(3, ':').map(digits);
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    digits(fraction)?;
    let ms = digits(format!("{fraction:0<3}").get(..3)?)?;
    Civil { year, month, day, hour, minute, second, ms }.to_ms()
}

/// `20261120T204000Z`, the basic form, which signatures know.
pub fn basic(at_ms: i64) -> String {
    let Civil { year, month, day, hour, minute, second, .. } = Civil::of_ms(at_ms);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// Reads `20261120T204000Z`.
pub fn parse_basic(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    if date.len() != 8 || time.len() != 6 {
        return None;
    }
    let part = |text: &str, from: usize, to: usize| digits(text.get(from..to)?);
    let (year, month, day) = (part(date, 0, 4)?, part(date, 4, 6)?, part(date, 6, 8)?);
    let (hour, minute, second) = (part(time, 0, 2)?, part(time, 2, 4)?, part(time, 4, 6)?);
    Civil { year, month, day, hour, minute, second, ms: 0 }.to_ms()
}

fn digits(text: &str) -> Option<i64> {
    let plain = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Year, month and day of a day since 1970-01-01, after Howard Hinnant's algorithms: years are counted from March, so
/// that the leap day is the last of its year.
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since 1970-01-01 of year, month and day.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = (month + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_back_as_they_were() {
        for (at_ms, extended, short) in [
            (0, "1970-01-01T00:00:00.000Z", "19700101T000000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z", "20000229T000000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z", "20000301T000000Z"),
            (1_440_938_160_000, "2015-08-30T12:36:00.000Z", "20150830T123600Z"),
            (1_709_251_199_000, "2024-02-29T23:59:59.000Z", "20240229T235959Z"),
            (253_402_300_799_000, "9999-12-31T23:59:59.000Z", "99991231T235959Z"),
        ] {
            assert_eq!((iso8601_ms(at_ms).as_str(), basic(at_ms).as_str()), (extended, short));
            assert_eq!(
                (parse_iso8601(extended), parse_basic(short)),
                (Some(at_ms), Some(at_ms)),
                "{extended}"
            );
        }
        assert_eq!(iso8601(1_795_207_200_123), "2026-11-20T20:40:00Z");
    }

    #[test]
    fn fractions_of_a_second_are_read_to_the_millisecond() {
        for (text, at_ms) in [
            ("2026-11-20T20:40:00Z", 1_795_207_200_000),
            ("2026-11-20T20:40:00.1Z", 1_795_207_200_100),
            ("2026-11-20T20:40:00.123Z", 1_795_207_200_123),
            ("2026-11-20T20:40:00.123999Z", 1_795_207_200_123),
            ("1969-12-31T23:59:59.999Z", -1),
        ] {
            assert_eq!(parse_iso8601(text), Some(at_ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.äZ",
            "2026-01-01T00:00:00.Z",
            "T:Z",
        ] {
            assert_eq!(parse_iso8601(text), None, "{text}");
        }
        for text in [
            "",
            "2015-08-30T12:36:00Z",
            "20151330T123600Z",
            "20150830T243600Z",
            "20150830T123600 ",
            "2015083T0123600Z",
            "２０15T",
        ] {
            assert_eq!(parse_basic(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_eight_centuries_comes_back() {
        let (mut before, first) = ((1599, 12, 31), days_from_civil(1600, 1, 1));
        for days in first..days_from_civil(2400, 1, 1) {
            let civil = civil_from_days(days);
            assert!(civil > before, "{civil:?} follows {before:?}");
            assert_eq!(days_from_civil(civil.0, civil.1, civil.2), days);
            before = civil;
        }
        assert_eq!(before, (2399, 12, 31));
    }
}
