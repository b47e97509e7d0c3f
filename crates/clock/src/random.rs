//! Random numbers for ids and jitter.
//!
//! Ids have to be unique, not secret: nothing in the emulator is protected by guessing one. So a fast generator
//! with 256 bits of state, seeded by the operating system, does, and an id costs nanoseconds instead of a
//! system call.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

/// xoshiro256++ by David Blackman and Sebastiano Vigna, who placed it in the public domain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Random {
    state: [u64; 4],
}

impl Random {
    /// The same seed gives the same numbers.
    pub(crate) fn with_seed(seed: u64) -> Self {
        // SplitMix64, as the authors of xoshiro recommend: related seeds must not give related states.
        let mut mixed = seed;
        let mut next = || {
            mixed = mixed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = mixed;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^ (word >> 31)
        };
        Self { state: [next(), next(), next(), next()] }
    }

    fn from_system() -> Self {
        let mut bytes = [0; 32];
        if getrandom::fill(&mut bytes).is_err() {
            // A sandbox without the system call still hashes with random keys; better than refusing to start.
            return Self::with_seed(RandomState::new().hash_one(std::thread::current().id()));
        }
        let mut words = bytes
            .chunks_exact(8)
            .map(|chunk| chunk.iter().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte)));
        let mut word = || words.next().unwrap_or(1);
        // All zeroes is the one state the generator cannot leave.
        Self { state: [word(), word(), word(), word() | 1] }
    }

    pub(crate) fn next(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let number = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        number
    }
}

thread_local! {
    static RANDOM: Cell<Random> = Cell::new(Random::from_system());
}

/// A number from this thread's generator: no lock, no system call.
pub(crate) fn next() -> u64 {
    RANDOM.with(|cell| {
        let mut random = cell.get();
        let number = random.next();
        cell.set(random);
        number
    })
}

#[cfg(test)]
mod tests {
    use super::Random;

    /// The first outputs for a state of 1, 2, 3, 4, as the reference implementation prints them.
    #[test]
    fn matches_the_reference() {
        let mut random = Random { state: [1, 2, 3, 4] };
        let numbers: Vec<u64> = (0..4).map(|_| random.next()).collect();
        assert_eq!(numbers, [41943041, 58720359, 3588806011781223, 3591011842654386]);
    }

    #[test]
    fn threads_differ() {
        let here = super::next();
        let there = std::thread::spawn(super::next).join().ok();
        assert_ne!(Some(here), there);
    }
}
