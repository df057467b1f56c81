//! Wins on ways: every choice of one cell per reel, on adjacent reels from the first one.
//!
//! Each symbol is looked for on its own, over as many reels as show it or a wild that stands for it. Its
//! ways are the choices of one such cell on each of these reels, at least one of which shows the symbol
//! itself. Each way pays what the symbol pays for so many reels, times what the multipliers of its wilds
//! come to; the sum is one win. Ways are counted, not listed: the sums over all choices factor by reel.

use super::super::definition::{Combine, MAX_REELS, MAX_ROWS};
use super::featured::{Featured, Found};
use super::outcome::WinKind;
use super::rules::Rules;
use super::window::{Window, bit};

/// What one reel shows of a symbol.
#[derive(Clone, Copy, Default)]
struct Shown {
    /// How many cells show the symbol itself.
    own: u64,
    /// The multipliers of the wilds that stand for it.
    wilds: [u64; MAX_ROWS],
    helpers: usize,
    own_cells: u64,
    wild_cells: u64,
}

impl Shown {
    fn wilds(&self) -> &[u64] {
        &self.wilds[..self.helpers]
    }

    fn cells(&self) -> u64 {
        self.own + self.helpers as u64
    }
}

impl Featured {
    /// The wins on ways.
    pub(super) fn on_ways(&self, rules: &Rules, both_ways: bool, window: &Window) -> Vec<Found> {
        let mut wins = Vec::new();
        for symbol in self.paying() {
            let mut reels = [Shown::default(); MAX_REELS];
            for (reel, shown) in reels.iter_mut().enumerate().take(window.reels()) {
                *shown = shown_on(rules, window, symbol, reel);
            }
            let reels = &mut reels[..window.reels()];
            wins.extend(self.ways_of(symbol, reels, reels.len(), false));
            if both_ways {
                reels.reverse();
                // Ways over all reels are the same from the left.
                wins.extend(self.ways_of(symbol, reels, reels.len() - 1, true));
            }
        }
        wins
    }

    fn ways_of(&self, symbol: u8, reels: &[Shown], longest: usize, from_right: bool) -> Option<Found> {
        let count = reels.iter().take_while(|shown| shown.cells() > 0).count();
        let pay = self.pay(symbol, count);
        if pay == 0 || count > longest {
            return None;
        }
        let reels = reels.get(..count)?;
        let of_wilds: u64 = reels.iter().map(|shown| shown.helpers as u64).product();
        let ways = reels.iter().map(Shown::cells).product::<u64>() - of_wilds;
        if ways == 0 {
            return None;
        }
        let weight = weight(self.combine, reels, true) - weight(self.combine, reels, false);
        let cells = cells_of(reels);
        let kind = WinKind::Ways { ways, weight, from_right, cells };
        Some(Found { kind, symbol, count, multiplier: 1, pay: pay * weight, cells })
    }
}

fn shown_on(rules: &Rules, window: &Window, symbol: u8, reel: usize) -> Shown {
    let mut shown = Shown::default();
    for (row, cell) in window.reel(reel).iter().enumerate() {
        if rules.counts_as[usize::from(*cell)] >> symbol & 1 == 0 {
            continue;
        }
        if *cell == symbol {
            shown.own += 1;
            shown.own_cells |= bit(reel, row);
        } else {
            shown.wilds[shown.helpers] = rules.multiplier[usize::from(*cell)];
            shown.helpers += 1;
            shown.wild_cells |= bit(reel, row);
        }
    }
    shown
}

/// The cells that are part of a way: a wild's only where another reel shows the symbol itself.
fn cells_of(reels: &[Shown]) -> u64 {
    let showing = reels.iter().filter(|shown| shown.own > 0).count();
    reels.iter().fold(0, |cells, shown| {
        let elsewhere = showing > usize::from(shown.own > 0);
        cells | shown.own_cells | if elsewhere { shown.wild_cells } else { 0 }
    })
}

/// The sum over all ways of what their wilds multiply by, with the symbol's own cells or over wilds alone.
fn weight(combine: Combine, reels: &[Shown], with_own: bool) -> u64 {
    let own = |shown: &Shown| if with_own { shown.own } else { 0 };
    let over = |of_reel: &dyn Fn(&Shown) -> u64| reels.iter().map(of_reel).product::<u64>();
    match combine {
        Combine::Product => over(&|shown| own(shown) + shown.wilds().iter().sum::<u64>()),
        Combine::Highest => {
            let mut steps: Vec<u64> = reels.iter().flat_map(Shown::wilds).copied().chain([1]).collect();
            steps.sort_unstable();
            steps.dedup();
            let mut before = 0;
            let mut sum = 0;
            for step in steps {
                // The ways whose highest multiplier is at most this one, less those of the steps before.
                let upto =
                    over(&|shown| own(shown) + shown.wilds().iter().filter(|wild| **wild <= step).count() as u64);
                sum += step * (upto - before);
                before = upto;
            }
            sum
        }
        Combine::Sum => {
            // The ways so far, the sum of their multipliers, and those that have no multiplier at all.
            let (mut ways, mut sum) = (1, 0);
            for shown in reels {
                let multipliers: u64 = shown.wilds().iter().filter(|wild| **wild > 1).sum();
                let cells = own(shown) + shown.helpers as u64;
                sum = sum * cells + ways * multipliers;
                ways *= cells;
            }
            sum + over(&|shown| own(shown) + shown.wilds().iter().filter(|wild| **wild == 1).count() as u64)
        }
    }
}
