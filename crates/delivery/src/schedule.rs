//! When an errand that failed is tried again.

use clock::Clock;

use crate::dead_letter::Exhausted;
use crate::{Backoff, Phases, Schedule};

/// The longest pause between two attempts for EventBridge, in milliseconds.
///
/// AWS tells no formula, only: exponential with jitter, 24 hours, 185 attempts. Doubling from a second up to eight
/// minutes, 185 retries take 23.6 hours, so that this is what both numbers together ask for.
const PAUSE_MAX_MS: i64 = 480_000;

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another one, at this moment.
    At(i64),
    /// Nothing.
    Never(Exhausted),
}

/// Whether an errand is too old for another attempt.
pub(crate) fn is_over(schedule: &Schedule, posted_at_ms: i64, now_ms: i64) -> bool {
    over_at_ms(schedule, posted_at_ms).is_some_and(|over_at_ms| now_ms >= over_at_ms)
}

fn over_at_ms(schedule: &Schedule, posted_at_ms: i64) -> Option<i64> {
    match schedule {
        Schedule::Exponential { age_max_secs, .. } => Some(posted_at_ms + i64::from(*age_max_secs) * 1_000),
        Schedule::Phases(_) | Schedule::Once => None,
    }
}

/// What follows the last of `attempts` attempts, which failed at `now_ms`; nothing before `not_before_ms`, which the
/// endpoint asked for.
pub(crate) fn next(
    schedule: &Schedule,
    attempts: u32,
    posted_at_ms: i64,
    now_ms: i64,
    not_before_ms: Option<i64>,
    clock: &Clock,
) -> Next {
    let pause_ms = match schedule {
        Schedule::Once => None,
        // AWS adds jitter of unknown size; here a retry is to be found where the policy says.
        Schedule::Phases(phases) => phases.delay_secs(attempts).map(|secs| i64::from(secs) * 1_000),
        Schedule::Exponential { retries_max, .. } => {
            (attempts <= *retries_max).then(|| jittered(doubled_ms(attempts), clock))
        }
    };
    let Some(pause_ms) = pause_ms else { return Next::Never(Exhausted::Attempts) };
    let at_ms = (now_ms + pause_ms).max(not_before_ms.unwrap_or_default());
    match over_at_ms(schedule, posted_at_ms) {
        Some(over_at_ms) if now_ms >= over_at_ms => Next::Never(Exhausted::Age),
        // Given up when it is too old, not before: somebody may look at it until then.
        Some(over_at_ms) => Next::At(at_ms.min(over_at_ms)),
        None => Next::At(at_ms),
    }
}

fn doubled_ms(attempts: u32) -> i64 {
    1_000_i64.checked_shl(attempts.saturating_sub(1).min(32)).unwrap_or(PAUSE_MAX_MS).min(PAUSE_MAX_MS)
}

/// A fifth more or less.
fn jittered(pause_ms: i64, clock: &Clock) -> i64 {
    pause_ms - pause_ms / 5 + clock.jitter_ms(pause_ms / 5 * 2)
}

impl Phases {
    /// The pause before a retry, which counts from 1; nothing when there is no such retry.
    ///
    /// AWS: SNS Developer Guide, "Amazon SNS message delivery retries": retries at once, then `min_delay_secs` apart, then
    /// the back-off from `min_delay_secs` to `max_delay_secs`, then `max_delay_secs` apart; `num_retries` is the sum of
    /// all four phases. The guide shows the four functions of the back-off as a graph without formulas. With t running
    /// from 0 at the first to 1 at the last of n + 1 retries of the back-off, and i counting them from 0, the pause is
    ///
    /// - linear: min + (max − min) · t
    /// - arithmetic: min + (max − min) · i(i + 1) / n(n + 1), so that the steps grow by as much each time
    /// - geometric: min · (max / min)^t, so that the pauses grow by the same factor each time
    /// - exponential: min + (max − min) · (2^i − 1) / (2^n − 1), so that the steps double each time
    ///
    /// rounded to seconds. In this order they stay longer near the minimum, as in the guide's graph.
    pub fn delay_secs(&self, retry: u32) -> Option<u32> {
        if retry == 0 || retry > self.num_retries {
            return None;
        }
        let min_ends = self.num_no_delay_retries.saturating_add(self.num_min_delay_retries);
        let backoff_ends = self.num_retries.saturating_sub(self.num_max_delay_retries);
        if retry <= self.num_no_delay_retries {
            Some(0)
        } else if retry <= min_ends {
            Some(self.min_delay_secs)
        } else if retry > backoff_ends {
            Some(self.max_delay_secs)
        } else {
            Some(self.backoff_secs(retry - min_ends - 1, backoff_ends - min_ends - 1))
        }
    }

    /// The pause before retry `index` of the back-off, whose last one is `last`.
    fn backoff_secs(&self, index: u32, last: u32) -> u32 {
        if last == 0 || self.max_delay_secs <= self.min_delay_secs {
            return self.min_delay_secs;
        }
        let (min, max) = (f64::from(self.min_delay_secs), f64::from(self.max_delay_secs));
        let (index, last) = (f64::from(index), f64::from(last));
        let secs = match self.backoff {
            Backoff::Linear => min + (max - min) * index / last,
            Backoff::Arithmetic => min + (max - min) * (index * (index + 1.0)) / (last * (last + 1.0)),
            Backoff::Geometric => min.max(1.0) * (max / min.max(1.0)).powf(index / last),
            Backoff::Exponential => min + (max - min) * (index.exp2() - 1.0) / (last.exp2() - 1.0),
        };
        // Within the two delays, and so within what a u32 can hold; a retry too many to compute is at the end.
        let secs = if secs.is_finite() { secs.round().clamp(min, max) } else { max };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped just above")]
        let secs = secs as u32;
        secs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phases(counts: [u32; 4], delays: [u32; 2], backoff: Backoff) -> Phases {
        Phases {
            num_retries: counts[0],
            num_no_delay_retries: counts[1],
            num_min_delay_retries: counts[2],
            num_max_delay_retries: counts[3],
            min_delay_secs: delays[0],
            max_delay_secs: delays[1],
            backoff,
        }
    }

    #[track_caller]
    fn check(phases: &Phases, expected: &[u32]) {
        let delays: Vec<u32> = (1..).map_while(|retry| phases.delay_secs(retry)).collect();
        assert_eq!(delays, expected, "{phases:?}");
        assert_eq!(phases.delay_secs(0), None);
    }

    #[test]
    fn retries_follow_the_phases() {
        use Backoff::{Arithmetic, Exponential, Geometric, Linear};
        // SNS's default for HTTP/S.
        check(&phases([3, 0, 0, 0], [20, 20], Linear), &[20, 20, 20]);
        check(&phases([0, 0, 0, 0], [20, 20], Linear), &[]);
        check(&phases([8, 1, 2, 2], [5, 50], Linear), &[0, 5, 5, 5, 28, 50, 50, 50]);
        check(&phases([6, 0, 0, 0], [10, 60], Linear), &[10, 20, 30, 40, 50, 60]);
        check(&phases([6, 0, 0, 0], [10, 60], Arithmetic), &[10, 13, 20, 30, 43, 60]);
        check(&phases([6, 0, 0, 0], [10, 60], Geometric), &[10, 14, 20, 29, 42, 60]);
        check(&phases([6, 0, 0, 0], [10, 60], Exponential), &[10, 12, 15, 21, 34, 60]);
        check(&phases([6, 0, 0, 0], [1, 1000], Geometric), &[1, 4, 16, 63, 251, 1000]);
        // The one retry of a back-off is its first.
        check(&phases([3, 1, 1, 0], [1, 9], Exponential), &[0, 1, 1]);
        // No room for a back-off.
        check(&phases([3, 1, 1, 1], [1, 9], Linear), &[0, 1, 9]);
        // More than there are: SNS refuses such a policy; nothing may break here.
        check(&phases([2, 3, 3, 3], [1, 9], Linear), &[0, 0]);
        check(&phases([2, 0, 0, 3], [1, 9], Linear), &[9, 9]);
        check(&phases([3, 0, 0, 0], [30, 10], Linear), &[30, 30, 30]);
    }

    #[test]
    fn a_hundred_retries_stay_within_their_delays() {
        for backoff in [Backoff::Linear, Backoff::Arithmetic, Backoff::Geometric, Backoff::Exponential] {
            let phases = phases([100, 0, 0, 0], [0, 3600], backoff);
            let delays: Vec<u32> = (1..=100).filter_map(|retry| phases.delay_secs(retry)).collect();
            assert!(delays.is_sorted(), "{backoff:?}");
            assert_eq!((delays.len(), delays[99]), (100, 3600), "{backoff:?}");
        }
    }

    #[test]
    fn events_are_tried_185_times_in_a_day() {
        let clock = Clock::steered_with_seed(0, 1);
        let schedule = Schedule::Exponential { retries_max: 185, age_max_secs: 86_400 };
        let (mut now_ms, mut attempts) = (0, 1);
        while let Next::At(at_ms) = next(&schedule, attempts, 0, now_ms, None, &clock) {
            assert!(at_ms > now_ms);
            (now_ms, attempts) = (at_ms, attempts + 1);
        }
        assert_eq!(attempts, 186);
        assert!((80_000_000..86_400_000).contains(&now_ms), "{now_ms}");
    }

    #[test]
    fn the_first_limit_ends_it() {
        let clock = Clock::steered(0);
        let schedule = Schedule::Exponential { retries_max: 2, age_max_secs: 60 };
        let next = |attempts, now_ms, not_before| next(&schedule, attempts, 0, now_ms, not_before, &clock);
        assert!(matches!(next(1, 0, None), Next::At(800..=1_200)));
        assert!(matches!(next(2, 0, None), Next::At(1_600..=2_400)));
        assert_eq!(next(3, 0, None), Next::Never(Exhausted::Attempts));
        assert_eq!(next(1, 60_000, None), Next::Never(Exhausted::Age));
        assert_eq!(next(1, 0, Some(30_000)), Next::At(30_000));
        // Too late is given up when it is too late.
        assert_eq!(next(1, 0, Some(90_000)), Next::At(60_000));
        assert!(is_over(&schedule, 0, 60_000) && !is_over(&schedule, 0, 59_999));
        assert!(matches!(
            super::next(&Schedule::Once, 1, 0, 0, None, &clock),
            Next::Never(Exhausted::Attempts)
        ));
    }
}
