//! Tests of draws: whether final stop positions look uniform and independent.
//!
//! In the style of GLI-19 ("Interactive Gaming Systems", section 3.2.2): the numbers that are tested are the
//! stops that the game uses, after scaling, and the confidence is 99 %. A good generator fails one test in a
//! hundred, so a few values beyond their limits are no fault: [`most_beyond`] tells how many are.

use serde::Serialize;

use super::statistics::{NORMAL, chi_square_quantile};

/// Where the chi-square test is described.
pub const CHI_SQUARE_SOURCE: &str = "NIST/SEMATECH e-Handbook 1.3.5.15";
/// Where the runs test is described.
pub const RUNS_SOURCE: &str = "NIST/SEMATECH e-Handbook 1.3.5.13";
/// Where the serial correlation test is described.
pub const SERIAL_SOURCE: &str = "Knuth, TAOCP volume 2, 3.3.2 K";

/// One test of one reel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawTest {
    /// The reel, from 1.
    pub reel: usize,
    /// What was tested.
    pub name: &'static str,
    /// What came out.
    pub statistic: f64,
    /// The most that its magnitude may be at 99 %.
    pub critical: f64,
    /// Where the test is described.
    pub source: &'static str,
}

impl DrawTest {
    /// Whether the statistic is within its limit.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.statistic.abs() <= self.critical
    }
}

/// The stops of one reel, counted as they come.
#[derive(Clone, Debug)]
pub struct ReelTests {
    counts: Vec<u64>,
    /// Stops in the lower half of the strip, and in the upper one; the middle of an odd strip is in neither.
    halves: [u64; 2],
    last_half: Option<bool>,
    runs: u64,
    ends: Option<(u32, u32)>,
    /// The sum of the products of neighbours.
    products: u128,
}

impl ReelTests {
    /// For a reel with so many stops.
    #[must_use]
    pub fn new(stops: u32) -> Self {
        let counts = vec![0; stops as usize];
        Self { counts, halves: [0; 2], last_half: None, runs: 0, ends: None, products: 0 }
    }

    /// Counts a stop, from 0. One past the end of the strip counts as none, and so shows in the chi-square test.
    pub fn record(&mut self, stop: u32) {
        if let Some(count) = self.counts.get_mut(stop as usize) {
            *count += 1;
        }
        let (twice, middle) = (2 * stop as usize + 1, self.counts.len());
        if twice != middle {
            let upper = twice > middle;
            self.halves[usize::from(upper)] += 1;
            self.runs += u64::from(self.last_half != Some(upper));
            self.last_half = Some(upper);
        }
        self.ends = match self.ends {
            None => Some((stop, stop)),
            Some((first, last)) => {
                self.products += u128::from(last) * u128::from(stop);
                Some((first, stop))
            }
        };
    }

    /// The three tests of this reel.
    #[must_use]
    pub fn tests(&self, reel: usize) -> [DrawTest; 3] {
        let degrees = u32::try_from(self.counts.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let [.., (_, normal)] = NORMAL;
        let test = |name, statistic, critical, source| DrawTest { reel, name, statistic, critical, source };
        [
            test("chi-square", self.chi_square(), chi_square_quantile(degrees, 0.99), CHI_SQUARE_SOURCE),
            test("runs", self.runs(), normal, RUNS_SOURCE),
            test("serial correlation", self.serial_correlation(), normal, SERIAL_SOURCE),
        ]
    }

    /// `Σ (observed - expected)² / expected` over the stops, all expected alike; as many degrees of freedom as
    /// stops, less one.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn chi_square(&self) -> f64 {
        let all: u64 = self.counts.iter().sum();
        let expected = all as f64 / self.counts.len() as f64;
        if all == 0 { 0.0 } else { self.counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum() }
    }

    /// The runs of stops in the lower or upper half of the strip (Wald and Wolfowitz), as a standard normal
    /// value: with `a` and `b` stops in the halves, the mean is `2ab / n + 1` and the variance
    /// `2ab (2ab - n) / (n² (n - 1))`. Positive when there are too many runs. 0 when a half has none.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn runs(&self) -> f64 {
        let [lower, upper] = self.halves.map(|half| half as f64);
        let (all, twice) = (lower + upper, 2.0 * lower * upper);
        let variance = twice * (twice - all) / (all * all * (all - 1.0));
        if variance > 0.0 { (self.runs as f64 - twice / all - 1.0) / variance.sqrt() } else { 0.0 }
    }

    /// The serial correlation of each stop with the next, the first following the last, as a standard normal
    /// value: `(n Σ UV - (Σ U)²) / (n Σ U² - (Σ U)²)` has the mean `-1 / (n - 1)` and the variance
    /// `n² / ((n - 1)² (n - 2))`. 0 for fewer than three stops, or when all are the same.
    #[must_use]
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
    pub fn serial_correlation(&self) -> f64 {
        let Some((first, last)) = self.ends else { return 0.0 };
        let (mut count, mut sum, mut squares) = (0_i128, 0_i128, 0_i128);
        for (stop, times) in (0_i128..).zip(&self.counts) {
            count += i128::from(*times);
            sum += i128::from(*times) * stop;
            squares += i128::from(*times) * stop * stop;
        }
        let products = self.products as i128 + i128::from(first) * i128::from(last);
        let below = count * squares - sum * sum;
        if count < 3 || below == 0 {
            return 0.0;
        }
        let correlation = (count * products - sum * sum) as f64 / below as f64;
        let n = count as f64;
        (correlation + 1.0 / (n - 1.0)) / (n / ((n - 1.0) * (n - 2.0).sqrt()))
    }
}

/// How many of so many independent tests at 99 % may lie beyond their limits before that is a fault: more have
/// a probability under one in a thousand (binomial distribution).
#[must_use]
pub fn most_beyond(tests: u32) -> u32 {
    let mut term = 0.99_f64.powf(f64::from(tests));
    let (mut beyond, mut within) = (0, term);
    while beyond < tests && 1.0 - within >= 0.001 {
        term *= f64::from(tests - beyond) / f64::from(beyond + 1) * 0.01 / 0.99;
        beyond += 1;
        within += term;
    }
    beyond
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fairness::{Draws as _, FairStream, ServerSeed};
    use std::num::NonZeroU32;

    fn of(stops: u32, drawn: &[u32]) -> ReelTests {
        let mut tests = ReelTests::new(stops);
        drawn.iter().for_each(|stop| tests.record(*stop));
        tests
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    /// Counts 1, 2, 3, 2 of 8: (1 + 0 + 1 + 0) / 2.
    #[test]
    fn chi_square_is_that_of_hand() {
        near(of(4, &[0, 1, 1, 2, 2, 2, 3, 3]).chi_square(), 1.0);
        near(of(2, &[0, 0, 0, 0]).chi_square(), 4.0);
        near(of(2, &[]).chi_square(), 0.0);
    }

    /// Lower, lower, upper, lower, upper, upper: 4 runs, 3 and 3 of a half; mean 4, so 0. Of five stops the
    /// middle one is in no half. Four and four in two runs: mean 5, variance 32 · 24 / (64 · 7) = 12 / 7.
    #[test]
    fn runs_are_those_of_hand() {
        near(of(4, &[0, 1, 2, 1, 3, 3]).runs(), 0.0);
        near(of(5, &[0, 2, 1, 3, 2, 1, 4, 3]).runs(), 0.0);
        near(of(2, &[0, 0, 0, 0, 1, 1, 1, 1]).runs(), -3.0 / (12.0_f64 / 7.0).sqrt());
        near(of(2, &[0, 0]).runs(), 0.0);
    }

    /// 0, 1, 2, 3: n Σ UV = 4 · (0 + 2 + 6 + 0) = 32, (Σ U)² = 36, n Σ U² = 56: -4 / 20 = -0.2; the mean is
    /// -1 / 3, the variance 16 / (9 · 2).
    #[test]
    fn serial_correlation_is_that_of_hand() {
        near(of(4, &[0, 1, 2, 3]).serial_correlation(), (1.0 / 3.0 - 0.2) / (16.0_f64 / 18.0).sqrt());
        near(of(4, &[2, 2, 2, 2]).serial_correlation(), 0.0);
        near(of(4, &[]).serial_correlation(), 0.0);
    }

    /// 0.99^15 = 0.8601, with one 0.9904, with two 0.9996.
    #[test]
    fn a_few_failures_are_expected() {
        assert_eq!([0, 1, 15, 100].map(most_beyond), [0, 1, 2, 5]);
    }

    #[test]
    fn flawed_draws_are_caught() {
        let mut stream = FairStream::new(&ServerSeed([3; 32]), "quality", 0);
        let fair: Vec<u32> = (0..50_000).map(|_| stream.below(NonZeroU32::new(25).unwrap())).collect();
        assert!(of(25, &fair).tests(1).iter().all(DrawTest::passed));
        let biased: Vec<u32> = fair.iter().map(|stop| if *stop == 0 { 1 } else { *stop }).collect();
        assert!(!of(25, &biased).tests(1)[0].passed());
        let sticky: Vec<u32> = fair.iter().flat_map(|stop| [*stop, *stop]).collect();
        let [_, runs, serial] = of(25, &sticky).tests(1);
        assert!(!runs.passed() && !serial.passed());
    }
}
