//! What each symbol and count contributes: the wins of lines, ways or clusters, and of each scatter, on average over
//! all that may be drawn.
//!
//! Lines, symbols and scatters are counted one by one here, with no regard to each other: a mean is the sum of means,
//! whether or not they depend on each other. So these figures cost little, and they check the distribution.

mod respins;
mod search;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{One as _, Zero as _};

use super::budget::NotCounted;
use super::columns::{Columns, columns};
use super::meter::Meter;
use super::model::{Board, Deck, Reel, Search};
use super::spins::cycle_of;

/// The wins of one symbol at one count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contribution {
    pub(super) symbol: u8,
    pub(super) count: usize,
    /// How often a spin has such a win: of one line on average over the lines, of all clusters and windows together.
    pub(super) times: BigRational,
    /// The share of the stake that it returns, every multiplier included.
    pub(super) share: BigRational,
}

/// A symbol and a count, the longest first.
pub(super) type Key = (u8, Reverse<usize>);

/// What wins of a symbol at a count come to: how often, and what share of the stake.
pub(super) type Shares = (BigRational, BigRational);

impl From<(Key, Shares)> for Contribution {
    fn from(((symbol, count), (times, share)): (Key, Shares)) -> Self {
        Self { symbol, count: count.0, times, share }
    }
}

const EACH: &str = "what each symbol contributes";

/// The wins on lines, on ways or in clusters of a spin without cascades.
///
/// # Errors
/// [`NotCounted`] when it has too many states, or too many patterns of held wilds.
pub(super) fn of_search(board: &Board, meter: &Meter<'_>) -> Result<Vec<Contribution>, NotCounted> {
    let mut found: BTreeMap<Key, Shares> = BTreeMap::new();
    for (held, probability) in respins::windows(board, meter)? {
        let window = search::of_window(board, held.as_deref(), meter)?;
        let cycle = BigInt::from(window.cycle);
        for (key, sum) in window.wins {
            let (times, share) = found.entry(key).or_insert_with(|| (BigRational::zero(), BigRational::zero()));
            *times += &probability * BigRational::new(sum.times.into(), &cycle * readers(board));
            *share += &probability * BigRational::new(BigInt::from(sum.paid) * board.multiply, &cycle * board.bets);
        }
    }
    Ok(found.into_iter().map(Contribution::from).collect())
}

/// Of how many readers the frequencies of wins are the average: the lines, where there are lines.
pub(super) fn readers(board: &Board) -> usize {
    match &board.search {
        Search::Lines { lines, .. } => lines.len(),
        Search::Ways { .. } | Search::Cluster => 1,
    }
}

/// The wins of scatters, by symbol, the most first.
pub(super) fn of_scatters(board: &Board) -> Result<Vec<Contribution>, NotCounted> {
    let cycle = BigInt::from(cycle_of(board));
    let mut found = Vec::new();
    for scatter in &board.scatters {
        for (count, ways) in scatter_counts(board, scatter.symbol)?.into_iter().enumerate().rev() {
            let pay = scatter.pays.get(count).copied().unwrap_or(0);
            if pay > 0 && !ways.is_zero() {
                let times = BigRational::new(ways.into(), cycle.clone());
                let share = &times * BigInt::from(pay * board.multiply);
                found.push(Contribution { symbol: scatter.symbol, count, times, share });
            }
        }
    }
    Ok(found)
}

/// The sum of shares.
pub(super) fn total(contributions: &[Contribution]) -> BigRational {
    contributions.iter().fold(BigRational::zero(), |sum, one| sum + &one.share)
}

/// By how often a scatter shows in the first window, in how many combinations.
fn scatter_counts(board: &Board, symbol: u8) -> Result<Vec<BigUint>, NotCounted> {
    // A board on which all other symbols are one.
    let apart = |reel: &Reel| match &reel.deck {
        Deck::Strip(_) => reel.clone(),
        Deck::Weights(table) => {
            let of = |is_it: bool| table.iter().filter(|(shown, _)| (*shown == symbol) == is_it).map(|(_, w)| w).sum();
            Reel { deck: Deck::Weights(vec![(symbol, of(true)), (symbol ^ 1, of(false))]), ..reel.clone() }
        }
    };
    let plain = Board {
        reels: board.reels.iter().map(apart).collect(),
        search: Search::Ways { both_ways: false },
        expanding: 0,
        respins: 0,
        ..board.clone()
    };
    let mut counts = vec![BigUint::one()];
    for reel in 0..board.reels.len() {
        let columns: Columns<BigUint> = columns(&plain, reel, None)?;
        let mut of_reel: BTreeMap<usize, BigUint> = BTreeMap::new();
        for (column, ways) in &columns.ways {
            let count = column.drawn.iter().filter(|shown| **shown == symbol).count();
            *of_reel.entry(count).or_default() += ways;
        }
        let most = of_reel.keys().next_back().copied().unwrap_or(0);
        let mut next = vec![BigUint::zero(); counts.len() + most];
        for (count, ways) in counts.iter().enumerate() {
            for (more, of_reel) in &of_reel {
                next[count + more] += ways * of_reel;
            }
        }
        counts = next;
    }
    Ok(counts)
}

/// The free games that a spin awards on average.
pub(super) fn awarded(board: &Board) -> Result<BigRational, NotCounted> {
    let mut awarded = BigUint::zero();
    for scatter in board.scatters.iter().filter(|_| board.awarding) {
        for (count, ways) in scatter_counts(board, scatter.symbol)?.into_iter().enumerate() {
            awarded += ways * scatter.awards.get(count).copied().unwrap_or(0);
        }
    }
    Ok(BigRational::new(awarded.into(), cycle_of(board).into()))
}
