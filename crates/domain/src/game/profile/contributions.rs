//! What each symbol and count contributes: the wins of lines or ways, and of each scatter, over the full cycle.
//!
//! Lines, symbols and scatters are counted one by one here, with no regard to each other: a mean is the sum of means,
//! whether or not they depend on each other. So these figures cost little, and they check the distribution.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{One as _, Zero as _};

use super::super::definition::MAX_ROWS;
use super::budget::NotCounted;
use super::columns::{Columns, columns};
use super::hash::FixedState;
use super::machine::Rule;
use super::meter::Meter;
use super::model::{Board, Deck, Reel, Search};
use super::rules::{FromRight, LineRule, LineWin, Shown, WaysRule};
use super::spins::cycle_of;

/// The wins of one symbol at one count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contribution {
    pub(super) symbol: u8,
    pub(super) count: usize,
    /// Combinations in which one line, or the symbol on ways, or the scatter, wins so: on average over the lines.
    pub(super) combinations: BigRational,
    /// The share of the stake that it returns, the multiplier of free games included.
    pub(super) share: BigRational,
}

/// What a reader comes to: symbol and count, and what that pays in bets.
type Won = (u8, usize, u64);

/// By symbol, and the longest first: how often, and what it pays together.
type Sums = BTreeMap<(u8, Reverse<usize>), (BigUint, BigUint)>;

const EACH: &str = "what each symbol contributes";

/// The wins on lines or ways.
///
/// # Errors
/// [`NotCounted`] also where one window, or one symbol alone, does not tell what is paid.
pub(super) fn of_search(board: &Board, meter: &Meter<'_>) -> Result<Vec<Contribution>, NotCounted> {
    if !board.is_one_window() || !board.full_grid.is_empty() {
        return Err(NotCounted::OverBudget(EACH));
    }
    let reels = (0..board.reels.len()).map(|reel| columns(board, reel, None));
    let reels: Vec<Columns<BigUint>> = reels.collect::<Result<_, _>>()?;
    let mut sums = Sums::new();
    let readers = match &board.search {
        Search::Cluster => return Err(NotCounted::OverBudget(EACH)),
        Search::Lines { lines, both_ways } => {
            of_lines(board, &reels, lines, *both_ways, &mut Reading { sums: &mut sums, meter })?;
            lines.len()
        }
        Search::Ways { both_ways } => {
            of_ways(board, &reels, *both_ways, &mut Reading { sums: &mut sums, meter })?;
            1
        }
    };
    let cycle = BigInt::from(cycle_of(board));
    let contribution = |((symbol, count), (ways, paid)): ((u8, Reverse<usize>), (BigUint, BigUint))| Contribution {
        symbol,
        count: count.0,
        combinations: BigRational::new(ways.into(), readers.into()),
        share: BigRational::new(BigInt::from(paid) * board.multiply, &cycle * board.bets),
    };
    Ok(sums.into_iter().map(contribution).collect())
}

/// What a reel shows to one reader, each in how many ways.
type OfReel = Vec<(u16, BigUint)>;

/// Where wins are added up, and what that may cost.
struct Reading<'a> {
    sums: &'a mut Sums,
    meter: &'a Meter<'a>,
}

fn of_lines(
    board: &Board,
    reels: &[Columns<BigUint>],
    lines: &[Vec<usize>],
    both_ways: bool,
    reading: &mut Reading<'_>,
) -> Result<(), NotCounted> {
    let on_row = |columns: &Columns<BigUint>, row: usize| -> OfReel {
        let mut shown: BTreeMap<u16, BigUint> = BTreeMap::new();
        for (column, ways) in &columns.ways {
            *shown.entry(column.shown.get(row).copied().unwrap_or(0).into()).or_default() += ways;
        }
        shown.into_iter().collect()
    };
    let of_reel = |columns| (0..MAX_ROWS).map(|row| on_row(columns, row)).collect();
    let rows: Vec<Vec<OfReel>> = reels.iter().map(of_reel).collect();
    // Lines that are shown the same symbols in as many ways win the same.
    let mut alike: BTreeMap<Vec<&OfReel>, u64> = BTreeMap::new();
    for line in lines {
        let inputs = rows.iter().zip(line).filter_map(|(rows, row)| rows.get(*row));
        *alike.entry(inputs.collect()).or_insert(0) += 1;
    }
    for (inputs, lines) in alike {
        let won = |win: LineWin| (win.symbol(), win.count, win.pay);
        let rule = LineRule(board);
        reading.read(&rule, &inputs, |run| rule.result(run).map(won), lines)?;
        if both_ways {
            let rule = FromRight(board);
            reading.read(&rule, &inputs, |run| rule.result(run).map(won), lines)?;
        }
    }
    Ok(())
}

fn of_ways(
    board: &Board,
    reels: &[Columns<BigUint>],
    both_ways: bool,
    reading: &mut Reading<'_>,
) -> Result<(), NotCounted> {
    for symbol in board.paying() {
        let mut known: BTreeMap<Shown, u16> = BTreeMap::new();
        let mut inputs: Vec<OfReel> = Vec::with_capacity(reels.len());
        for columns in reels {
            let mut of_reel: BTreeMap<u16, BigUint> = BTreeMap::new();
            for (column, ways) in &columns.ways {
                let fresh = u16::try_from(known.len()).unwrap_or(u16::MAX);
                let input = *known.entry(Shown::of(board, symbol, &column.shown)).or_insert(fresh);
                *of_reel.entry(input).or_default() += ways;
            }
            inputs.push(of_reel.into_iter().collect());
        }
        let mut shown = vec![Shown::default(); known.len()];
        known.into_iter().for_each(|(of_symbol, at)| shown[usize::from(at)] = of_symbol);
        let inputs: Vec<&OfReel> = inputs.iter().collect();
        for from_right in [false, true].into_iter().take(1 + usize::from(both_ways)) {
            let rule = WaysRule { board, symbol, inputs: &shown, from_right };
            let won = |(count, weight): (usize, u64)| (symbol, count, board.pay(symbol, count) * weight);
            reading.read(&rule, &inputs, |ways| rule.result(ways).map(won), 1)?;
        }
    }
    Ok(())
}

impl Reading<'_> {
    /// Reads all inputs of every reel, each in as many ways as it has, and adds up what that wins for so many readers.
    fn read<R: Rule>(
        &mut self,
        rule: &R,
        inputs: &[&OfReel],
        won: impl Fn(&R::State) -> Option<Won>,
        readers: u64,
    ) -> Result<(), NotCounted> {
        let mut states: HashMap<R::State, BigUint, FixedState> = HashMap::from_iter([(rule.start(), BigUint::one())]);
        for (reel, inputs) in inputs.iter().enumerate() {
            self.meter.spend((states.len() * inputs.len()) as u64 * R::COST, EACH)?;
            let mut next: HashMap<R::State, BigUint, FixedState> = HashMap::default();
            for (state, ways) in states {
                for (input, more) in *inputs {
                    *next.entry(rule.next(&state, reel, *input).0).or_default() += &ways * more;
                }
            }
            states = next;
        }
        for (state, ways) in states {
            if let Some((symbol, count, pay)) = won(&state) {
                let ways = ways * readers;
                let sum = self.sums.entry((symbol, Reverse(count))).or_default();
                sum.1 += &ways * pay;
                sum.0 += ways;
            }
        }
        Ok(())
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
                let ways = BigInt::from(ways);
                let share = BigRational::new(&ways * pay * board.multiply, cycle.clone());
                let combinations = BigRational::from_integer(ways);
                found.push(Contribution { symbol: scatter.symbol, count, combinations, share });
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
