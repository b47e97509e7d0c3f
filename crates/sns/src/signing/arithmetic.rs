//! Raising a number to an RSA key's private exponent, quickly: by Chinese remainders over eight primes of 256 bits.
//!
//! The work of an exponentiation grows with the cube of a prime's length, so that eight primes need a sixteenth of what
//! two need. Numbers of four words live in registers, and Montgomery's multiplication spares the divisions. No care is
//! taken that the time it takes tells nothing of the key: whoever can measure it sits on the same machine and may read
//! the key from the database.

use rsa::BigUint;

const WORDS: usize = 4;
/// Of a prime.
pub(super) const PRIME_BYTES: usize = WORDS * 8;
const WINDOW_BITS: usize = 4;

type Words = [u64; WORDS];

/// What is computed once for a key.
pub(super) struct PrivateKey {
    modulus: BigUint,
    factors: Vec<Factor>,
}

/// What is computed once for a prime. `R` is 2²⁵⁶.
struct Factor {
    prime: BigUint,
    /// The prime in words.
    modulus: Modulus,
    /// `R` mod p: one, as Montgomery's numbers have it.
    one: Words,
    /// `R²` mod p, which makes a number one of Montgomery's.
    square: Words,
    /// d mod (p − 1).
    exponent: Words,
    /// n / p.
    others: BigUint,
    /// The inverse of n / p, mod p.
    inverse: Words,
}

impl PrivateKey {
    /// Reads a key; nothing if a prime is longer than it may be.
    pub(super) fn new(primes: &[BigUint], private_exponent: &BigUint) -> Option<Self> {
        let modulus = primes.iter().fold(BigUint::from(1_u8), |product, prime| product * prime);
        let factors = primes.iter().map(|prime| Factor::new(prime, &modulus, private_exponent));
        Some(Self { factors: factors.collect::<Option<_>>()?, modulus })
    }

    /// `base` to the power of the private exponent, mod n.
    pub(super) fn power(&self, base: &BigUint) -> BigUint {
        let parts = self.factors.iter().map(|factor| factor.part(base));
        let mut sum = parts.fold(BigUint::from(0_u8), |sum, part| sum + part);
        // Eight numbers below n are at most seven times n too much.
        while sum >= self.modulus {
            sum -= &self.modulus;
        }
        sum
    }
}

impl Factor {
    fn new(prime: &BigUint, modulus: &BigUint, private_exponent: &BigUint) -> Option<Self> {
        let (one, two) = (BigUint::from(1_u8), BigUint::from(2_u8));
        let r = &one << (WORDS * 64);
        let others = modulus / prime;
        // Fermat: x to the power of p − 2 is the inverse of x.
        let inverse = others.modpow(&(prime - &two), prime);
        Some(Self {
            modulus: Modulus::new(words(prime)?),
            one: words(&(&r % prime))?,
            square: words(&(&r * &r % prime))?,
            exponent: words(&(private_exponent % (prime - &one)))?,
            inverse: words(&inverse)?,
            prime: prime.clone(),
            others,
        })
    }

    /// This prime's share in the power: it is that power mod p, and nothing mod the other primes.
    fn part(&self, base: &BigUint) -> BigUint {
        // Below a prime that fits, a number fits.
        let base = words(&(base % &self.prime)).unwrap_or_default();
        let power = self.power(&self.modulus.multiply(&base, &self.square));
        let power = self.modulus.multiply(&power, &self.inverse);
        let mut bytes = [0; PRIME_BYTES];
        for (place, word) in bytes.chunks_exact_mut(8).zip(power) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        BigUint::from_bytes_le(&bytes) * &self.others
    }

    /// To the power of the exponent, four bits at a time.
    fn power(&self, base: &Words) -> Words {
        let mut powers = [self.one; 1 << WINDOW_BITS];
        for place in 1..powers.len() {
            powers[place] = self.modulus.multiply(&powers[place - 1], base);
        }
        let mut power = self.one;
        for word in self.exponent.iter().rev() {
            for shift in (0..64).step_by(WINDOW_BITS).rev() {
                for _ in 0..WINDOW_BITS {
                    power = self.modulus.multiply(&power, &power);
                }
                let digit = word >> shift & 0xf;
                power = self.modulus.multiply(&power, &powers[digit as usize]);
            }
        }
        power
    }
}

/// An odd number to reckon by.
struct Modulus {
    words: Words,
    /// −1 / its lowest word, mod 2⁶⁴.
    negated_inverse: u64,
}

impl Modulus {
    fn new(words: Words) -> Self {
        // Newton: each round doubles the bits that are right; an odd number is right in three of them.
        let mut inverse = words[0];
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(words[0].wrapping_mul(inverse)));
        }
        Self { words, negated_inverse: inverse.wrapping_neg() }
    }

    /// a · b / `R`: Montgomery's product. (Ç. K. Koç, "Analyzing and Comparing Montgomery Multiplication Algorithms", CIOS.)
    fn multiply(&self, a: &Words, b: &Words) -> Words {
        let (mut sum, mut top) = ([0; WORDS], 0_u64);
        for digit in b {
            let mut carry = 0;
            for (place, word) in sum.iter_mut().zip(a) {
                (*place, carry) = multiply_add(*word, *digit, *place, carry);
            }
            let (upper, over) = top.overflowing_add(carry);
            // What makes the lowest word zero, which is then dropped.
            let factor = sum[0].wrapping_mul(self.negated_inverse);
            (_, carry) = multiply_add(factor, self.words[0], sum[0], 0);
            for place in 1..WORDS {
                (sum[place - 1], carry) = multiply_add(factor, self.words[place], sum[place], carry);
            }
            let (last, more) = upper.overflowing_add(carry);
            sum[WORDS - 1] = last;
            top = u64::from(over) + u64::from(more);
        }
        let (difference, borrow) = subtract(&sum, &self.words);
        if top > 0 || !borrow { difference } else { sum }
    }
}

/// a · b + c + d, which fits two words: the lower and the upper.
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let all = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    #[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
    let halves = (all as u64, (all >> 64) as u64);
    halves
}

/// a − b, and whether something was to be borrowed.
fn subtract(a: &Words, b: &Words) -> (Words, bool) {
    let (mut difference, mut borrow) = (*a, false);
    for (place, word) in difference.iter_mut().zip(b) {
        let (without, first) = place.overflowing_sub(*word);
        let (without, second) = without.overflowing_sub(u64::from(borrow));
        (*place, borrow) = (without, first || second);
    }
    (difference, borrow)
}

/// A number in words, the lowest first, if it fits.
fn words(number: &BigUint) -> Option<Words> {
    let mut bytes = number.to_bytes_le();
    if bytes.len() > PRIME_BYTES {
        return None;
    }
    bytes.resize(PRIME_BYTES, 0);
    let mut words = Words::default();
    for (word, bytes) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = u64::from_le_bytes(bytes.try_into().ok()?);
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Primes of many lengths up to 256 bits.
    fn primes() -> Vec<BigUint> {
        let one = BigUint::from(1_u8);
        let near = |bits: usize, below: u32| (&one << bits) - BigUint::from(below);
        // The largest primes below these powers of two.
        vec![near(256, 189), near(255, 19), near(128, 159), near(64, 59), near(13, 1)]
    }

    #[test]
    fn powers_are_those_of_long_arithmetic() {
        let primes = primes();
        let modulus = primes.iter().fold(BigUint::from(1_u8), |product, prime| product * prime);
        for exponent in ["1", "2", "65537", "123456789012345678901234567890123456789012345678901234567890123"]
        {
            let exponent = BigUint::parse_bytes(exponent.as_bytes(), 10).expect("a number");
            let key = PrivateKey::new(&primes, &exponent).expect("a key");
            let (largest, some) = (&modulus - 1_u8, &modulus / 7_u8);
            for base in [BigUint::from(0_u8), BigUint::from(1_u8), BigUint::from(2_u8), largest, some] {
                assert_eq!(key.power(&base), base.modpow(&exponent, &modulus), "{base}^{exponent}");
            }
        }
    }

    #[test]
    fn a_prime_that_is_too_long_is_none() {
        let long = (BigUint::from(1_u8) << 256) + BigUint::from(297_u32);
        assert!(PrivateKey::new(&[long, BigUint::from(3_u8)], &BigUint::from(3_u8)).is_none());
    }
}
