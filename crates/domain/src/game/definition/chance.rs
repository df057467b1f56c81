//! Exact chances by counting: how many scatters show, in how many of all combinations of stops or cells.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use num_traits::{One, Zero};

use super::model::{Grid, MAX_ROWS, Mode, Reels, Source, SymbolMap};

/// On how many stops of one strip the symbol shows any number of times.
fn reel_counts(strip: &[String], rows: usize, symbol: &str) -> [u128; MAX_ROWS + 1] {
    let mut stops = [0; MAX_ROWS + 1];
    for stop in 0..strip.len() {
        let shows = |row: &usize| strip.get((stop + row) % strip.len()).is_some_and(|name| name == symbol);
        let count = (0..rows).filter(shows).count();
        if let Some(slot) = stops.get_mut(count) {
            *slot += 1;
        }
    }
    stops
}

/// Whether rounds of free games stay short: each free game awards at most nine tenths of one on average.
///
/// Below one a round ends with certainty, but close to one it may go on for millions of free games.
/// Scatters are counted in the first window of a spin, so cascades and respins change nothing here.
pub(super) fn free_games_end(free: &Reels, map: &SymbolMap) -> bool {
    let Some(free_games) = map.free_games.as_ref().filter(|free_games| free_games.retrigger) else { return true };
    let is_scatter = |name: &String| {
        map.symbols.iter().any(|symbol| symbol.name == *name && symbol.role_in(Mode::Free).is_scatter())
    };
    let mut awarded = BigUint::zero();
    let mut all = BigUint::one();
    for (symbol, row) in free_games.awards.iter().filter(|(symbol, _)| is_scatter(symbol)) {
        let counts = Counts::of_window(free, &map.grid, symbol);
        for (count, award) in row {
            awarded += counts.ways.get(*count as usize).cloned().unwrap_or_default() * *award;
        }
        all = counts.all;
    }
    awarded * 10_u32 <= all * 9_u32
}

/// Of `all` equally likely draws, how many show a symbol each number of times.
struct Counts {
    ways: Vec<BigUint>,
    all: BigUint,
}

impl Counts {
    fn of_window(reels: &Reels, grid: &Grid, symbol: &str) -> Self {
        let mut window = Self { ways: vec![BigUint::one()], all: BigUint::one() };
        for (reel, height) in grid.heights().enumerate() {
            let all_rows = BTreeMap::from([(u32::try_from(height).unwrap_or(0), 1)]);
            let rows = reels.rows.as_ref().and_then(|rows| rows.get(reel)).unwrap_or(&all_rows);
            let of_reel = match &reels.source {
                Source::Strips(strips) => Self::of_strip(strips.get(reel).map_or(&[], Vec::as_slice), rows, symbol),
                Source::Weights(tables) => tables.get(reel).map(|table| Self::of_weights(table, rows, symbol)),
            };
            let Some(of_reel) = of_reel else { continue };
            window = window.and(&of_reel);
        }
        window
    }

    /// Both together, as they are independent of each other.
    fn and(&self, other: &Self) -> Self {
        let mut ways = vec![BigUint::zero(); self.ways.len() + other.ways.len() - 1];
        for (count, before) in self.ways.iter().enumerate().filter(|(_, before)| !before.is_zero()) {
            for (more, here) in other.ways.iter().enumerate().filter(|(_, here)| !here.is_zero()) {
                ways[count + more] += before * here;
            }
        }
        Self { ways, all: &self.all * &other.all }
    }

    /// One reel of a strip: each weight of a number of rows with each stop.
    fn of_strip(strip: &[String], rows: &BTreeMap<u32, u32>, symbol: &str) -> Option<Self> {
        let mut ways = vec![BigUint::zero(); MAX_ROWS + 1];
        for (height, weight) in rows {
            for (count, stops) in reel_counts(strip, *height as usize, symbol).into_iter().enumerate() {
                *ways.get_mut(count)? += BigUint::from(stops) * *weight;
            }
        }
        let weights: u64 = rows.values().map(|weight| u64::from(*weight)).sum();
        Some(Self { ways, all: BigUint::from(strip.len()) * weights })
    }

    /// One reel of cells drawn on their own: binomial, over the powers of the sum of weights.
    fn of_weights(table: &BTreeMap<String, u32>, rows: &BTreeMap<u32, u32>, symbol: &str) -> Self {
        let sum: u64 = table.values().map(|weight| u64::from(*weight)).sum();
        let own = u64::from(table.get(symbol).copied().unwrap_or(0));
        let most = rows.keys().next_back().copied().unwrap_or(0);
        let mut ways = vec![BigUint::zero(); MAX_ROWS + 1];
        for (height, weight) in rows {
            // Every number of rows is counted over as many cells as the largest one has.
            let padding = BigUint::from(sum).pow(most - height) * *weight;
            let mut choices = 1_u64;
            for (count, slot) in (0..=*height).zip(&mut ways) {
                *slot +=
                    BigUint::from(own).pow(count) * BigUint::from(sum - own).pow(height - count) * choices * &padding;
                choices = choices * u64::from(height - count) / u64::from(count + 1);
            }
        }
        let weights: u64 = rows.values().map(|weight| u64::from(*weight)).sum();
        Self { ways, all: BigUint::from(sum).pow(most) * weights }
    }
}
