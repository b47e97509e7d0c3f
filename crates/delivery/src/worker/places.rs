//! Places: how many attempts are in flight, and whose.
//!
//! An owner may take one more place as long as more are free than it holds. So one alone gets half of them, the next half
//! of what that leaves, and endpoints that never answer leave places to those that do.

use std::collections::HashMap;
use std::sync::Arc;

/// The places there are, and who holds how many.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    taken: usize,
    held: HashMap<Arc<str>, usize>,
}

impl Places {
    pub(super) fn new(most: usize) -> Self {
        Self { most: most.max(1), taken: 0, held: HashMap::new() }
    }

    /// Whether nobody can have one.
    pub(super) fn are_taken(&self) -> bool {
        self.taken >= self.most
    }

    /// Takes one for an owner, if it may have one more.
    pub(super) fn take(&mut self, owner: &Arc<str>) -> bool {
        if !self.has_room(self.held.get(owner).copied().unwrap_or_default()) {
            return false;
        }
        self.taken += 1;
        *self.held.entry(Arc::clone(owner)).or_default() += 1;
        true
    }

    fn has_room(&self, held: usize) -> bool {
        held < self.most.saturating_sub(self.taken)
    }

    /// Gives one back.
    pub(super) fn give_back(&mut self, owner: &Arc<str>) {
        let Some(held) = self.held.get_mut(owner) else { return };
        *held -= 1;
        self.taken -= 1;
        if *held == 0 {
            self.held.remove(owner);
        }
    }

    /// The owners that hold as many as they may.
    pub(super) fn greedy(&self) -> Vec<Arc<str>> {
        let greedy = self.held.iter().filter(|(_, held)| !self.has_room(**held));
        greedy.map(|(owner, _)| Arc::clone(owner)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn owner(number: usize) -> Arc<str> {
        number.to_string().into()
    }

    /// How many an owner gets that wants all it can have.
    fn fill(places: &mut Places, number: usize) -> usize {
        std::iter::repeat_with(|| places.take(&owner(number))).take_while(|taken| *taken).count()
    }

    #[test]
    fn each_leaves_half_of_what_it_finds() {
        let mut places = Places::new(128);
        let got: Vec<usize> = (0..9).map(|number| fill(&mut places, number)).collect();
        assert_eq!(got, [64, 32, 16, 8, 4, 2, 1, 1, 0]);
        assert!(places.are_taken());
        places.give_back(&owner(0));
        assert!(!places.take(&owner(0)) && places.take(&owner(8)));
    }

    #[test]
    fn a_single_place_is_had_by_whoever_comes() {
        let mut places = Places::new(0);
        assert!(places.take(&owner(1)) && places.are_taken() && !places.take(&owner(2)));
        places.give_back(&owner(1));
        assert!(places.take(&owner(2)));
    }

    proptest! {
        /// Never more than there are, and as long as one is free whoever has none gets it.
        #[test]
        fn a_free_place_is_for_whoever_has_none(
            most in 1_usize..40,
            steps in proptest::collection::vec((0_usize..6, any::<bool>()), 0..200),
        ) {
            let mut places = Places::new(most);
            let mut held = [0_usize; 6];
            for (number, takes) in steps {
                if takes {
                    let free = most - held.iter().sum::<usize>();
                    let taken = places.take(&owner(number));
                    prop_assert_eq!(taken, held[number] < free);
                    held[number] += usize::from(taken);
                } else if held[number] > 0 {
                    places.give_back(&owner(number));
                    held[number] -= 1;
                }
                let free = most - held.iter().sum::<usize>();
                prop_assert_eq!(places.are_taken(), free == 0);
                let greedy = places.greedy();
                for (number, held) in held.iter().enumerate() {
                    prop_assert_eq!(greedy.contains(&owner(number)), *held > 0 && *held >= free);
                }
            }
        }
    }
}
