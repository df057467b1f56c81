//! A histogram of amounts that takes little room: exact for small ones, within 1/128 for all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Amounts below `2^(BITS + 1)` have a bucket each; above, each power of two is cut into `2^BITS` buckets.
const BITS: u32 = 7;

/// How often amounts of about the same size came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Histogram {
    counts: BTreeMap<u32, u64>,
}

/// The bucket of an amount.
fn bucket(amount: u64) -> u32 {
    let shift = amount.checked_ilog2().unwrap_or(0).saturating_sub(BITS);
    (shift << BITS) + u32::try_from(amount >> shift).unwrap_or(u32::MAX)
}

/// The largest amount in a bucket.
fn largest(bucket: u32) -> u64 {
    let shift = (bucket >> BITS).saturating_sub(1);
    let within = u64::from(bucket - (shift << BITS));
    u64::try_from(((u128::from(within) + 1) << shift) - 1).unwrap_or(u64::MAX)
}

impl Histogram {
    /// Counts an amount.
    pub fn record(&mut self, amount: u64) {
        *self.counts.entry(bucket(amount)).or_insert(0) += 1;
    }

    /// Adds what another has counted.
    pub fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.counts {
            *self.counts.entry(*bucket).or_insert(0) += count;
        }
    }

    /// How many amounts were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The least amount that at least `percent` of a hundred counted ones are no larger than, rounded up to the
    /// end of its bucket; `None` when nothing was counted. This is the nearest-rank percentile.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (u128::from(self.count()) * u128::from(percent)).div_ceil(100).max(1);
        let mut seen = 0_u128;
        for (bucket, count) in &self.counts {
            seen += u128::from(*count);
            if seen >= rank {
                return Some(largest(*bucket));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_amounts_are_exact() {
        let mut histogram = Histogram::default();
        (1..=200).for_each(|amount| histogram.record(amount));
        let found = [0, 1, 50, 99, 100].map(|percent| histogram.percentile(percent).unwrap());
        assert_eq!(found, [1, 2, 100, 198, 200]);
        assert_eq!(histogram.count(), 200);
        assert_eq!(Histogram::default().percentile(50), None);
    }

    #[test]
    fn the_ends_of_the_range_have_buckets() {
        for amount in [0, 1, 255, 256, 257, u64::MAX - 1, u64::MAX] {
            assert!(largest(bucket(amount)) >= amount, "{amount}");
        }
        assert_eq!(largest(bucket(u64::MAX)), u64::MAX);
    }

    proptest! {
        #[test]
        fn a_bucket_is_narrow_and_holds_its_amounts(amount in any::<u64>(), shift in 0_u32..64) {
            let amount = amount >> shift;
            let largest = largest(bucket(amount));
            prop_assert!(largest >= amount && largest - amount <= amount / 128);
            prop_assert_eq!(bucket(largest), bucket(amount));
            prop_assert!(largest == u64::MAX || bucket(largest + 1) == bucket(amount) + 1);
        }

        #[test]
        fn merging_is_counting_in_one(amounts in prop::collection::vec(any::<u64>(), 0..50), cut in 0_usize..50) {
            let record = |amounts: &[u64]| {
                let mut histogram = Histogram::default();
                amounts.iter().for_each(|amount| histogram.record(*amount));
                histogram
            };
            let (left, right) = amounts.split_at(cut.min(amounts.len()));
            let mut merged = record(left);
            merged.merge(&record(right));
            prop_assert_eq!(merged, record(&amounts));
        }
    }
}
