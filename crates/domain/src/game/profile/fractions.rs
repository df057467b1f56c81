//! Shares of different totals, put over one.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::count::Count;
use super::hash::FixedState;

/// Ways to come to something, each out of a total of its own.
pub(super) struct Shares<K, N> {
    /// By total.
    groups: BTreeMap<N, HashMap<K, N, FixedState>>,
}

impl<K: Ord + Hash, N: Count> Shares<K, N> {
    pub(super) const fn new() -> Self {
        Self { groups: BTreeMap::new() }
    }

    /// Adds ways to come to something, of so many in all.
    pub(super) fn add(&mut self, all: &N, to: K, ways: N) {
        if !self.groups.contains_key(all) {
            self.groups.insert(all.clone(), HashMap::default());
        }
        if let Some(group) = self.groups.get_mut(all) {
            *group.entry(to).or_insert_with(N::zero) += ways;
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.groups.values().map(HashMap::len).sum()
    }
}

/// All ways over one total: in lowest terms, unless there was only one anyway.
pub(super) fn over_one<K: Ord + Hash, N: Count>(shares: Shares<K, N>) -> (N, BTreeMap<K, N>) {
    let keep = shares.groups.len() <= 1;
    let total = shares.groups.keys().fold(N::one(), |total, all| total.lcm(all));
    let mut ways: BTreeMap<K, N> = BTreeMap::new();
    for (all, group) in shares.groups {
        let times = total.clone() / &all;
        for (to, some) in group {
            *ways.entry(to).or_insert_with(N::zero) += some * &times;
        }
    }
    if keep {
        return (total, ways);
    }
    let common = ways.values().fold(total.clone(), |common, some| common.gcd(some));
    (total / &common, ways.into_iter().map(|(to, some)| (to, some / &common)).collect())
}
