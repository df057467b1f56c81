//! What one line pays over all combinations of stops, in closed form.
//!
//! The rules are those of the engine. Combinations are grouped by how the line begins: `p` wilds, then
//! the first other symbol, then its run up to a length of `k`. Within a group all pay the same, and the
//! group's size is a product of counts, one per reel.

use super::chance;
use super::definition::{MAX_REELS, Reels, Role, Symbol, SymbolMap};

/// On how many stops of each reel something shows in a given row.
type Counts = [u128; MAX_REELS];

/// The sum of the pays of one line, in line bets, over all combinations of stops.
///
/// At most 10^24 combinations pay at most 10^9 each: 128 bits hold the sum.
pub(super) fn pay_over_cycle(map: &SymbolMap, reels: &Reels) -> u128 {
    let Reels::Strips(strips) = reels;
    let sizes = counts(strips, |_| true);
    let wild = map.symbols.iter().find(|symbol| matches!(symbol.role, Role::Wild { .. }));
    let wild_counts = wild.map_or([0; MAX_REELS], |wild| counts(strips, |name| name == wild.name));
    let line = Line { map, reels: strips.len(), sizes, wild, wild_counts };

    let mut total = 0;
    let mut stood_for = [0; MAX_REELS];
    for symbol in map.symbols.iter().filter(|symbol| symbol.role == Role::Regular) {
        let own = counts(strips, |name| name == symbol.name);
        if wild.is_some_and(|wild| symbol.is_substituted_by(&wild.role)) {
            total += line.pay_with_wilds(symbol, &own);
            for (sum, count) in stood_for.iter_mut().zip(own) {
                *sum += count;
            }
        } else {
            total += line.pay_alone(symbol, &own);
        }
    }
    let all = if line.wild_pay(line.reels) > 0 { chance::product(&wild_counts[..line.reels]) } else { 0 };
    total + line.wild_pay(line.reels) * all + line.pay_of_leading_wilds(&stood_for)
}

fn counts(strips: &[Vec<String>], shows: impl Fn(&str) -> bool) -> Counts {
    let mut counts = [0; MAX_REELS];
    for (count, strip) in counts.iter_mut().zip(strips) {
        *count = strip.iter().filter(|name| shows(name)).count() as u128;
    }
    counts
}

/// What the groups of one line are counted with.
struct Line<'a> {
    map: &'a SymbolMap,
    reels: usize,
    sizes: Counts,
    wild: Option<&'a Symbol>,
    wild_counts: Counts,
}

impl Line<'_> {
    fn pay(&self, symbol: &Symbol, length: usize) -> u128 {
        let row = self.map.pays.get(&symbol.name);
        let pay = row.and_then(|row| row.get(&u32::try_from(length).ok()?));
        pay.copied().unwrap_or(0).into()
    }

    fn wild_pay(&self, length: usize) -> u128 {
        self.wild.map_or(0, |wild| self.pay(wild, length))
    }

    fn wild_multiplier(&self) -> u128 {
        match self.wild.map(|wild| &wild.role) {
            Some(Role::Wild { multiplier, .. }) => (*multiplier).into(),
            _ => 1,
        }
    }

    /// How many ways the reels from `length` on have to end a run there: `goes_on` would prolong it.
    fn ends(&self, length: usize, goes_on: impl Fn(usize) -> u128) -> u128 {
        if length == self.reels {
            return 1;
        }
        (self.sizes[length] - goes_on(length)) * chance::product(&self.sizes[length + 1..self.reels])
    }

    /// A symbol that no wild stands for: runs of itself alone.
    fn pay_alone(&self, symbol: &Symbol, own: &Counts) -> u128 {
        let runs = 1..=self.reels;
        runs.map(|k| self.pay(symbol, k) * chance::product(&own[..k]) * self.ends(k, |reel| own[reel])).sum()
    }

    /// A symbol that the wild stands for: its runs with and without wilds, against the wilds before it.
    fn pay_with_wilds(&self, symbol: &Symbol, own: &Counts) -> u128 {
        let either = |reel: usize| own[reel] + self.wild_counts[reel];
        let mut total = 0;
        for k in 1..=self.reels {
            let ends = self.ends(k, either);
            let plain = self.pay(symbol, k);
            let helped = plain * self.wild_multiplier();
            let without = chance::product(&own[..k]);
            total += ends * without * plain;
            for (p, first) in own.iter().enumerate().take(k) {
                let tail: u128 = (p + 1..k).map(either).product();
                let mut ways = chance::product(&self.wild_counts[..p]) * first * tail;
                if p == 0 {
                    ways -= without;
                }
                let wilds_alone = if p == 0 { 0 } else { self.wild_pay(p) };
                total += ends * ways * helped.max(wilds_alone);
            }
        }
        total
    }

    /// Wilds at the start of the line, then a symbol that they do not stand for.
    fn pay_of_leading_wilds(&self, stood_for: &Counts) -> u128 {
        let runs = 1..self.reels;
        runs.map(|p| {
            let ends = self.ends(p, |reel| self.wild_counts[reel] + stood_for[reel]);
            self.wild_pay(p) * chance::product(&self.wild_counts[..p]) * ends
        })
        .sum()
    }
}
