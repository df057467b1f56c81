//! What each symbol and count contributes: the wins of one line, and of each scatter, over the full cycle.
//!
//! Whatever its rows, a line shows each symbol of a reel on as many stops as the strip has of it. So all
//! lines win the same over the cycle, and the share of one line in its bet is that of all in the stake.

use std::collections::{BTreeMap, HashMap};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::hash::FixedState;
use super::machine::{LineRule, LineWin, Rule as _, Run};
use super::model::ModeModel;

/// The wins of one symbol at one count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contribution {
    pub(super) symbol: u16,
    pub(super) count: usize,
    /// Combinations of stops in which one line, or the scatter, wins so.
    pub(super) ways: u128,
    /// The share of the stake that it returns, the multiplier of free games included.
    pub(super) share: BigRational,
}

/// The wins of lines, by symbol, the longest first.
pub(super) fn of_lines(mode: &ModeModel<'_>) -> Vec<Contribution> {
    let mut grouped: BTreeMap<(u16, std::cmp::Reverse<usize>), (u128, BigInt)> = BTreeMap::new();
    for (win, ways) in line_wins(mode) {
        let entry = grouped.entry((win.symbol, std::cmp::Reverse(win.count))).or_default();
        entry.0 += ways;
        entry.1 += BigInt::from(ways) * win.pay * mode.multiplier;
    }
    let cycle = BigInt::from(mode.cycle());
    grouped
        .into_iter()
        .map(|((symbol, count), (ways, paid))| Contribution {
            symbol,
            count: count.0,
            ways,
            share: BigRational::new(paid, cycle.clone()),
        })
        .collect()
}

/// The wins of scatters, by symbol, the most first.
pub(super) fn of_scatters(mode: &ModeModel<'_>) -> Vec<Contribution> {
    let cycle = BigInt::from(mode.cycle());
    let mut found = Vec::new();
    for scatter in &mode.model.scatters {
        let paying = scatter_counts(mode, scatter.symbol).into_iter().rev();
        for (count, ways) in paying {
            let pay = scatter.pays.get(count).copied().unwrap_or(0);
            if pay > 0 && ways > 0 {
                let share = BigRational::new(BigInt::from(ways) * pay * mode.multiplier, cycle.clone());
                found.push(Contribution { symbol: scatter.symbol, count, ways, share });
            }
        }
    }
    found
}

/// The sum of shares.
pub(super) fn total(contributions: &[Contribution]) -> BigRational {
    contributions.iter().fold(BigRational::zero(), |sum, one| sum + &one.share)
}

/// In how many combinations one line wins in each way.
fn line_wins(mode: &ModeModel<'_>) -> BTreeMap<LineWin, u128> {
    let rule = LineRule(mode);
    let mut runs: HashMap<Run, u128, FixedState> = HashMap::from_iter([(rule.start(), 1)]);
    for (reel, strip) in mode.strips.iter().enumerate() {
        let mut shown: BTreeMap<u16, u128> = BTreeMap::new();
        for symbol in strip {
            *shown.entry(*symbol).or_insert(0) += 1;
        }
        let mut next: HashMap<Run, u128, FixedState> = HashMap::default();
        for (run, ways) in runs {
            for (symbol, stops) in &shown {
                *next.entry(rule.next(&run, reel, *symbol)).or_insert(0) += ways * stops;
            }
        }
        runs = next;
    }
    let mut wins = BTreeMap::new();
    for (run, ways) in runs {
        if let Some(win) = rule.result(&run) {
            *wins.entry(win).or_insert(0) += ways;
        }
    }
    wins
}

/// In how many combinations a scatter shows each number of times.
fn scatter_counts(mode: &ModeModel<'_>, symbol: u16) -> BTreeMap<usize, u128> {
    let mut counts = BTreeMap::from([(0, 1)]);
    for strip in mode.strips {
        let mut next = BTreeMap::new();
        for stop in 0..strip.len() {
            let window = strip.iter().cycle().skip(stop).take(mode.model.rows);
            let more = window.filter(|shown| **shown == symbol).count();
            for (count, ways) in &counts {
                *next.entry(count + more).or_insert(0) += ways;
            }
        }
        counts = next;
    }
    counts
}

/// The free games that a spin awards on average.
pub(super) fn awarded(mode: &ModeModel<'_>) -> BigRational {
    let mut awarded = BigInt::zero();
    for scatter in mode.model.scatters.iter().filter(|_| mode.awarding) {
        for (count, ways) in scatter_counts(mode, scatter.symbol) {
            awarded += BigInt::from(ways) * scatter.awards.get(count).copied().unwrap_or(0);
        }
    }
    BigRational::new(awarded, BigInt::from(mode.cycle()))
}
