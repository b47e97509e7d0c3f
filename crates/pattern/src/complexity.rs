//! How many wildcards a value can be in the middle of at once: the service refuses patterns where that is too many.
//!
//! The measure is event-ruler's `MachineComplexityEvaluator`: walk all values at once through the states of the
//! wildcards of one field, and count, for each set of states that a value can be in, the wildcards that each state may
//! still end in. The service took 7 and refused 11 (recorded); the library's README has 10 as the limit.

use std::collections::{BTreeSet, HashSet};

use crate::error::{Kind, PatternError};
use crate::matcher::Matcher;
use crate::pattern::Parts;
use crate::wildcard::Wildcard;

const COMPLEXITY_MAX: usize = 9;

/// Sets of states that are looked at; a pattern with more is too complex whatever they count.
const SETS_MAX: usize = 20_000;

const TOO_COMPLEX: &str = "Rule is too complex - try using fewer wildcard characters or fewer repeating character \
                           sequences after a wildcard character";

/// Refuses a pattern whose wildcards are too complex.
pub(crate) fn check(parts: &Parts) -> Result<(), Box<PatternError>> {
    for condition in &parts.conditions {
        let fields = Wildcards::of(&condition.matchers);
        if !fields.harmless() && fields.measure() > COMPLEXITY_MAX {
            return Err(PatternError::without_position(Kind::Limit, TOO_COMPLEX));
        }
    }
    Ok(())
}

/// The wildcards of a field. All those of one `anything-but` count as one.
struct Wildcards<'p> {
    groups: Vec<&'p [Wildcard]>,
}

impl<'p> Wildcards<'p> {
    fn of(matchers: &'p [Matcher]) -> Self {
        let groups = matchers.iter().filter_map(|matcher| match matcher {
            Matcher::Wildcard(wildcard) => Some(std::slice::from_ref(wildcard)),
            Matcher::ButWildcards(wildcards) => Some(&**wildcards),
            _ => None,
        });
        Wildcards { groups: groups.collect() }
    }

    /// Whether the measure is within the limit for certain. Most wildcards show that at once.
    fn harmless(&self) -> bool {
        let bounds = self.groups.iter().flat_map(|group| group.iter()).map(bound);
        bounds.sum::<usize>() <= COMPLEXITY_MAX
    }

    fn measure(&self) -> usize {
        let machine = Machine::build(&self.groups);
        let start = machine.steps[0].next.clone();
        let mut worst = 0;
        let mut seen: HashSet<Vec<u32>> = HashSet::new();
        let mut waiting = vec![start];
        while let Some(set) = waiting.pop() {
            worst = worst.max(machine.weight(&set));
            if worst > COMPLEXITY_MAX || seen.len() > SETS_MAX {
                return COMPLEXITY_MAX + 1;
            }
            for byte in machine.bytes.iter().copied().map(Some).chain([None]) {
                let next = machine.step(&set, byte);
                if !next.is_empty() && !seen.contains(&next) {
                    seen.insert(next.clone());
                    waiting.push(next);
                }
            }
        }
        worst
    }
}

/// What a wildcard alone can reach at most: where it is before its first star, each star, and behind each star all the
/// beginnings of the piece that one value can end in at once.
fn bound(wildcard: &Wildcard) -> usize {
    let pieces = wildcard.pieces[1..].iter();
    1 + pieces.map(|piece| 1 + overlaps(piece.as_bytes()).max(1)).sum::<usize>()
}

/// How many beginnings of a text can end at one place, at most.
fn overlaps(text: &[u8]) -> usize {
    // As in the search of Knuth, Morris and Pratt: the longest beginning that ends here, too, and so on.
    let mut borders = vec![0; text.len()];
    let mut chains = vec![1; text.len()];
    for at in 1..text.len() {
        let mut border = borders[at - 1];
        while border > 0 && text[border] != text[at] {
            border = borders[border - 1];
        }
        if text[border] == text[at] {
            border += 1;
            chains[at] = chains[border - 1] + 1;
        }
        borders[at] = border;
    }
    chains.into_iter().max().unwrap_or(0)
}

/// A step is the way into a state: by a byte, or by a star, which leads into itself. Wildcards that begin alike share
/// their steps.
#[derive(Default)]
struct Step {
    /// `None` is a star.
    byte: Option<u8>,
    next: Vec<u32>,
    star: Option<u32>,
    /// The groups that can end behind this step.
    groups: BTreeSet<usize>,
}

struct Machine {
    /// The first is where all begin.
    steps: Vec<Step>,
    bytes: BTreeSet<u8>,
}

impl Machine {
    fn build(groups: &[&[Wildcard]]) -> Machine {
        let mut machine = Machine { steps: vec![Step::default()], bytes: BTreeSet::new() };
        for (group, wildcards) in groups.iter().enumerate() {
            for wildcard in *wildcards {
                machine.add(wildcard, group);
            }
        }
        machine
    }

    fn add(&mut self, wildcard: &Wildcard, group: usize) {
        let mut at = self.follow(0, Some(b'"'), group);
        for (number, piece) in wildcard.pieces.iter().enumerate() {
            if number > 0 {
                at = self.follow(at, None, group);
            }
            for byte in piece.bytes() {
                at = self.follow(at, Some(byte), group);
            }
        }
        self.follow(at, Some(b'"'), group);
    }

    fn follow(&mut self, at: u32, byte: Option<u8>, group: usize) -> u32 {
        let step = &self.steps[at as usize];
        let known = match byte {
            None => step.star,
            Some(_) => step.next.iter().copied().find(|next| self.steps[*next as usize].byte == byte),
        };
        let next = known.unwrap_or_else(|| {
            let new = self.steps.len() as u32;
            self.steps.push(Step { byte, ..Step::default() });
            match byte {
                None => self.steps[at as usize].star = Some(new),
                Some(byte) => {
                    self.steps[at as usize].next.push(new);
                    self.bytes.insert(byte);
                }
            }
            new
        });
        self.steps[next as usize].groups.insert(group);
        next
    }

    /// The steps that a byte leads to from any of a set; `None` is a byte that no wildcard names.
    fn step(&self, set: &[u32], byte: Option<u8>) -> Vec<u32> {
        let mut reached = BTreeSet::new();
        for at in set {
            let step = &self.steps[*at as usize];
            if step.byte.is_none() {
                reached.insert(*at);
            }
            // A star may stand for nothing.
            let mut from = vec![step];
            if let Some(star) = step.star {
                reached.insert(star);
                from.push(&self.steps[star as usize]);
            }
            for step in from {
                let by_byte = step.next.iter().copied();
                reached
                    .extend(by_byte.filter(|next| byte.is_some() && self.steps[*next as usize].byte == byte));
            }
        }
        reached.into_iter().collect()
    }

    fn weight(&self, set: &[u32]) -> usize {
        let groups = |at: u32| self.steps[at as usize].groups.len();
        let stars =
            set.iter().filter_map(|at| self.steps[*at as usize].star).filter(|star| !set.contains(star));
        set.iter().map(|at| groups(*at)).sum::<usize>() + stars.map(groups).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::Wildcards;
    use crate::matcher::Matcher;
    use crate::wildcard::Wildcard;

    fn wildcard(text: &str) -> Wildcard {
        Wildcard::parse(text).unwrap_or_else(|why| panic!("{why}"))
    }

    fn measure(matchers: &[Matcher]) -> usize {
        let wildcards = Wildcards::of(matchers);
        let measure = wildcards.measure();
        let bound: usize = wildcards.groups.iter().flat_map(|group| group.iter()).map(super::bound).sum();
        assert!(measure <= bound, "{matchers:?}");
        measure
    }

    #[test]
    fn the_measure_is_the_library_s() {
        let score = |text| measure(&[Matcher::Wildcard(wildcard(text))]);
        assert_eq!(score(""), 1);
        assert_eq!(score("a*"), 2);
        assert_eq!(score("*a*"), 3);
        assert_eq!(score("arn:aws:events:us-east-1:*:event-bus/*"), 3);
        assert_eq!(score("*:*:*:*:event-bus/*"), 9);
        assert_eq!(score("*:*:*:*:*:event-bus/*"), 10, "the measure stops one above the limit");
        assert_eq!(score("*aaaaaaaaaaaa*"), 10);
        let several = [wildcard("*/init/*"), wildcard("*/dir/*")];
        assert_eq!(measure(&[Matcher::ButWildcards(several.into())]), 5);
    }
}
