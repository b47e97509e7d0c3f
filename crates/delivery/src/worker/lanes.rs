//! Lanes: at most so many calls a second of those that share one.
//!
//! A lane gives each call a turn. The turns of calls that have to wait are written down in the outbox, so that no row is
//! looked at again before it is its turn, a steered clock makes them exactly then, and a restart knows them.

use std::collections::HashMap;

use crate::Pace;
use crate::store::outbox::LastTurn;

/// More lanes than these are looked through for ones that nobody waits in.
const LANES_KEPT: usize = 1_024;

/// What a lane says to a call that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    /// In milliseconds since 1970.
    At(i64),
}

/// For each lane the next turn it has to give, in microseconds since 1970: there may be a million calls a second.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    next_us: HashMap<String, i64>,
}

impl Lanes {
    pub(super) fn new(turns: &[LastTurn]) -> Self {
        let mut lanes = Self::default();
        for LastTurn { pace, at_ms } in turns {
            let next_us = at_ms.saturating_mul(1_000).saturating_add(interval_us(pace));
            let lane = lanes.next_us.entry(pace.lane.clone()).or_default();
            *lane = next_us.max(*lane);
        }
        lanes
    }

    /// Gives a call a turn.
    pub(super) fn take(&mut self, pace: &Pace, now_ms: i64) -> Turn {
        let now_us = now_ms.saturating_mul(1_000);
        if self.next_us.len() > LANES_KEPT {
            self.next_us.retain(|_, next_us| *next_us > now_us);
        }
        let next_us = self.next_us.get(&pace.lane).copied().unwrap_or_default();
        // A millisecond that began before the turn is not lost: the clock knows no parts of one.
        let turn_us = next_us.max(now_us.saturating_sub(999));
        self.next_us.insert(pace.lane.clone(), turn_us.saturating_add(interval_us(pace)));
        if turn_us <= now_us { Turn::Now } else { Turn::At(turn_us.saturating_add(999) / 1_000) }
    }
}

fn interval_us(pace: &Pace) -> i64 {
    1_000_000 / i64::from(pace.per_second.clamp(1, 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(per_second: u32) -> Pace {
        Pace { lane: "lane".to_owned(), per_second }
    }

    #[test]
    fn turns_are_as_far_apart_as_the_pace_says() {
        let mut lanes = Lanes::default();
        let turns: Vec<Turn> = (0..4).map(|_| lanes.take(&pace(2), 10_000)).collect();
        assert_eq!(turns, [Turn::Now, Turn::At(10_500), Turn::At(11_000), Turn::At(11_500)]);
        // An empty lane has no turns saved up.
        assert_eq!(lanes.take(&pace(2), 60_000), Turn::Now);
        assert!(matches!(lanes.take(&pace(2), 60_000), Turn::At(60_499..=60_500)));
    }

    #[test]
    fn many_calls_fit_into_a_second() {
        let mut lanes = Lanes::default();
        let at = |turn| match turn {
            Turn::Now => 0,
            Turn::At(at_ms) => at_ms,
        };
        let turns: Vec<i64> = (0..301).map(|_| at(lanes.take(&pace(300), 0))).collect();
        assert_eq!(turns.iter().filter(|turn| **turn < 1_000).count(), 300);
    }

    #[test]
    fn a_restart_goes_on_behind_the_last_turn() {
        let mut lanes = Lanes::new(&[LastTurn { pace: pace(1), at_ms: 5_000 }]);
        assert_eq!(lanes.take(&pace(1), 0), Turn::At(6_000));
    }
}
