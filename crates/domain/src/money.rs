//! Money: exact decimals of scale 4, held as a whole number of 0.0001 units.

use std::fmt;
use std::str::FromStr;

use bigdecimal::BigDecimal;
use num_traits::ToPrimitive as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Units in one credit: the scale is 4 decimals.
const UNITS_PER_CREDIT: i64 = 10_000;

/// Decimals of an amount.
const SCALE: i64 = 4;

/// The largest amount that a request may name: one trillion credits.
pub const MAX_AMOUNT: Money = Money(1_000_000_000_000 * UNITS_PER_CREDIT);

/// An amount of test credits, exact to 0.0001.
///
/// In JSON it is always a string with four decimals (`"12.5000"`). Arithmetic is checked: what does
/// not fit in 64 bits of units (±922,337,203,685,477.5807) is `None`, never a wrapped number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

impl Money {
    /// No credits.
    pub const ZERO: Self = Self(0);

    /// The amount that is `units` times 0.0001 credits.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// The amount that is this many whole credits; `None` when it does not fit.
    #[must_use]
    pub fn from_credits(credits: i64) -> Option<Self> {
        credits.checked_mul(UNITS_PER_CREDIT).map(Self)
    }

    /// The amount in units of 0.0001 credits.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` when it does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The amount taken `times` times, or `None` when it does not fit.
    #[must_use]
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }

    /// The amount split into `parts` equal parts, or `None` when that is not exact.
    #[must_use]
    pub fn checked_div_exact(self, parts: i64) -> Option<Self> {
        (parts != 0 && self.0.checked_rem(parts) == Some(0)).then(|| Self(self.0 / parts))
    }

    /// Whether the amount is a whole multiple of `unit`. Nothing is a multiple of zero.
    #[must_use]
    pub fn is_multiple_of(self, unit: Self) -> bool {
        unit.0 != 0 && self.0 % unit.0 == 0
    }

    /// The amount with its sign turned.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether the amount is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The nearest float, for statistics and rewards; never for money itself.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / UNITS_PER_CREDIT as f64
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        let scale = UNITS_PER_CREDIT.unsigned_abs();
        write!(f, "{sign}{}.{:04}", units / scale, units % scale)
    }
}

impl From<Money> for BigDecimal {
    /// The amount in credits, with four decimals.
    fn from(money: Money) -> Self {
        Self::new(money.0.into(), SCALE)
    }
}

impl TryFrom<&BigDecimal> for Money {
    type Error = AmountError;

    /// Takes a number of credits of either sign over as it is: nothing is rounded.
    fn try_from(credits: &BigDecimal) -> Result<Self, Self::Error> {
        let scaled = credits.with_scale(SCALE);
        if scaled != *credits {
            return Err(AmountError::TooPrecise);
        }
        let (units, _) = scaled.into_bigint_and_scale();
        units.to_i64().map(Self).ok_or(AmountError::TooLarge)
    }
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with an optional decimal point.
    #[error(
        "an amount is a string of digits with an optional decimal point, such as \"12.50\": no sign, exponent, separator or leading zero"
    )]
    Malformed,
    /// More than four decimals.
    #[error("an amount has at most 4 decimals")]
    TooPrecise,
    /// More than [`MAX_AMOUNT`].
    #[error("an amount is at most 1000000000000.0000")]
    TooLarge,
}

impl FromStr for Money {
    type Err = AmountError;

    /// Reads an amount as a request writes it: `"12"`, `"12.5"`, `"12.5000"`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, decimals) = text.split_once('.').map_or((text, None), |(w, d)| (w, Some(d)));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if !digits(whole) || leading_zero || decimals.is_some_and(|d| !digits(d)) {
            return Err(AmountError::Malformed);
        }
        let decimals = decimals.unwrap_or("");
        if decimals.len() > 4 {
            return Err(AmountError::TooPrecise);
        }
        let padded = format!("{whole}{decimals:0<4}");
        let units = padded.parse::<i64>().map_err(|_| AmountError::TooLarge)?;
        let amount = Self(units);
        if amount > MAX_AMOUNT { Err(AmountError::TooLarge) } else { Ok(amount) }
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    /// Reads what [`Serialize`] wrote, the sign of a stored amount included.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (negative, magnitude) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        // A stored balance may exceed what one request may name, so only the form is checked here.
        let (whole, decimals) = magnitude.split_once('.').unwrap_or((magnitude, ""));
        if whole.is_empty() || decimals.len() > 4 || !format!("{whole}{decimals}").bytes().all(|b| b.is_ascii_digit()) {
            return Err(de::Error::custom(AmountError::Malformed));
        }
        let units = format!("{}{whole}{decimals:0<4}", if negative { "-" } else { "" });
        units.parse().map(Self).map_err(|_| de::Error::custom(AmountError::TooLarge))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_forms_a_request_may_use() {
        for (text, units) in [("0", 0), ("12", 120_000), ("12.5", 125_000), ("12.5000", 125_000), ("0.0001", 1)] {
            assert_eq!(text.parse::<Money>().map(Money::units), Ok(units), "{text}");
        }
        assert_eq!("1000000000000".parse::<Money>(), Ok(MAX_AMOUNT));
    }

    #[test]
    fn refuses_every_other_form() {
        use AmountError::{Malformed, TooLarge, TooPrecise};
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,000", "01", "0x1", " 1", "1 ", "٣", "NaN", "1.2.3"] {
            assert_eq!(text.parse::<Money>(), Err(Malformed), "{text:?}");
        }
        assert_eq!("0.00001".parse::<Money>(), Err(TooPrecise));
        assert_eq!("1000000000000.0001".parse::<Money>(), Err(TooLarge));
        assert_eq!("9".repeat(400).parse::<Money>(), Err(TooLarge));
    }

    #[test]
    fn decimals_that_do_not_fit_are_refused() {
        for (text, error) in [
            ("0.00001", AmountError::TooPrecise),
            ("922337203685477.5808", AmountError::TooLarge),
            ("-1e30", AmountError::TooLarge),
        ] {
            assert_eq!(Money::try_from(&text.parse::<BigDecimal>().unwrap()), Err(error), "{text}");
        }
        let exponent: BigDecimal = "1.25e3".parse().unwrap();
        assert_eq!(Money::try_from(&exponent), Ok(Money::from_units(12_500_000)));
    }

    proptest! {
        #[test]
        fn decimals_round_trip(units in any::<i64>()) {
            let amount = Money::from_units(units);
            prop_assert_eq!(Money::try_from(&BigDecimal::from(amount)), Ok(amount));
        }

        #[test]
        fn json_round_trips(units in any::<i64>().prop_filter("i64::MIN has no magnitude", |u| *u != i64::MIN)) {
            let amount = Money::from_units(units);
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount);
        }
    }
}
