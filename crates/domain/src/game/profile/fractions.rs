//! Shares of different totals, put over one.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use num_integer::Integer as _;
use num_traits::{One as _, Zero as _};

/// Shares over their own totals as ways over one total: in lowest terms, unless all have the same one anyway.
pub(super) fn over_one<K: Ord>(parts: Vec<(K, BigUint, BigUint)>) -> (BigUint, BTreeMap<K, BigUint>) {
    let mut totals: Vec<&BigUint> = parts.iter().map(|(_, _, all)| all).collect();
    totals.sort_unstable();
    totals.dedup();
    let keep = totals.len() <= 1;
    let total = totals.into_iter().fold(BigUint::one(), |total, all| total.lcm(all));
    let mut ways: BTreeMap<K, BigUint> = BTreeMap::new();
    for (key, some, all) in parts {
        *ways.entry(key).or_default() += some * (&total / all);
    }
    let common = ways.values().fold(total.clone(), |common, some| common.gcd(some));
    if keep || common.is_zero() {
        return (total, ways);
    }
    (total / &common, ways.into_iter().map(|(key, some)| (key, some / &common)).collect())
}
