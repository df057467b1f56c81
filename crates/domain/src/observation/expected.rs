//! How often each symbol is expected to show on a reel, and how far from that the counts are.
//!
//! The cells of a reel are not independent of each other: on a strip, neighbours show together. So a plain
//! Pearson test over all cells would see faults where there are none. The counts of whole windows are independent
//! of each other, and their mean and covariance are known exactly from the strip or the weights. For counts `X` of
//! `n` windows with mean `m` and covariance `S` each, `(X − n·m)ᵀ (n·S)⁻ (X − n·m)` has a chi-square distribution
//! with as many degrees of freedom as `S` has rank, for large `n` (D. S. Moore, "Generalized inverses, Wald's
//! method, and the construction of chi-squared tests of fit", Journal of the American Statistical Association 72,
//! 1977). With one cell per window it is Pearson's test.

use std::collections::BTreeMap;

use crate::game::definition::{Grid, Reels, Source};

/// Less than this share of the largest variance is rounding.
const ROUNDING: f64 = 1e-9;

/// The mean and covariance of how often each symbol shows in one window of a reel.
#[derive(Clone, Debug, PartialEq)]
pub struct ReelMoments {
    /// The symbols that the reel has.
    pub symbols: Vec<String>,
    /// How often each shows in a window on average.
    pub mean: Vec<f64>,
    /// The covariance of two of them.
    pub covariance: Vec<Vec<f64>>,
}

/// How far counts are from what was expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaldStatistic {
    /// The quadratic form; infinite for counts that the reel cannot show.
    pub value: f64,
    /// The rank of the covariance.
    pub degrees_of_freedom: u32,
}

impl ReelMoments {
    /// Of every reel of a mode.
    #[must_use]
    pub fn of_mode(reels: &Reels, grid: &Grid) -> Vec<Self> {
        let of_reel = |(reel, height): (usize, usize)| {
            let all_rows = BTreeMap::from([(u32::try_from(height).unwrap_or(0), 1)]);
            let rows = reels.rows.as_ref().and_then(|rows| rows.get(reel)).unwrap_or(&all_rows);
            match &reels.source {
                Source::Strips(strips) => Self::of_strip(strips.get(reel).map_or(&[], Vec::as_slice), rows),
                Source::Weights(tables) => Self::of_weights(tables.get(reel), rows),
            }
        };
        grid.heights().enumerate().map(of_reel).collect()
    }

    /// A strip: every stop alike, with each number of rows by its weight.
    #[allow(clippy::cast_precision_loss)]
    fn of_strip(strip: &[String], rows: &BTreeMap<u32, u32>) -> Self {
        let mut symbols = strip.to_vec();
        symbols.sort_unstable();
        symbols.dedup();
        let stops: Vec<usize> = strip.iter().filter_map(|stop| symbols.binary_search(stop).ok()).collect();
        let weights: f64 = rows.values().map(|weight| f64::from(*weight)).sum();
        let mut moments = Self::zero(symbols);
        for (height, weight) in rows {
            let share = f64::from(*weight) / weights / strip.len() as f64;
            for stop in 0..stops.len() {
                let mut shown = vec![0.0; moments.symbols.len()];
                for symbol in stops.iter().cycle().skip(stop).take(*height as usize) {
                    shown[*symbol] += 1.0;
                }
                moments.add(&shown, share);
            }
        }
        moments.centred()
    }

    /// Cells drawn on their own: a multinomial of so many cells, mixed over the numbers of rows.
    fn of_weights(table: Option<&BTreeMap<String, u32>>, rows: &BTreeMap<u32, u32>) -> Self {
        let shown = || table.into_iter().flatten().filter(|(_, weight)| **weight > 0);
        let mut moments = Self::zero(shown().map(|(symbol, _)| symbol.clone()).collect());
        let sum: f64 = shown().map(|(_, weight)| f64::from(*weight)).sum();
        let shares: Vec<f64> = shown().map(|(_, weight)| f64::from(*weight) / sum).collect();
        let weights: f64 = rows.values().map(|weight| f64::from(*weight)).sum();
        let mean_of = |power: i32| -> f64 {
            rows.iter().map(|(height, weight)| f64::from(*height).powi(power) * f64::from(*weight) / weights).sum()
        };
        let (height, square) = (mean_of(1), mean_of(2));
        let spread = square - height * height;
        for (at, one) in shares.iter().enumerate() {
            moments.mean[at] = height * one;
            for (with, other) in shares.iter().enumerate() {
                let own = if at == with { height * one } else { 0.0 };
                moments.covariance[at][with] = own + (spread - height) * one * other;
            }
        }
        moments
    }

    fn zero(symbols: Vec<String>) -> Self {
        let count = symbols.len();
        Self { symbols, mean: vec![0.0; count], covariance: vec![vec![0.0; count]; count] }
    }

    /// Adds a window to the first and second moments.
    fn add(&mut self, shown: &[f64], share: f64) {
        for (at, one) in shown.iter().enumerate().filter(|(_, one)| **one > 0.0) {
            self.mean[at] += share * one;
            for (with, other) in shown.iter().enumerate() {
                self.covariance[at][with] += share * one * other;
            }
        }
    }

    /// Second moments made into covariances.
    fn centred(mut self) -> Self {
        for (at, row) in self.covariance.iter_mut().enumerate() {
            for (with, value) in row.iter_mut().enumerate() {
                *value -= self.mean[at] * self.mean[with];
            }
        }
        self
    }

    /// How far the counts of so many windows are from their mean.
    ///
    /// By elimination with the largest remaining variance as the pivot: what is eliminated adds the square of what
    /// remains of its difference over its remaining variance, until no variance remains.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn statistic(&self, windows: u64, counts: &BTreeMap<String, u64>) -> WaldStatistic {
        let n = windows as f64;
        let count_of = |symbol: &String| counts.get(symbol).copied().unwrap_or(0) as f64;
        let difference = self.symbols.iter().zip(&self.mean).map(|(symbol, mean)| count_of(symbol) - n * mean);
        let mut difference: Vec<f64> = difference.collect();
        let mut left = self.covariance.clone();
        let largest = (0..left.len()).map(|at| left[at][at]).fold(0.0, f64::max);
        let (mut value, mut degrees_of_freedom) = (0.0, 0);
        let mut open: Vec<usize> = (0..left.len()).collect();
        while let Some(place) =
            (0..open.len()).max_by(|a, b| left[open[*a]][open[*a]].total_cmp(&left[open[*b]][open[*b]]))
        {
            let pivot = open[place];
            let variance = left[pivot][pivot];
            if variance <= largest * ROUNDING {
                break;
            }
            open.swap_remove(place);
            value += difference[pivot] * difference[pivot] / variance;
            degrees_of_freedom += 1;
            let row = left[pivot].clone();
            for at in &open {
                let factor = left[*at][pivot] / variance;
                difference[*at] -= factor * difference[pivot];
                for with in &open {
                    left[*at][*with] -= factor * row[*with];
                }
            }
        }
        // What has no variance left must be as the rest says, and a symbol that the reel lacks must not show.
        let foreign = counts.iter().any(|(symbol, count)| *count > 0 && !self.symbols.contains(symbol));
        let impossible = foreign || open.iter().any(|at| difference[*at].abs() > 1e-6 * n.max(1.0));
        let value = if impossible {
            f64::INFINITY
        } else if n > 0.0 {
            value / n
        } else {
            0.0
        };
        WaldStatistic { value, degrees_of_freedom }
    }
}
