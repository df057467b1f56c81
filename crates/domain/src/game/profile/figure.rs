//! Exact values as text: fractions in lowest terms, and decimals rounded half up.

use bigdecimal::BigDecimal;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One as _, Signed as _, Zero as _};
use serde::{Deserialize, Serialize};

/// Decimals of every rounded value.
const DECIMALS: u32 = 12;

/// A share of the stake, or a probability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The exact value, as a fraction in lowest terms: `"n/d"`.
    pub exact: String,
    /// The value in percent, rounded half up to 12 decimals.
    pub percent: String,
}

/// A number that is no share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// The exact value, as a fraction in lowest terms: `"n/d"`.
    pub exact: String,
    /// The value, rounded half up to 12 decimals.
    pub decimal: String,
}

pub(super) fn ratio(numerator: u128, denominator: u128) -> BigRational {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

pub(super) fn figure(value: &BigRational) -> Figure {
    Figure { exact: fraction(value), percent: decimal(&(value * BigInt::from(100))) }
}

pub(super) fn amount(value: &BigRational) -> Amount {
    Amount { exact: fraction(value), decimal: decimal(value) }
}

pub(super) fn fraction(value: &BigRational) -> String {
    format!("{}/{}", value.numer(), value.denom())
}

impl Figure {
    /// The figure of a share that may be negative; its percent is rounded half away from zero.
    pub(in crate::game) fn signed(value: &BigRational) -> Self {
        let size = figure(&value.abs());
        let sign = if value.is_negative() { "-" } else { "" };
        Self { exact: fraction(value), percent: format!("{sign}{}", size.percent) }
    }
}

/// The value, which is not negative, rounded half up.
pub(in crate::game) fn decimal(value: &BigRational) -> String {
    let scale = BigInt::from(10).pow(DECIMALS);
    let half = BigRational::new(BigInt::one(), BigInt::from(2));
    units((value * &scale + half).floor().to_integer())
}

/// The square root of a value that is not negative, rounded half up.
///
/// With `s = 10^12`, the root in units of `1/s` is `√(v·s²)`, and half up it is `⌊(⌊√(4·v·s²)⌋ + 1) / 2⌋`.
pub(super) fn root(value: &BigRational) -> String {
    decimal(&rounded_root(value))
}

/// [`root`] as a number.
pub(in crate::game) fn rounded_root(value: &BigRational) -> BigRational {
    let scale = BigInt::from(10).pow(DECIMALS);
    let squared: BigRational = value * (&scale * &scale * 4);
    let twice = squared.floor().to_integer().sqrt();
    BigRational::new((twice + 1_u8) / 2_u8, scale)
}

/// How many to one the odds are: the decimal of the inverse, `"0"` for what never happens.
pub(super) fn one_in(probability: &BigRational) -> String {
    if probability.is_zero() { "0".to_owned() } else { decimal(&probability.recip()) }
}

fn units(units: BigInt) -> String {
    BigDecimal::new(units, DECIMALS.into()).to_plain_string()
}

#[cfg(test)]
mod tests {
    use super::{decimal, ratio, root};

    #[test]
    fn decimals_and_roots_round_half_up() {
        assert_eq!(decimal(&ratio(1, 2_000_000_000_000)), "0.000000000001");
        assert_eq!(decimal(&ratio(499_999_999, 1_000_000_000_000_000_000_000)), "0.000000000000");
        assert_eq!(decimal(&ratio(2, 3)), "0.666666666667");
        assert_eq!(root(&ratio(2, 1)), "1.414213562373");
        assert_eq!(root(&ratio(3, 1)), "1.732050807569");
        assert_eq!(root(&ratio(9, 4)), "1.500000000000");
        // The square of 0.0000000000005, and a little less.
        assert_eq!(root(&ratio(25, 10_u128.pow(26))), "0.000000000001");
        assert_eq!(root(&ratio(24, 10_u128.pow(26))), "0.000000000000");
    }
}
