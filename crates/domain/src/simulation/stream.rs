//! The stream of a block: xoshiro256++, and whole numbers from it without bias.
//!
//! The generator is xoshiro256++ 1.0 (Blackman and Vigna, "Scrambled linear pseudorandom number
//! generators", ACM Transactions on Mathematical Software 47(4), 2021): period 2^256 - 1, and no known
//! failure in `BigCrush` or `PractRand`. A seed of 64 bits is spread over its state by `SplitMix64`, as its
//! authors advise. Block `n` starts `n` jumps of 2^128 words further on, so no two blocks share a word.
//!
//! It is a generator for estimates, not for play: outcomes of sessions come from
//! [`crate::fairness::stream`].

use std::num::NonZeroU32;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use crate::fairness::Draws;

/// What [`Stream`] draws from, in the words of a report.
pub const GENERATOR: &str = "xoshiro256++";

/// The words of one block.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: Xoshiro256PlusPlus,
    words: u64,
}

impl Stream {
    /// The stream of block 0.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { generator: Xoshiro256PlusPlus::seed_from_u64(seed), words: 0 }
    }

    /// The stream of a block. Its cost grows with the number of the block: about 0.3 µs for each before it.
    #[must_use]
    pub fn of_block(seed: u64, block: u64) -> Self {
        let mut stream = Self::new(seed);
        for _ in 0..block {
            stream.generator.jump();
        }
        stream
    }

    /// Goes on to the stream of the next block; only right for a stream from which nothing was drawn.
    pub(super) fn jump(&mut self) {
        self.generator.jump();
    }

    /// The next 64 random bits.
    #[inline]
    pub(super) fn word(&mut self) -> u64 {
        self.generator.next_u64()
    }
}

/// A number as a fraction of 2^64, taken times `bound`: the whole part, and the fraction that is left.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "the halves of a 128-bit product are what is meant")]
pub(super) const fn widen(fraction: u64, bound: u64) -> (u64, u64) {
    let product = fraction as u128 * bound as u128;
    ((product >> 64) as u64, product as u64)
}

/// `2^64 mod bound`: fractions below it are passed over, so that each result has as many words as any other.
pub(super) const fn threshold(bound: u64) -> u64 {
    bound.wrapping_neg() % bound
}

impl Draws for Stream {
    /// Lemire's method ("Fast random integer generation in an interval", ACM Transactions on Modeling and
    /// Computer Simulation 29(1), 2019): a multiplication, and rejection that leaves no bias.
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        let bound = u64::from(bound.get());
        loop {
            self.words += 2;
            let (whole, left) = widen(self.word(), bound);
            if left >= bound || left >= threshold(bound) {
                // The whole part is below the bound, which has 32 bits.
                return u32::try_from(whole).unwrap_or(u32::MAX);
            }
        }
    }

    fn words_drawn(&self) -> u64 {
        self.words
    }
}
