//! Formulas of the entries of an observation: data, in a vocabulary small enough to be read by any client.
//!
//! All arithmetic is in IEEE doubles with division as its only rounding step, and the result is then
//! rounded to a float, so that every language comes to the same bits.

use serde::Serialize;

use super::actions::Ladder;
use crate::money::Money;
use crate::session::{Observation, SessionState};

/// A number that an observation document holds, or one that the ladder adds.
///
/// Amounts count in whole units of 0.0001 credits, so `"12.5000"` is 125000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `balance`.
    Balance,
    /// `balance_start`.
    BalanceStart,
    /// `spend_left`.
    SpendLeft,
    /// `stake`.
    Stake,
    /// `last_payout`.
    LastPayout,
    /// `fee`.
    Fee,
    /// `max_bet`.
    MaxBet,
    /// `net`.
    Net,
    /// `dry_run`.
    DryRun,
    /// `free_games_left`.
    FreeGamesLeft,
    /// `spins`.
    Spins,
    /// The first stake of the ladder.
    SmallestStake,
}

impl Field {
    /// The field as a double; `None` where the document has none.
    #[allow(clippy::cast_precision_loss)]
    fn number(self, seen: &Observation, ladder: &Ladder) -> Option<f64> {
        let amount = match self {
            Self::Balance => seen.balance,
            Self::BalanceStart => seen.balance_start,
            Self::SpendLeft => seen.spend_left,
            Self::Stake => Some(seen.stake),
            Self::LastPayout => Some(seen.last_payout),
            Self::Fee => Some(seen.fee),
            Self::MaxBet => seen.max_bet,
            Self::Net => Some(seen.net),
            Self::SmallestStake => Some(ladder.smallest()),
            Self::DryRun => return Some(seen.dry_run as f64),
            Self::FreeGamesLeft => return Some(f64::from(seen.free_games_left)),
            Self::Spins => return Some(seen.spins as f64),
        };
        amount.map(|amount: Money| amount.units() as f64)
    }
}

/// How an entry comes from a document.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Formula {
    /// `of / to`. Without `of` it is `absent`. Where `to` is absent or zero it is 0 for an `of` of zero,
    /// else the bound on the side of its sign.
    Ratio {
        /// The numerator.
        of: Field,
        /// The denominator.
        to: Field,
        /// The value where `of` is absent.
        absent: f32,
    },
    /// `x / (x + half)`, where x is `of / to` as in a ratio, or `of` itself without `to`. Absent is 0.
    Saturate {
        /// The numerator.
        of: Field,
        /// The denominator, if there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<Field>,
        /// The x that gives a half.
        half: f64,
    },
    /// How many stakes of the ladder are at most `of`, over how many there are.
    Ladder {
        /// The amount that is looked for in the ladder.
        of: Field,
        /// The value where `of` is absent.
        absent: f32,
    },
    /// 1 in this state, else 0.
    State {
        /// The state.
        is: SessionState,
    },
}

/// An entry of an observation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The name.
    pub name: &'static str,
    /// What it counts in.
    pub unit: &'static str,
    /// What it tells, for people.
    pub meaning: &'static str,
    /// The lower bound; what would fall below is set to it.
    pub low: f32,
    /// The upper bound; what would go over is set to it.
    pub high: f32,
    /// How it comes from a document.
    pub formula: Formula,
}

impl Entry {
    /// The entry of an observation: finite and within the bounds, whatever the document holds.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) fn encode(&self, seen: &Observation, ladder: &Ladder) -> f32 {
        let (low, high) = (f64::from(self.low), f64::from(self.high));
        let exact = match self.formula {
            Formula::Ratio { of, to, absent } => match of.number(seen, ladder) {
                Some(of) => ratio(of, to.number(seen, ladder), low, high),
                None => f64::from(absent),
            },
            Formula::Saturate { of, to, half } => {
                let of = of.number(seen, ladder).unwrap_or(0.0).max(0.0);
                match to {
                    Some(to) => saturate(ratio(of, to.number(seen, ladder), 0.0, f64::MAX), half),
                    None => saturate(of, half),
                }
            }
            Formula::Ladder { of, absent } => {
                of.number(seen, ladder).map_or(f64::from(absent), |of| ladder.position(of))
            }
            Formula::State { is } => f64::from(u8::from(seen.state == is)),
        };
        exact.clamp(low, high) as f32
    }
}

fn ratio(of: f64, to: Option<f64>, low: f64, high: f64) -> f64 {
    match to {
        Some(to) if to != 0.0 => of / to,
        _ if of > 0.0 => high,
        _ if of < 0.0 => low,
        _ => 0.0,
    }
}

fn saturate(x: f64, half: f64) -> f64 {
    x / (x + half)
}
