//! A line: reads the symbol that each reel shows on it.

use super::super::gain::Gain;
use super::super::machine::Rule;
use super::super::model::{Board, combine, uncombined};

/// A line from the first reel to the right.
pub(in super::super) struct LineRule<'a>(pub(in super::super) &'a Board);

/// A line from the last reel to the left; a run over all reels is left to [`LineRule`].
pub(in super::super) struct FromRight<'a>(pub(in super::super) &'a Board);

/// How far a line has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum Run {
    /// All cells so far count as some symbol. Their order means nothing to what goes on.
    On(Vec<u8>, Option<LineWin>),
    /// No symbol goes on.
    Ended(Option<LineWin>),
}

/// What a line wins, before the multipliers of the window. The order is that in which candidates are preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in super::super) struct LineWin {
    /// In bets, multiplied.
    pub(in super::super) pay: u64,
    is_wild: bool,
    /// The first symbol of the definition comes first.
    inverse: u8,
    pub(in super::super) count: usize,
}

impl LineWin {
    pub(in super::super) const fn symbol(&self) -> u8 {
        !self.inverse
    }
}

/// The symbols that all cells count as.
fn all_count_as(board: &Board, cells: &[u8]) -> u64 {
    cells.iter().fold(u64::MAX, |set, cell| set & board.counts_as[usize::from(*cell)])
}

/// The win of a symbol on a run of cells that all count as it.
fn win_of(board: &Board, symbol: u8, run: &[u8]) -> Option<LineWin> {
    let pay = board.pay(symbol, run.len());
    if pay == 0 || !run.contains(&symbol) {
        return None;
    }
    let how = board.combine;
    let helpers = run.iter().filter_map(|shown| board.helps(*shown, symbol));
    let multiplier = helpers.fold(uncombined(how, None), |all, one| combine(how, all, uncombined(how, Some(one))));
    let is_wild = board.wilds >> symbol & 1 == 1;
    Some(LineWin { pay: pay * multiplier.max(1), is_wild, inverse: !symbol, count: run.len() })
}

/// The best win of the symbols of a set on a run of cells that all count as each of them.
fn best_of(board: &Board, symbols: u64, run: &[u8]) -> Option<LineWin> {
    let mut shown = run.to_vec();
    shown.sort_unstable();
    shown.dedup();
    let own = shown.into_iter().filter(|symbol| symbols >> symbol & 1 == 1);
    own.filter_map(|symbol| win_of(board, symbol, run)).max()
}

impl LineRule<'_> {
    /// The win of a line after the last reel.
    pub(in super::super) fn result(&self, run: &Run) -> Option<LineWin> {
        match run {
            Run::On(cells, best) => (*best).max(best_of(self.0, all_count_as(self.0, cells), cells)),
            Run::Ended(best) => *best,
        }
    }
}

impl Rule for LineRule<'_> {
    const COST: u64 = 4;
    type State = Run;

    fn start(&self) -> Run {
        Run::On(Vec::new(), None)
    }

    fn next(&self, run: &Run, _reel: usize, shown: u16) -> (Run, Gain) {
        let Run::On(cells, best) = run else { return (run.clone(), Gain::default()) };
        let board = self.0;
        let before = all_count_as(board, cells);
        let shown = u8::try_from(shown).unwrap_or(0);
        let going = before & board.counts_as[usize::from(shown)];
        let best = (*best).max(best_of(board, before & !going, cells));
        if going == 0 {
            return (Run::Ended(best), Gain::default());
        }
        let mut cells = cells.clone();
        cells.push(shown);
        cells.sort_unstable();
        (Run::On(cells, best), Gain::default())
    }

    fn end(&self, run: &Run) -> Gain {
        Gain::win(self.result(run).map_or(0, |win| win.pay))
    }
}

impl FromRight<'_> {
    /// The win of a line after the last reel.
    pub(in super::super) fn result(&self, cells: &[u8]) -> Option<LineWin> {
        let board = self.0;
        let longest = board.reels.len() - 1;
        let mut best = None;
        for start in 0..cells.len() {
            let run = &cells[start..];
            // The symbols whose run begins here: those that the cell before does not count as.
            let before = start.checked_sub(1).map_or(0, |before| board.counts_as[usize::from(cells[before])]);
            if run.len() <= longest {
                best = best.max(best_of(board, all_count_as(board, run) & !before, run));
            }
        }
        best
    }
}

impl Rule for FromRight<'_> {
    const COST: u64 = 4;
    /// The last cells, as many as count as some symbol together.
    type State = Vec<u8>;

    fn start(&self) -> Vec<u8> {
        Vec::new()
    }

    fn next(&self, cells: &Vec<u8>, _reel: usize, shown: u16) -> (Vec<u8>, Gain) {
        let mut cells = cells.clone();
        cells.push(u8::try_from(shown).unwrap_or(0));
        while !cells.is_empty() && all_count_as(self.0, &cells) == 0 {
            cells.remove(0);
        }
        (cells, Gain::default())
    }

    fn end(&self, cells: &Vec<u8>) -> Gain {
        Gain::win(self.result(cells).map_or(0, |win| win.pay))
    }
}
