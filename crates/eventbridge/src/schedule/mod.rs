//! When a scheduled rule is due.
//!
//! *Start at* [`Schedule::parse`] and [`Schedule::next_after`]. All of it is UTC and knows no present: the caller says
//! after which moment. `fields.rs` has the fields of a cron expression, `days.rs` its days.

mod cron;
mod days;
mod fields;
#[cfg(test)]
mod tests;

use std::fmt;

use cron::Cron;

const MS_PER_MINUTE: i64 = 60_000;

/// When a rule is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// So many milliseconds apart, counted from when the rule was made.
    Rate(i64),
    Cron(Cron),
}

/// The text is no schedule expression. AWS says no more than that of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASchedule;

impl fmt::Display for NotASchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parameter ScheduleExpression is not valid.")
    }
}

impl std::error::Error for NotASchedule {}

impl Schedule {
    /// Reads `rate(…)` or `cron(…)`.
    pub fn parse(text: &str) -> Result<Self, NotASchedule> {
        let inside = text.strip_suffix(')').ok_or(NotASchedule)?;
        let kind = if let Some(rate) = inside.strip_prefix("rate(") {
            period_ms(rate).map(Kind::Rate)
        } else {
            inside.strip_prefix("cron(").and_then(Cron::parse).map(Kind::Cron)
        };
        kind.map(Self).ok_or(NotASchedule)
    }

    /// The first moment after `after_ms` when a rule made at `created_ms` is due; none if it never is again. AWS: a rate
    /// starts when its rule is made, so the first moment is one period later. Where a clock was set back to before that,
    /// a period has to pass as well, and the beat stays the same.
    pub fn next_after(&self, after_ms: i64, created_ms: i64) -> Option<i64> {
        match &self.0 {
            Kind::Rate(period_ms) => {
                let passed = after_ms.checked_sub(created_ms)? / period_ms;
                created_ms.checked_add(passed.checked_add(1)?.checked_mul(*period_ms)?)
            }
            Kind::Cron(cron) => cron.next_after(after_ms),
        }
    }
}

/// `5 minutes`. Recorded: one space exactly, lower case, and the unit in the singular of 1 alone.
fn period_ms(text: &str) -> Option<i64> {
    let (count, unit) = text.split_once(' ')?;
    let count: i64 = count.bytes().all(|byte| byte.is_ascii_digit()).then(|| count.parse().ok())??;
    let minutes = match unit {
        "minute" | "minutes" => 1,
        "hour" | "hours" => 60,
        "day" | "days" => 24 * 60,
        _ => return None,
    };
    let agrees = count > 0 && (count == 1) != unit.ends_with('s');
    agrees.then(|| count.checked_mul(minutes * MS_PER_MINUTE)).flatten()
}
