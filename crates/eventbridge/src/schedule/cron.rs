//! Cron expressions.

use clock::calendar::{self, Civil};

use super::MS_PER_MINUTE;
use super::days::{self, Days};
use super::fields::{HOURS, MINUTES, MONTHS, Values, YEARS};

const MINUTES_PER_DAY: i64 = 24 * 60;

/// The six fields, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cron {
    minutes: Values,
    hours: Values,
    days: Days,
    months: Values,
    years: Values,
}

impl Cron {
    /// `min hour day-of-month month day-of-week year`, with white space between them and none around.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.trim() != text {
            return None;
        }
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let &[minutes, hours, of_month, month, of_week, year] = fields.as_slice() else { return None };
        Some(Self {
            minutes: MINUTES.parse(minutes)?,
            hours: HOURS.parse(hours)?,
            days: Days::parse(of_month, of_week)?,
            months: MONTHS.parse(month)?,
            years: YEARS.parse(year)?,
        })
    }

    /// The first minute that begins after a moment.
    pub(super) fn next_after(&self, after_ms: i64) -> Option<i64> {
        let minute = after_ms.div_euclid(MS_PER_MINUTE).checked_add(1)?.max(0);
        let from = Civil::of_ms(minute.checked_mul(MS_PER_MINUTE)?);
        let (mut month, mut day, mut of_day) = (from.month, from.day, from.hour * 60 + from.minute);
        for year in from.year..=i64::from(YEARS.max) {
            while self.years.has(year) && month <= 12 {
                if let Some((day, of_day)) = self.within_month(year, month, day, of_day) {
                    let days = calendar::days_from_civil(year, month, day);
                    return Some((days * MINUTES_PER_DAY + of_day) * MS_PER_MINUTE);
                }
                (month, day, of_day) = (month + 1, 1, 0);
            }
            (month, day, of_day) = (1, 1, 0);
        }
        None
    }

    /// The first day, and minute of that day, from those given to the end of the month.
    fn within_month(&self, year: i64, month: i64, day: i64, of_day: i64) -> Option<(i64, i64)> {
        if !self.months.has(month) {
            return None;
        }
        let mut from = of_day;
        for day in day..=days::length_of_month(year, month) {
            if self.days.has(year, month, day)
                && let Some(of_day) = self.within_day(from)
            {
                return Some((day, of_day));
            }
            from = 0;
        }
        None
    }

    fn within_day(&self, from: i64) -> Option<i64> {
        (from..MINUTES_PER_DAY).find(|of_day| self.hours.has(of_day / 60) && self.minutes.has(of_day % 60))
    }
}
