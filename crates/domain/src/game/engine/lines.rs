//! Wins on lines: one at most per line, or one at most from each end.
//!
//! The candidates of a line are all symbols. The run of a symbol goes from the end of the line over every
//! cell that shows it or a wild that stands for it, and counts when at least one cell shows the symbol
//! itself. It pays by its exact length, times what the multipliers of its other wilds come to. The best
//! candidate pays; on a tie wilds before others, then the first in the definition. From the right, a run
//! over all reels does not count: it is the same from the left.

use super::super::definition::MAX_REELS;
use super::featured::{Featured, Found, combined};
use super::outcome::WinKind;
use super::rules::Rules;
use super::window::{Window, bit};

impl Featured {
    /// The wins on these lines.
    pub(super) fn on_lines(
        &self,
        rules: &Rules,
        lines: &[[u8; MAX_REELS]],
        both_ways: bool,
        window: &Window,
    ) -> Vec<Found> {
        let reels = window.reels();
        let mut wins = Vec::new();
        for (number, line) in (1..).zip(lines) {
            let mut cells = [(0, 0); MAX_REELS];
            for (reel, cell) in cells.iter_mut().enumerate().take(reels) {
                let row = usize::from(line[reel]);
                *cell = (window.reel(reel).get(row).copied().unwrap_or(0), bit(reel, row));
            }
            let cells = &mut cells[..reels];
            wins.extend(self.on_line(rules, cells, reels, WinKind::Line { line: number }));
            if both_ways {
                cells.reverse();
                wins.extend(self.on_line(rules, cells, reels - 1, WinKind::LineFromRight { line: number }));
            }
        }
        wins
    }

    /// The best run of at most `longest` cells; of longer ones none counts.
    fn on_line(&self, rules: &Rules, cells: &[(u8, u64)], longest: usize, kind: WinKind) -> Option<Found> {
        let mut best: Option<Found> = None;
        // The symbols whose runs go on, and those that have shown themselves.
        let (mut going, mut shown) = (u64::MAX, 0_u64);
        for count in 0..=cells.len() {
            let next = cells.get(count).map_or(0, |(symbol, _)| rules.counts_as[usize::from(*symbol)]);
            let mut ended = going & !next & shown;
            while ended != 0 && count <= longest {
                let symbol = ended.trailing_zeros();
                ended &= ended - 1;
                let found = u8::try_from(symbol).ok().and_then(|symbol| self.run(rules, symbol, &cells[..count], kind));
                let rank = |found: &Found| (found.pay, rules.wilds >> found.symbol & 1, !found.symbol);
                best = best.into_iter().chain(found).max_by_key(rank);
            }
            going &= next;
            if let Some((symbol, _)) = cells.get(count) {
                shown |= going & 1 << symbol;
            }
            if going == 0 {
                break;
            }
        }
        best
    }

    /// A run with its pay; `None` when it pays nothing.
    fn run(&self, rules: &Rules, symbol: u8, cells: &[(u8, u64)], kind: WinKind) -> Option<Found> {
        let pay = self.pay(symbol, cells.len());
        if pay == 0 {
            return None;
        }
        let wilds = cells.iter().filter(|(shown, _)| *shown != symbol);
        let multiplier = combined(self.combine, wilds.map(|(wild, _)| rules.multiplier[usize::from(*wild)]));
        let count = cells.len();
        let cells = cells.iter().fold(0, |cells, (_, cell)| cells | cell);
        Some(Found { kind, symbol, count, multiplier, pay: pay * multiplier, cells })
    }
}
