//! What one spin comes to, and in how many of all combinations of stops: whole numbers only.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;

/// What a spin comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpinGain {
    /// What it pays in line bets, scatters and the multiplier of free games included. The limits of a
    /// definition keep it below 10^17.
    pub win: u64,
    /// How many free games it awards.
    pub free_games: u32,
}

impl SpinGain {
    /// Both parts with those of another.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self { win: self.win + other.win, free_games: self.free_games + other.free_games }
    }

    /// Both parts less those of another, which is nowhere greater.
    pub(super) const fn less(self, other: Self) -> Self {
        Self { win: self.win - other.win, free_games: self.free_games - other.free_games }
    }

    /// The lesser of each part.
    pub(super) fn least(self, other: Self) -> Self {
        Self { win: self.win.min(other.win), free_games: self.free_games.min(other.free_games) }
    }
}

/// What all combinations of stops of a mode come to: the full cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpinDistribution {
    /// How many combinations of stops there are, at most 10^24.
    pub cycle: u128,
    /// How many line bets a stake is.
    pub lines: u32,
    /// By what a spin comes to, in how many combinations it does; these add up to the cycle.
    pub ways: BTreeMap<SpinGain, u128>,
}

impl SpinDistribution {
    /// By what a spin pays in line bets, in how many combinations it does.
    #[must_use]
    pub fn wins(&self) -> BTreeMap<u64, u128> {
        let mut wins = BTreeMap::new();
        for (gain, ways) in &self.ways {
            *wins.entry(gain.win).or_insert(0) += ways;
        }
        wins
    }

    /// In how many combinations the free games awarded are as asked for.
    #[must_use]
    pub fn ways_of(&self, asked: impl Fn(&SpinGain) -> bool) -> u128 {
        self.ways.iter().filter(|(gain, _)| asked(gain)).map(|(_, ways)| ways).sum()
    }

    /// The mean of a whole number per combination.
    #[must_use]
    pub fn mean(&self, of: impl Fn(&SpinGain) -> u64) -> BigRational {
        let sum: BigInt = self.ways.iter().map(|(gain, ways)| BigInt::from(of(gain)) * *ways).sum();
        BigRational::new(sum, BigInt::from(self.cycle))
    }
}
