//! Amounts as `numeric`, digit by digit: no float, no division, no text.
//!
//! PostgreSQL sends a numeric as digits in base 10000. A unit of money is 0.0001 credits, so the
//! units are what the digits up to the first one after the point spell.

use std::fmt;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::PgNumeric;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Numeric;
use reelhouse_domain::Money;
use reelhouse_domain::session::MetricValue;

/// The base of a digit of `numeric`.
const BASE: i128 = 10_000;

/// A value of a `numeric` column, in units of 0.0001.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Numeric)]
pub(crate) struct Amount {
    units: i128,
    /// How many decimals it is shown with.
    scale: u16,
}

impl Amount {
    pub(crate) fn of(money: Money) -> Self {
        Self { units: i128::from(money.units()), scale: 4 }
    }

    pub(crate) fn of_metric(value: MetricValue) -> Self {
        match value {
            MetricValue::Count(count) => Self { units: i128::from(count) * BASE, scale: 0 },
            MetricValue::Amount(money) => Self::of(money),
        }
    }

    /// The amount as money; `None` when it does not fit.
    pub(crate) fn money(self) -> Option<Money> {
        i64::try_from(self.units).ok().map(Money::from_units)
    }
}

impl fmt::Display for Amount {
    /// As the database shows it: with four decimals, or with none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return (self.units / BASE).fmt(f);
        }
        let sign = if self.units < 0 { "-" } else { "" };
        let units = self.units.unsigned_abs();
        write!(f, "{sign}{}.{:04}", units / BASE.unsigned_abs(), units % BASE.unsigned_abs())
    }
}

impl ToSql<Numeric, Pg> for Amount {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let mut rest = self.units.unsigned_abs();
        let mut digits = Vec::new();
        while rest > 0 {
            digits.push(i16::try_from(rest % BASE.unsigned_abs())?);
            rest /= BASE.unsigned_abs();
        }
        digits.reverse();
        // The last digit counts ten-thousandths, one place below the one that the weight counts from.
        let (weight, scale) = (i16::try_from(digits.len())? - 2, self.scale);
        let numeric = if self.units < 0 {
            PgNumeric::Negative { weight, scale, digits }
        } else {
            PgNumeric::Positive { weight, scale, digits }
        };
        ToSql::<Numeric, Pg>::to_sql(&numeric, &mut out.reborrow())
    }
}

impl FromSql<Numeric, Pg> for Amount {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let (negative, weight, scale, digits) = match PgNumeric::from_sql(value)? {
            PgNumeric::Positive { weight, scale, digits } => (false, weight, scale, digits),
            PgNumeric::Negative { weight, scale, digits } => (true, weight, scale, digits),
            PgNumeric::NaN => return Err("an amount is not a number".into()),
        };
        let places = usize::try_from(i32::from(weight) + 2).unwrap_or(0);
        if digits.iter().skip(places).any(|digit| *digit != 0) {
            return Err("an amount has more than 4 decimals".into());
        }
        let mut units = 0_i128;
        for place in 0..places {
            let digit = i128::from(digits.get(place).copied().unwrap_or(0));
            units =
                units.checked_mul(BASE).and_then(|units| units.checked_add(digit)).ok_or("an amount is too large")?;
        }
        Ok(Self { units: if negative { -units } else { units }, scale })
    }
}
