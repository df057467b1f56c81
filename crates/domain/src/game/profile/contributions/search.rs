//! What one window wins by symbol and count: over every line, symbol and cluster on its own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use num_bigint::BigUint;
use num_traits::One as _;

use super::super::super::definition::MAX_ROWS;
use super::super::budget::NotCounted;
use super::super::columns::{Columns, Held, columns};
use super::super::hash::FixedState;
use super::super::machine::Rule;
use super::super::meter::Meter;
use super::super::model::{Board, Search};
use super::super::rules::{ClusterRule, FromRight, Growing, LineRule, LineWin, Shown, WaysRule};
use super::{EACH, Key};

/// How many wins that are kept at once a state of a count takes the memory of.
const ENTRIES_OF_A_STATE: u64 = 8;

/// What one window wins.
pub(super) struct WindowWins {
    /// How many combinations it has.
    pub(super) cycle: BigUint,
    pub(super) wins: BTreeMap<Key, Sum>,
}

/// The wins of a symbol at a count, over all combinations and readers.
#[derive(Default)]
pub(super) struct Sum {
    pub(super) times: BigUint,
    /// In bets, but for the multiplier of free games.
    pub(super) paid: BigUint,
}

/// What a reader comes to: symbol and count, and what that pays in bets.
type Won = (u8, usize, u64);

/// What a reel shows to one reader, each in how many ways.
type OfReel = Vec<(u16, BigUint)>;

/// Counts the first window of a spin, or one in which wilds are held.
///
/// # Errors
/// [`NotCounted`] when there is too much to tell apart.
pub(super) fn of_window(board: &Board, held: Option<&[Held]>, meter: &Meter<'_>) -> Result<WindowWins, NotCounted> {
    let of_reel = |reel| columns(board, reel, held.and_then(|held| held.get(reel)));
    let reels: Vec<Columns<BigUint>> = (0..board.reels.len()).map(of_reel).collect::<Result<_, _>>()?;
    let cycle = reels.iter().fold(BigUint::one(), |all, reel| all * &reel.all);
    let mut wins = BTreeMap::new();
    Reading { board, wins: &mut wins, meter, extra: None }.search(&reels)?;
    for (symbols, multiplier) in &board.full_grid {
        for symbol in (0..64).filter(|symbol| symbols >> symbol & 1 == 1) {
            // The windows full of the symbol are among those above, and pay this much more.
            let full: Vec<Columns<BigUint>> = reels.iter().map(|columns| full_of(columns, symbol)).collect();
            if *multiplier > 1 && full.iter().all(|columns| !columns.ways.is_empty()) {
                let extra = Some(multiplier - 1);
                Reading { board, wins: &mut wins, meter, extra }.search(&full)?;
            }
        }
    }
    Ok(WindowWins { cycle, wins })
}

/// The columns that show one symbol only.
fn full_of(columns: &Columns<BigUint>, symbol: u8) -> Columns<BigUint> {
    let is_full = |shown: &[u8]| shown.iter().all(|shown| *shown == symbol);
    let ways: Vec<_> = columns.ways.iter().filter(|(column, _)| is_full(&column.shown)).cloned().collect();
    let all = ways.iter().map(|(_, ways)| ways).sum();
    Columns { ways, all }
}

/// Where wins are added up, and what that may cost.
struct Reading<'a> {
    board: &'a Board,
    wins: &'a mut BTreeMap<Key, Sum>,
    meter: &'a Meter<'a>,
    /// How many times more of wins that were added already, if they were.
    extra: Option<u64>,
}

impl Reading<'_> {
    fn search(&mut self, reels: &[Columns<BigUint>]) -> Result<(), NotCounted> {
        match &self.board.search {
            Search::Lines { lines, both_ways } => self.lines(reels, lines, *both_ways),
            Search::Ways { both_ways } => self.ways(reels, *both_ways),
            Search::Cluster => self.board.paying().into_iter().try_for_each(|symbol| self.clusters(reels, symbol)),
        }
    }

    fn lines(&mut self, reels: &[Columns<BigUint>], lines: &[Vec<usize>], both_ways: bool) -> Result<(), NotCounted> {
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
            let rule = LineRule(self.board);
            self.read(&rule, &inputs, |run| rule.result(run).map(won), lines)?;
            if both_ways {
                let rule = FromRight(self.board);
                self.read(&rule, &inputs, |run| rule.result(run).map(won), lines)?;
            }
        }
        Ok(())
    }

    fn ways(&mut self, reels: &[Columns<BigUint>], both_ways: bool) -> Result<(), NotCounted> {
        let board = self.board;
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
                self.read(&rule, &inputs, |ways| rule.result(ways).map(won), 1)?;
            }
        }
        Ok(())
    }

    /// The clusters of one symbol. A cluster is added where it ends, with all that later reels may show.
    fn clusters(&mut self, reels: &[Columns<BigUint>], symbol: u8) -> Result<(), NotCounted> {
        let board = self.board;
        let (columns, inputs): (Vec<Vec<Vec<u8>>>, Vec<OfReel>) =
            reels.iter().map(|columns| told_apart(board, columns, symbol)).unzip();
        let rule = ClusterRule { board, paying: vec![symbol], inputs: columns };
        let mut later = reels.iter().fold(BigUint::one(), |all, reel| all * &reel.all);
        let mut states: HashMap<Vec<Growing>, BigUint, FixedState> = HashMap::from_iter([(Vec::new(), BigUint::one())]);
        for (reel, (inputs, columns)) in inputs.iter().zip(reels).enumerate() {
            self.meter.spend((states.len() * inputs.len()) as u64 * ClusterRule::COST, EACH)?;
            later /= &columns.all;
            let mut next: HashMap<Vec<Growing>, BigUint, FixedState> = HashMap::default();
            for (state, ways) in states {
                for (input, more) in inputs {
                    let ways = &ways * more;
                    let (growing, ended) = rule.step(&state, reel, *input);
                    for cluster in ended {
                        self.add((symbol, cluster.cells, rule.pay(&cluster)), &ways * &later);
                    }
                    *next.entry(growing).or_default() += ways;
                }
            }
            self.fits(next.len())?;
            states = next;
        }
        for (growing, ways) in states {
            for cluster in growing {
                self.add((symbol, cluster.cells, rule.pay(&cluster)), ways.clone());
            }
        }
        Ok(())
    }

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
            self.fits(next.len())?;
            states = next;
        }
        for (state, ways) in states {
            if let Some(won) = won(&state) {
                self.add(won, ways * readers);
            }
        }
        Ok(())
    }

    fn fits(&self, states: usize) -> Result<(), NotCounted> {
        let entries = states as u64 * ENTRIES_OF_A_STATE;
        if entries > self.meter.entries() { Err(NotCounted::OverBudget(EACH)) } else { Ok(()) }
    }

    /// Adds a win that so many combinations have.
    fn add(&mut self, (symbol, count, pay): Won, ways: BigUint) {
        if pay == 0 {
            return;
        }
        let sum = self.wins.entry((symbol, Reverse(count))).or_default();
        sum.paid += &ways * pay * self.extra.unwrap_or(1);
        if self.extra.is_none() {
            sum.times += ways;
        }
    }
}

/// The columns of a reel as far as they differ for the clusters of one symbol, and the ways of each by its place.
fn told_apart(board: &Board, columns: &Columns<BigUint>, symbol: u8) -> (Vec<Vec<u8>>, OfReel) {
    // All symbols that do not count as this one are as good as one of them.
    let other = (0..).take(board.counts_as.len()).find(|other| !board.counts(*other, symbol));
    let read = |shown: &u8| if board.counts(*shown, symbol) { *shown } else { other.unwrap_or(*shown) };
    let mut alike: BTreeMap<Vec<u8>, BigUint> = BTreeMap::new();
    for (column, ways) in &columns.ways {
        *alike.entry(column.shown.iter().map(read).collect()).or_default() += ways;
    }
    let (columns, ways): (Vec<Vec<u8>>, Vec<BigUint>) = alike.into_iter().unzip();
    (columns, (0..).zip(ways).collect())
}
