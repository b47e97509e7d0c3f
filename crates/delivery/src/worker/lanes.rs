//! Lanes: at most so many calls in any one second of those that share one.
//!
//! A lane gives each call a turn: at once as long as the second behind it has room, so that as many calls as the pace
//! allows may come together; later when it is full. The turns of calls that have to wait are written down in the outbox,
//! so that no row is looked at again before it is its turn, a steered clock makes them exactly then, and a restart knows
//! them.

use std::collections::{HashMap, VecDeque};

use crate::Pace;
use crate::store::outbox::Turns;

/// How long a turn counts.
pub(crate) const SECOND_MS: i64 = 1_000;

/// More lanes than these are looked through for ones whose turns count no longer.
const LANES_KEPT: usize = 1_024;

/// What a lane says to a call that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    /// In milliseconds since 1970.
    At(i64),
}

/// The turns of every lane that count still or are to come.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: HashMap<String, Lane>,
}

/// When its turns are, and how many at each moment, the earliest first.
#[derive(Debug, Default)]
struct Lane {
    turns: VecDeque<(i64, u64)>,
    /// The moment it was last asked at.
    asked_ms: i64,
}

impl Lanes {
    pub(super) fn new(turns: &[Turns]) -> Self {
        let mut lanes = Self::default();
        for Turns { lane, at_ms, count } in turns {
            lanes.lanes.entry(lane.clone()).or_default().turns.push_back((*at_ms, *count));
        }
        lanes
    }

    /// Gives a call a turn.
    pub(super) fn take(&mut self, pace: &Pace, now_ms: i64) -> Turn {
        if self.lanes.len() > LANES_KEPT {
            self.lanes.retain(|_, lane| lane.turns.back().is_some_and(|(at_ms, _)| counts(*at_ms, now_ms)));
        }
        let lane = self.lanes.entry(pace.lane.clone()).or_default();
        let at_ms = lane.take(u64::from(pace.per_second.max(1)), now_ms);
        if at_ms <= now_ms { Turn::Now } else { Turn::At(at_ms) }
    }
}

/// Whether a turn still bears on one that is given now.
fn counts(at_ms: i64, now_ms: i64) -> bool {
    at_ms > now_ms.saturating_sub(SECOND_MS)
}

impl Lane {
    /// The earliest moment, from now on and not before the last turn, that has fewer than `most` turns in the second that
    /// ends with it.
    fn take(&mut self, most: u64, now_ms: i64) -> i64 {
        if now_ms < self.asked_ms {
            // The clock was set back: turns that were taken since are of a time that is yet to come.
            self.turns.retain(|(at_ms, _)| *at_ms <= now_ms || *at_ms > self.asked_ms);
        }
        self.asked_ms = now_ms;
        while self.turns.front().is_some_and(|(at_ms, _)| !counts(*at_ms, now_ms)) {
            self.turns.pop_front();
        }
        let mut seen = 0_u64;
        let full = self.turns.iter().rev().find(|(_, count)| {
            seen = seen.saturating_add(*count);
            seen >= most
        });
        let room_ms = full.map_or(now_ms, |(at_ms, _)| at_ms.saturating_add(SECOND_MS));
        let last_ms = self.turns.back().map_or(now_ms, |(at_ms, _)| *at_ms);
        let turn_ms = now_ms.max(room_ms).max(last_ms);
        match self.turns.back_mut() {
            Some((at_ms, count)) if *at_ms == turn_ms => *count = count.saturating_add(1),
            _ => self.turns.push_back((turn_ms, 1)),
        }
        turn_ms
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pace(per_second: u32) -> Pace {
        Pace { lane: "lane".to_owned(), per_second }
    }

    fn at(turn: Turn, now_ms: i64) -> i64 {
        match turn {
            Turn::Now => now_ms,
            Turn::At(at_ms) => at_ms,
        }
    }

    #[test]
    fn as_many_come_together_as_the_pace_allows() {
        let mut lanes = Lanes::default();
        let turns: Vec<Turn> = (0..5).map(|_| lanes.take(&pace(2), 10_000)).collect();
        assert_eq!(turns, [Turn::Now, Turn::Now, Turn::At(11_000), Turn::At(11_000), Turn::At(12_000)]);
        // An empty lane has no turns saved up.
        let turns: Vec<Turn> = (0..3).map(|_| lanes.take(&pace(2), 60_000)).collect();
        assert_eq!(turns, [Turn::Now, Turn::Now, Turn::At(61_000)]);
    }

    #[test]
    fn any_second_counts_and_not_only_whole_ones() {
        let mut lanes = Lanes::default();
        assert_eq!(lanes.take(&pace(2), 0), Turn::Now);
        assert_eq!(lanes.take(&pace(2), 900), Turn::Now);
        assert_eq!(lanes.take(&pace(2), 950), Turn::At(1_000));
        assert_eq!(lanes.take(&pace(2), 950), Turn::At(1_900));
    }

    #[test]
    fn a_restart_goes_on_behind_the_last_turns() {
        let turns = |at_ms, count| Turns { lane: "lane".to_owned(), at_ms, count };
        let mut lanes = Lanes::new(&[turns(4_500, 1), turns(5_000, 2)]);
        assert_eq!(lanes.take(&pace(3), 0), Turn::At(5_500));
        assert_eq!(lanes.take(&pace(3), 0), Turn::At(6_000));
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nobody() {
        let mut lanes = Lanes::default();
        assert_eq!(lanes.take(&pace(1), 90_000_000), Turn::Now);
        assert_eq!(lanes.take(&pace(1), 5_000), Turn::Now);
        assert_eq!(lanes.take(&pace(1), 5_000), Turn::At(6_000));
    }

    #[test]
    fn lanes_that_nobody_waits_in_are_forgotten() {
        let mut lanes = Lanes::default();
        for number in 0..5_000_i64 {
            lanes.take(&Pace { lane: number.to_string(), per_second: 1 }, number * 10);
        }
        assert!(lanes.lanes.len() <= LANES_KEPT + 1, "{}", lanes.lanes.len());
    }

    proptest! {
        /// Whatever comes whenever: in no second are there more turns than the pace allows, nobody is called early, and
        /// nobody waits who need not.
        #[test]
        fn a_pace_is_kept_and_used(
            per_second in 1_u32..8,
            pauses in proptest::collection::vec(prop_oneof![3 => Just(0_i64), 2 => 1_i64..400, 1 => 400_i64..3_000], 1..120),
        ) {
            let (mut lanes, mut now_ms) = (Lanes::default(), 1_000_000);
            let mut turns: Vec<i64> = Vec::new();
            let within = |turns: &[i64], end_ms: i64| {
                turns.iter().filter(|turn| (end_ms - SECOND_MS + 1..=end_ms).contains(*turn)).count()
            };
            for pause in pauses {
                now_ms += pause;
                let turn = at(lanes.take(&pace(per_second), now_ms), now_ms);
                let first = now_ms.max(turns.last().copied().unwrap_or_default());
                prop_assert!(turn >= first);
                let most = per_second as usize;
                // The moment before was full, or too early.
                prop_assert!(turn == first || within(&turns, turn - 1) >= most);
                turns.push(turn);
                prop_assert!(within(&turns, turn) <= most);
            }
        }
    }
}
