//! Sums of amounts that one amount may be too small for.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::money::Money;

/// Units in one credit, as money has them.
const UNITS_PER_CREDIT: u128 = 10_000;

/// A sum of amounts, exact to 0.0001 credits. What all sessions of a game staked may be more than one [`Money`] holds.
///
/// In JSON it is a string with four decimals, as an amount is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Total(i128);

impl Total {
    /// The sum of no amounts.
    pub const ZERO: Self = Self(0);

    /// The sum in units of 0.0001 credits.
    #[must_use]
    pub const fn units(self) -> i128 {
        self.0
    }

    /// The sum with another one.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        // Of amounts of 63 bits it takes 2^64 to leave the range.
        Self(self.0.saturating_add(other.0))
    }

    /// The sum less another one.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The sum as an amount, if it is one.
    #[must_use]
    pub fn amount(self) -> Option<Money> {
        i64::try_from(self.0).ok().map(Money::from_units)
    }

    /// The nearest float, for statistics alone.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / UNITS_PER_CREDIT as f64
    }
}

impl From<Money> for Total {
    fn from(amount: Money) -> Self {
        Self(amount.units().into())
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:04}", units / UNITS_PER_CREDIT, units % UNITS_PER_CREDIT)
    }
}

impl Serialize for Total {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Total {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        read(&text).map(Self).ok_or_else(|| de::Error::custom(format!("{text:?} is not a sum of four decimals")))
    }
}

/// Reads what [`Total`] is written as.
fn read(text: &str) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, decimals) = digits.split_once('.')?;
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if decimals.len() != 4 || whole.is_empty() || !all_digits(whole) || !all_digits(decimals) {
        return None;
    }
    let units: i128 = format!("{whole}{decimals}").parse().ok()?;
    Some(if negative { -units } else { units })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_is_written_and_read_back() {
        for (units, text) in [
            (0, "0.0000"),
            (-1, "-0.0001"),
            (12_345, "1.2345"),
            (i128::from(i64::MAX) * 3, "2767011611056432.7421"),
            (-i128::from(i64::MAX) * 3, "-2767011611056432.7421"),
        ] {
            let json = serde_json::to_string(&Total(units)).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Total>(&json).unwrap(), Total(units));
        }
        for wrong in ["1", "1.5", "1.00000", ".0000", "+1.0000", "1.-000", "--1.0000", "x.0000", "1 .0000"] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn what_one_amount_does_not_hold_is_a_sum_still() {
        let most = Total::from(Money::from_units(i64::MAX));
        assert_eq!(most.amount(), Some(Money::from_units(i64::MAX)));
        assert_eq!(most.plus(most).amount(), None);
        assert_eq!(most.plus(most).minus(most), most);
    }
}
