//! Statistics: intervals and quantiles, the only place of a simulation where floats are.

use num_bigint::BigInt;
use num_traits::ToPrimitive as _;
use serde::{Deserialize, Serialize};

/// The two-sided quantiles of the standard normal distribution for 90, 95 and 99 %.
pub const NORMAL: [(u32, f64); 3] =
    [(90, 1.644_853_626_951_472_2), (95, 1.959_963_984_540_054), (99, 2.575_829_303_548_900_4)];

/// An interval that holds the true value with about the stated confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The confidence, in percent.
    pub confidence: u32,
    /// The lower end.
    #[serde(with = "or_infinite")]
    pub low: f64,
    /// The upper end.
    #[serde(with = "or_infinite")]
    pub high: f64,
}

/// Writes a number that is not finite as null, which JSON has no other word for, and reads it as infinite.
pub mod or_infinite {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    /// Writes the number, or null.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        Some(*number).filter(|number| number.is_finite()).serialize(serializer)
    }

    /// Reads a number, or null.
    ///
    /// # Errors
    /// When it is something else.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::INFINITY))
    }
}

/// The mean of some whole numbers and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The mean.
    pub value: f64,
    /// The standard deviation of one number: the root of the unbiased estimate of the variance.
    pub deviation: f64,
    /// The standard deviation of the mean.
    pub error: f64,
}

impl Mean {
    /// From the sum and the sum of squares of `count` numbers, each then divided by `unit`; `None` without any
    /// or with a unit of 0. A single number has an infinite error.
    ///
    /// The variance is `(n Σx² - (Σx)²) / (n (n - 1))`, its numerator an exact integer, so that nothing
    /// cancels; the error is the root of variance over `n` (NIST/SEMATECH e-Handbook of Statistical Methods,
    /// section 1.3.5.2).
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn new(count: u64, sum: u128, squares: u128, unit: u64) -> Option<Self> {
        if count == 0 || unit == 0 {
            return None;
        }
        let (n, unit) = (count as f64, unit as f64);
        let value = sum as f64 / n / unit;
        if count == 1 {
            return Some(Self { value, deviation: f64::INFINITY, error: f64::INFINITY });
        }
        let spread = BigInt::from(count) * squares - BigInt::from(sum) * sum;
        let variance = spread.to_f64()? / n / (n - 1.0) / unit / unit;
        let deviation = variance.max(0.0).sqrt();
        Some(Self { value, deviation, error: deviation / n.sqrt() })
    }

    /// How far the interval of a confidence reaches to either side, by the normal approximation.
    #[must_use]
    pub fn half_width(&self, quantile: f64) -> f64 {
        quantile * self.error
    }

    /// The intervals of 90, 95 and 99 %, by the normal approximation (central limit theorem).
    #[must_use]
    pub fn intervals(&self) -> [Interval; 3] {
        NORMAL.map(|(confidence, quantile)| {
            let reach = self.half_width(quantile);
            Interval { confidence, low: self.value - reach, high: self.value + reach }
        })
    }
}

/// A share with its intervals of 90, 95 and 99 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many counted.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The one divided by the other; 0 of none is 0.
    pub value: f64,
    /// Wilson's score intervals.
    pub intervals: [Interval; 3],
}

impl Share {
    /// The share with Wilson's score intervals (E. B. Wilson, Journal of the American Statistical Association
    /// 22, 1927; NIST/SEMATECH e-Handbook, section 7.2.4.1), which hold near 0 and 1 as well.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn new(count: u64, of: u64) -> Self {
        if of == 0 {
            let intervals = NORMAL.map(|(confidence, _)| Interval { confidence, low: 0.0, high: 1.0 });
            return Self { count, of, value: 0.0, intervals };
        }
        let (n, share) = (of as f64, count as f64 / of as f64);
        let intervals = NORMAL.map(|(confidence, z)| {
            let square = z * z / n;
            let middle = (share + square / 2.0) / (1.0 + square);
            let reach = z / (1.0 + square) * (share * (1.0 - share) / n + square / n / 4.0).sqrt();
            Interval { confidence, low: (middle - reach).max(0.0), high: (middle + reach).min(1.0) }
        });
        Self { count, of, value: share, intervals }
    }
}

/// The chi-square value that `degrees` degrees of freedom stay below with probability `confidence`.
///
/// Found by halving on the distribution function; good to about ten digits.
#[must_use]
pub fn chi_square_quantile(degrees: u32, confidence: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while high < 1e12 && chi_square_below(degrees, high) < confidence {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if chi_square_below(degrees, middle) < confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The chi-square distribution function: `P(degrees / 2, x / 2)`, the regularised incomplete gamma function.
///
/// By the series DLMF 8.11.4 for small `x` and the continued fraction DLMF 8.9.2 for large ones
/// (<https://dlmf.nist.gov/8>).
#[must_use]
pub fn chi_square_below(degrees: u32, x: f64) -> f64 {
    if x <= 0.0 || degrees == 0 {
        return 0.0;
    }
    let (shape, x) = (f64::from(degrees) / 2.0, x / 2.0);
    let front = (shape * x.ln() - x - ln_gamma_of_half(degrees)).exp();
    if x < shape + 1.0 {
        let (mut term, mut sum, mut divisor) = (1.0 / shape, 1.0 / shape, shape);
        for _ in 0..100_000 {
            divisor += 1.0;
            term *= x / divisor;
            sum += term;
            if term < sum * 1e-16 {
                break;
            }
        }
        front * sum
    } else {
        1.0 - front * upper_fraction(shape, x)
    }
}

/// The continued fraction of the upper incomplete gamma function, by Lentz's algorithm.
fn upper_fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let not_zero = |number: f64| if number.abs() < TINY { TINY } else { number };
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / not_zero(b);
    let mut fraction = d;
    for step in 1..100_000 {
        let step = f64::from(step);
        let a = -step * (step - shape);
        b += 2.0;
        d = 1.0 / not_zero(a * d + b);
        c = not_zero(b + a / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// The logarithm of the gamma function at `halves / 2`, from `Γ(1/2) = √π`, `Γ(1) = 1` and `Γ(x + 1) = x Γ(x)`.
fn ln_gamma_of_half(halves: u32) -> f64 {
    let (mut at, mut sum) = if halves % 2 == 1 { (0.5, std::f64::consts::PI.sqrt().ln()) } else { (1.0, 0.0) };
    while at < f64::from(halves) / 2.0 - 0.25 {
        sum += f64::ln(at);
        at += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() < within, "{found} is not {expected}");
    }

    /// 2, 4, 4, 4, 5, 5, 7, 9 in halves: the mean is 5, the sum of squared distances 32.
    #[test]
    fn a_mean_has_the_error_of_hand() {
        let mean = Mean::new(8, 40, 232, 2).unwrap();
        near(mean.value, 2.5, 1e-12);
        near(mean.deviation, (32.0_f64 / 7.0).sqrt() / 2.0, 1e-12);
        near(mean.error, (32.0_f64 / 7.0 / 8.0).sqrt() / 2.0, 1e-12);
        near(mean.intervals()[1].high - 2.5, 1.959_964 * mean.error, 1e-6);
        assert_eq!(Mean::new(0, 0, 0, 1), None);
        assert!(Mean::new(1, 5, 25, 1).unwrap().error.is_infinite());
    }

    #[test]
    fn nothing_cancels_in_the_variance() {
        let x = u128::from(u32::MAX);
        let mean = Mean::new(2, 2 * x + 1, x * x + (x + 1) * (x + 1), 1).unwrap();
        near(mean.deviation, 0.5_f64.sqrt(), 1e-12);
    }

    /// 15 of 50, and none of 10, by the formula on paper.
    #[test]
    fn shares_have_wilson_intervals() {
        let [_, at_95, _] = Share::new(15, 50).intervals;
        near(at_95.low, 0.191_03, 1e-4);
        near(at_95.high, 0.437_50, 1e-4);
        let [_, none, _] = Share::new(0, 10).intervals;
        near(none.low, 0.0, 1e-12);
        near(none.high, 3.841_459 / 13.841_459, 1e-6);
        near(Share::new(0, 0).value, 0.0, 1e-12);
    }

    /// The table of upper critical values in the NIST/SEMATECH e-Handbook, section 1.3.6.7.4.
    #[test]
    fn chi_square_has_its_published_quantiles() {
        for (degrees, expected) in [(1, 6.635), (2, 9.210), (5, 15.086), (24, 42.980), (42, 66.206), (100, 135.807)] {
            near(chi_square_quantile(degrees, 0.99), expected, 5e-4);
        }
        near(chi_square_quantile(10, 0.95), 18.307, 5e-4);
        near(chi_square_quantile(2, 0.5), 2.0 * std::f64::consts::LN_2, 1e-9);
    }
}
