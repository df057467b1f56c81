//! A symbol on ways: reads what each reel shows of it.

use std::collections::BTreeMap;

use super::super::gain::Gain;
use super::super::machine::Rule;
use super::super::model::{Board, combine, uncombined};

/// What one reel shows of a symbol.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in super::super) struct Shown {
    /// How many cells show the symbol itself.
    own: u64,
    /// The multipliers of the wilds that stand for it, in increasing order.
    wilds: Vec<u64>,
}

impl Shown {
    pub(in super::super) fn of(board: &Board, symbol: u8, cells: &[u8]) -> Self {
        let counted = || cells.iter().filter(|shown| board.counts(**shown, symbol));
        let mut wilds: Vec<u64> = counted().filter_map(|shown| board.helps(*shown, symbol)).collect();
        wilds.sort_unstable();
        Self { own: counted().filter(|shown| **shown == symbol).count() as u64, wilds }
    }

    const fn is_nothing(&self) -> bool {
        self.own == 0 && self.wilds.is_empty()
    }
}

/// A symbol on ways from the first reel, or from the last one.
pub(in super::super) struct WaysRule<'a> {
    pub(in super::super) board: &'a Board,
    pub(in super::super) symbol: u8,
    /// What the inputs stand for.
    pub(in super::super) inputs: &'a [Shown],
    pub(in super::super) from_right: bool,
}

/// The inputs of the run so far, in increasing order since their order means nothing; and whether it goes on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Ways {
    run: Vec<u16>,
    ended: bool,
}

impl WaysRule<'_> {
    /// The reels of the run and what its ways come to together, each counted as often as its wilds multiply it.
    pub(in super::super) fn result(&self, ways: &Ways) -> Option<(usize, u64)> {
        let reels = ways.run.len();
        // Ways over all reels are the same from the left.
        if self.board.pay(self.symbol, reels) == 0 || self.from_right && reels == self.board.reels.len() {
            return None;
        }
        let weight = self.weight(&ways.run);
        (weight > 0).then_some((reels, weight))
    }

    /// The sum over all ways that show the symbol itself of what their wilds come to.
    fn weight(&self, run: &[u16]) -> u64 {
        let how = self.board.combine;
        // By what the wilds so far come to, and whether the symbol has shown itself, how many ways.
        let mut ways = BTreeMap::from([((uncombined(how, None), false), 1_u64)]);
        for input in run {
            let Shown { own, wilds } = &self.inputs[usize::from(*input)];
            let mut next = BTreeMap::new();
            for ((multiplier, shown), count) in ways {
                if *own > 0 {
                    *next.entry((multiplier, true)).or_insert(0) += count * own;
                }
                for wild in wilds {
                    let multiplier = combine(how, multiplier, uncombined(how, Some(*wild)));
                    *next.entry((multiplier, shown)).or_insert(0) += count;
                }
            }
            ways = next;
        }
        let own = ways.into_iter().filter(|((_, shown), _)| *shown);
        own.map(|((multiplier, _), count)| multiplier.max(1) * count).sum()
    }
}

impl Rule for WaysRule<'_> {
    const COST: u64 = 4;
    type State = Ways;

    fn start(&self) -> Ways {
        Ways { run: Vec::new(), ended: false }
    }

    fn next(&self, ways: &Ways, _reel: usize, input: u16) -> (Ways, Gain) {
        let mut ways = ways.clone();
        if self.inputs[usize::from(input)].is_nothing() {
            if self.from_right {
                ways.run.clear();
            } else {
                ways.ended = true;
            }
        } else if !ways.ended {
            ways.run.push(input);
            ways.run.sort_unstable();
        }
        (ways, Gain::default())
    }

    fn end(&self, ways: &Ways) -> Gain {
        let result = self.result(ways);
        Gain::win(result.map_or(0, |(reels, weight)| self.board.pay(self.symbol, reels) * weight))
    }
}
