//! What counts anywhere: scatters, and the patterns of wilds that are held.

use super::super::gain::Gain;
use super::super::machine::Rule;
use super::super::model::Board;

/// A scatter: reads how often it shows on each reel.
pub(in super::super) struct ScatterRule<'a> {
    pub(in super::super) board: &'a Board,
    /// Its place in the board's scatters.
    pub(in super::super) scatter: usize,
}

impl Rule for ScatterRule<'_> {
    const COST: u64 = 1;
    type State = usize;

    fn start(&self) -> usize {
        0
    }

    fn next(&self, count: &usize, _reel: usize, more: u16) -> (usize, Gain) {
        (count + usize::from(more), Gain::default())
    }

    fn end(&self, count: &usize) -> Gain {
        let scatter = &self.board.scatters[self.scatter];
        let pay = scatter.pays.get(*count).copied().unwrap_or(0);
        let award = scatter.awards.get(*count).copied().filter(|_| self.board.awarding).unwrap_or(0);
        Gain { win: pay * self.board.bets, free_games: award, key: 0 }
    }
}

/// The wilds that are held: reads the number of the pattern on each reel.
pub(in super::super) struct HoldRule {
    /// What the number of a reel's pattern is worth in that of all reels.
    pub(in super::super) worth: Vec<u32>,
}

impl Rule for HoldRule {
    const COST: u64 = 1;
    type State = ();

    fn start(&self) {}

    fn next(&self, _state: &(), reel: usize, pattern: u16) -> ((), Gain) {
        let key = u32::from(pattern) * self.worth.get(reel).copied().unwrap_or(0);
        ((), Gain { win: 0, free_games: 0, key })
    }

    fn end(&self, _state: &()) -> Gain {
        Gain::default()
    }
}
