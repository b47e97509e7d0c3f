//! Cron expressions read the slow way: every minute is asked whether each field has it. Shares no code with the parser but
//! the calendar.

use super::{Civil, calendar};

const DAY_MS: i64 = 86_400_000;
const HORIZON_DAYS: i64 = 1_500;

/// Up to here the naive reading looks.
pub(super) fn horizon(after_ms: i64) -> i64 {
    (after_ms.div_euclid(DAY_MS) + HORIZON_DAYS) * DAY_MS
}

pub(super) struct Expression {
    fields: Vec<String>,
}

impl Expression {
    pub(super) fn read(text: &str) -> Self {
        let inside = text.trim_start_matches("cron(").trim_end_matches(')');
        Self { fields: inside.split_whitespace().map(str::to_owned).collect() }
    }

    pub(super) fn next_after(&self, after_ms: i64) -> Option<i64> {
        let mut at_ms = (after_ms.div_euclid(60_000) + 1) * 60_000;
        while at_ms < horizon(after_ms) {
            let civil = Civil::of_ms(at_ms);
            if !self.has_day(civil) {
                at_ms = (at_ms.div_euclid(DAY_MS) + 1) * DAY_MS;
                continue;
            }
            if list(&self.fields[1], civil.hour, (0, 23)) && list(&self.fields[0], civil.minute, (0, 59)) {
                return Some(at_ms);
            }
            at_ms += 60_000;
        }
        None
    }

    fn has_day(&self, civil: Civil) -> bool {
        list(&self.fields[5], civil.year, (1970, 2199))
            && list(&self.fields[3], civil.month, (1, 12))
            && of_month(&self.fields[2], civil)
            && of_week(&self.fields[4], civil)
    }
}

/// Asks each item of a list by walking its range from the beginning, around the end if it has to.
fn list(text: &str, value: i64, (min, max): (i64, i64)) -> bool {
    text.split(',').any(|item| {
        let (range, step) = item.split_once('/').unwrap_or((item, "1"));
        let step: i64 = step.parse().expect("a step");
        let (mut at, last) = match range.split_once('-') {
            _ if range == "*" => (min, max),
            Some((first, last)) => (number(first), number(last)),
            None if item.contains('/') => (number(range), max),
            None => (number(range), number(range)),
        };
        let mut passed = 0;
        loop {
            if at == value && passed % step == 0 {
                return true;
            }
            if at == last {
                return false;
            }
            at = if at == max { min } else { at + 1 };
            passed += 1;
        }
    })
}

fn number(text: &str) -> i64 {
    const NAMES: &str =
        "SUN1 MON2 TUE3 WED4 THU5 FRI6 SAT7 JAN1 FEB2 MAR3 APR4 MAY5 JUN6 JUL7 AUG8 SEP9 OCT10 NOV11 DEC12";
    let named = NAMES.split(' ').find_map(|name| name.strip_prefix(text));
    named
        .filter(|_| text.len() == 3 && !text.starts_with(|first: char| first.is_ascii_digit()))
        .unwrap_or(text)
        .parse()
        .expect("a number")
}

/// From 1, a Sunday: 2000-01-02 was one.
fn day_of_week(civil: Civil) -> i64 {
    let days = calendar::days_from_civil(civil.year, civil.month, civil.day);
    (days - calendar::days_from_civil(2000, 1, 2)).rem_euclid(7) + 1
}

fn length(civil: Civil) -> i64 {
    let leap = civil.year % 4 == 0 && (civil.year % 100 != 0 || civil.year % 400 == 0);
    match civil.month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn of_month(text: &str, civil: Civil) -> bool {
    // The weekday of the month with the least distance; a day before is nearer than one after.
    let nearest = |target: i64| {
        let weekdays =
            (1..=length(civil)).filter(|day| (2..=6).contains(&day_of_week(Civil { day: *day, ..civil })));
        weekdays.min_by_key(|day| ((day - target).abs(), *day))
    };
    match text {
        "?" => true,
        "L" => civil.day == length(civil),
        "LW" => Some(civil.day) == nearest(length(civil)),
        _ => match text.strip_suffix('W').map(number) {
            Some(target) => target <= length(civil) && Some(civil.day) == nearest(target),
            None => list(text, civil.day, (1, 31)),
        },
    }
}

fn of_week(text: &str, civil: Civil) -> bool {
    if text == "?" {
        return true;
    }
    if text == "L" {
        return day_of_week(civil) == 7;
    }
    if let Some(day) = text.strip_suffix('L') {
        return day_of_week(civil) == number(day) && civil.day > length(civil) - 7;
    }
    if let Some((day, nth)) = text.split_once('#') {
        let before =
            (1..=civil.day).filter(|day| day_of_week(Civil { day: *day, ..civil }) == day_of_week(civil));
        return day_of_week(civil) == number(day) && i64::try_from(before.count()) == Ok(number(nth));
    }
    list(text, day_of_week(civil), (1, 7))
}
