//! Randomness that counts.

use std::sync::atomic::{AtomicU64, Ordering};

use reelhouse_domain::id::Randomness;

/// Randomness that counts: no two values are alike, and every run gives the same ones.
///
/// Ids minted in one millisecond and shard sort in the order of their minting.
#[derive(Debug, Default)]
pub struct CountingRandomness {
    next: AtomicU64,
}

impl CountingRandomness {
    /// Randomness that counts from `first`.
    #[must_use]
    pub const fn starting_at(first: u64) -> Self {
        Self { next: AtomicU64::new(first) }
    }
}

impl Randomness for CountingRandomness {
    /// The count in the seed's last eight bytes, zeros before.
    fn server_seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        seed[24..].copy_from_slice(&self.id_bits().to_be_bytes());
        seed
    }

    fn id_bits(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_gives_a_value_twice() {
        let randomness = CountingRandomness::starting_at(0x0102);
        let seed = randomness.server_seed();
        assert_eq!(seed[..30], [0; 30]);
        assert_eq!(seed[30..], [1, 2]);
        assert_eq!((randomness.id_bits(), randomness.id_bits()), (0x0103, 0x0104));
        assert_ne!(randomness.server_seed(), seed);
    }
}
