//! A hash for keys of a few small numbers, the same in every run: no figure may depend on the machine's randomness.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds [`MixHasher`].
pub(super) type FixedState = BuildHasherDefault<MixHasher>;

/// Mixes every number in with the finalizer of SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast
/// splittable pseudorandom number generators" (2014). Several times as fast as the standard library's.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MixHasher(u64);

impl Hasher for MixHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.write_u64(word);
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mut word = (self.0 ^ number).wrapping_add(0x9E37_79B9_7F4A_7C15);
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        self.0 = word ^ (word >> 31);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u16(&mut self, number: u16) {
        self.write_u64(number.into());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}
