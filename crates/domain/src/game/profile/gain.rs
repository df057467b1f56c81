//! What one spin comes to, and in how many of all combinations of stops: whole numbers only.

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;

/// What a spin comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpinGain {
    /// What it pays in bets, scatters and the multiplier of free games included. The limits of a
    /// definition keep it below 10^17.
    pub win: u64,
    /// How many free games it awards.
    pub free_games: u32,
}

/// What a window comes to while it is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gain {
    /// What it pays in bets.
    pub(super) win: u64,
    /// How many free games it awards.
    pub(super) free_games: u32,
    /// The number of the pattern of wilds that it holds: see [`super::window`].
    pub(super) key: u32,
}

impl std::hash::Hash for Gain {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.win);
        hasher.write_u64(u64::from(self.free_games) << 32 | u64::from(self.key));
    }
}

impl Gain {
    /// A win and nothing else.
    pub(super) const fn win(win: u64) -> Self {
        Self { win, free_games: 0, key: 0 }
    }

    /// All parts with those of another.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self { win: self.win + other.win, free_games: self.free_games + other.free_games, key: self.key + other.key }
    }

    /// All parts less those of another, which is nowhere greater.
    pub(super) const fn less(self, other: Self) -> Self {
        Self { win: self.win - other.win, free_games: self.free_games - other.free_games, key: self.key - other.key }
    }

    /// The lesser of each part.
    pub(super) fn least(self, other: Self) -> Self {
        Self {
            win: self.win.min(other.win),
            free_games: self.free_games.min(other.free_games),
            key: self.key.min(other.key),
        }
    }
}

/// What all combinations of stops of a mode come to: the full cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpinDistribution {
    /// How many equally likely combinations of draws there are.
    pub cycle: BigUint,
    /// How many bets a stake is: its lines, where there are lines.
    pub lines: u32,
    /// By what a spin comes to, in how many combinations it does; these add up to the cycle.
    pub ways: BTreeMap<SpinGain, BigUint>,
}

impl SpinDistribution {
    /// By what a spin pays in line bets, in how many combinations it does.
    #[must_use]
    pub fn wins(&self) -> BTreeMap<u64, BigUint> {
        let mut wins = BTreeMap::new();
        for (gain, ways) in &self.ways {
            *wins.entry(gain.win).or_default() += ways;
        }
        wins
    }

    /// In how many combinations the free games awarded are as asked for.
    #[must_use]
    pub fn ways_of(&self, asked: impl Fn(&SpinGain) -> bool) -> BigUint {
        self.ways.iter().filter(|(gain, _)| asked(gain)).map(|(_, ways)| ways).sum()
    }

    /// The mean of a whole number per combination.
    #[must_use]
    pub fn mean(&self, of: impl Fn(&SpinGain) -> u64) -> BigRational {
        let sum: BigUint = self.ways.iter().map(|(gain, ways)| ways * of(gain)).sum();
        BigRational::new(BigInt::from(sum), BigInt::from(self.cycle.clone()))
    }
}
