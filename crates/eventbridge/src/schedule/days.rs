//! Which days of a month a cron expression means. One of its two fields for days says so, the other one is `?`.

use clock::calendar;

use super::fields::{self, DAYS_OF_MONTH, DAYS_OF_WEEK, Values};

const SATURDAY: u32 = 7;
const SUNDAY: i64 = 1;

/// A rule for the days of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Days {
    /// These days of the month.
    OfMonth(Values),
    /// `L`: the last day of the month.
    Last,
    /// `LW`: its last weekday.
    LastWeekday,
    /// `3W`: the weekday nearest to a day, in the same month.
    NearestWeekday(i64),
    /// These days of the week, 1 being Sunday.
    OfWeek(Values),
    /// `6L`: the last one of this day of the week in a month.
    LastOfWeek(i64),
    /// `3#2`: a day of the week, and the how-manieth of the month.
    NthOfWeek(i64, i64),
}

impl Days {
    /// Reads the fields *day of month* and *day of week*. `L`, `W` and `#` stand alone in their field.
    pub(super) fn parse(of_month: &str, of_week: &str) -> Option<Self> {
        match (of_month, of_week) {
            // Either both or none: AWS refuses it.
            ("?", "?") => None,
            (_, "?") => Self::parse_of_month(of_month),
            ("?", _) => Self::parse_of_week(of_week),
            _ => None,
        }
    }

    fn parse_of_month(text: &str) -> Option<Self> {
        match text {
            "L" => return Some(Self::Last),
            "LW" => return Some(Self::LastWeekday),
            _ => {}
        }
        if let Some(day) = text.strip_suffix('W') {
            return DAYS_OF_MONTH.value(day).map(|day| Self::NearestWeekday(i64::from(day)));
        }
        DAYS_OF_MONTH.parse(text).map(Self::OfMonth)
    }

    fn parse_of_week(text: &str) -> Option<Self> {
        if text == "L" {
            // The last day of the week.
            return DAYS_OF_WEEK.parse(&SATURDAY.to_string()).map(Self::OfWeek);
        }
        if let Some(day) = text.strip_suffix('L') {
            return DAYS_OF_WEEK.value(day).map(|day| Self::LastOfWeek(i64::from(day)));
        }
        if let Some((day, nth)) = text.split_once('#') {
            let nth = fields::number(nth).filter(|nth| (1..=5).contains(nth))?;
            return DAYS_OF_WEEK.value(day).map(|day| Self::NthOfWeek(i64::from(day), i64::from(nth)));
        }
        DAYS_OF_WEEK.parse(text).map(Self::OfWeek)
    }

    /// Whether a day of a month is meant.
    pub(super) fn has(&self, year: i64, month: i64, day: i64) -> bool {
        let calendar_month = Month { year, month };
        let length = length_of_month(year, month);
        match self {
            Self::OfMonth(values) => values.has(day),
            Self::Last => day == length,
            Self::LastWeekday => day == calendar_month.nearest_weekday(length, length),
            Self::NearestWeekday(target) => {
                *target <= length && day == calendar_month.nearest_weekday(*target, length)
            }
            Self::OfWeek(values) => values.has(calendar_month.day_of_week(day)),
            Self::LastOfWeek(wanted) => calendar_month.day_of_week(day) == *wanted && day + 7 > length,
            Self::NthOfWeek(wanted, nth) => {
                calendar_month.day_of_week(day) == *wanted && (day + 6) / 7 == *nth
            }
        }
    }
}

/// A month, to ask for its days of the week.
struct Month {
    year: i64,
    month: i64,
}

impl Month {
    /// From 1, a Sunday, to 7.
    fn day_of_week(&self, day: i64) -> i64 {
        // 1970 began with a Thursday.
        (calendar::days_from_civil(self.year, self.month, day) + 4).rem_euclid(7) + 1
    }

    /// A Saturday gives way to the Friday before, a Sunday to the Monday after, but not across the month's ends.
    fn nearest_weekday(&self, day: i64, length: i64) -> i64 {
        match self.day_of_week(day) {
            SUNDAY if day == length => day - 2,
            SUNDAY => day + 1,
            weekday if weekday == i64::from(SATURDAY) && day == 1 => day + 2,
            weekday if weekday == i64::from(SATURDAY) => day - 1,
            _ => day,
        }
    }
}

/// From 28 to 31.
pub(super) fn length_of_month(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    calendar::days_from_civil(next_year, next_month, 1) - calendar::days_from_civil(year, month, 1)
}
