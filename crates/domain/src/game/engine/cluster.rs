//! Wins in clusters: cells that share an edge, each of which shows a symbol or a wild that stands for it.
//!
//! A cluster of a symbol is as large as it can be and counts when at least one cell shows the symbol
//! itself. It pays by its exact size, times what the multipliers of its other wilds come to. A wild may be
//! in clusters of several symbols.

use super::featured::{Featured, Found, combined};
use super::outcome::WinKind;
use super::rules::Rules;
use super::window::{Window, neighbours, places};

impl Featured {
    /// The wins in clusters.
    pub(super) fn in_clusters(&self, rules: &Rules, window: &Window) -> Vec<Found> {
        let mut wins = Vec::new();
        for symbol in self.paying() {
            let own = if rules.counts_as[usize::from(symbol)] == 0 { 0 } else { window.showing(1 << symbol) };
            let counts_as = (0_u32..).zip(rules.counts_as).filter(|(_, as_what)| as_what >> symbol & 1 == 1);
            let all = window.showing(counts_as.fold(0, |symbols, (at, _)| symbols | 1 << at));
            let mut left = own;
            while left != 0 {
                let cells = cluster(left & left.wrapping_neg(), all);
                left &= !cells;
                let count = cells.count_ones() as usize;
                let pay = self.pay(symbol, count);
                if pay > 0 {
                    let wilds = places(cells & !own).filter_map(|(reel, row)| window.reel(reel).get(row));
                    let multiplier = combined(self.combine, wilds.map(|wild| rules.multiplier[usize::from(*wild)]));
                    let kind = WinKind::Cluster { cells };
                    wins.push(Found { kind, symbol, count, multiplier, pay: pay * multiplier, cells });
                }
            }
        }
        wins
    }
}

/// All of these cells that can be reached from the first ones.
fn cluster(first: u64, all: u64) -> u64 {
    let mut cells = first;
    loop {
        let more = (cells | neighbours(cells)) & all;
        if more == cells {
            return cells;
        }
        cells = more;
    }
}
