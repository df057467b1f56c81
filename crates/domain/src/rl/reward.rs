//! Reward functions, by name: what a session's events are worth to whoever learns from them.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// Rewards of a logarithm are rounded to this many parts of one, so that every implementation of the
/// logarithm gives the same number.
const PARTS: f64 = 1e9;

/// A reward function. A session has one for all its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reward {
    /// The change of the balance, in credits.
    #[default]
    Net,
    /// The change of the balance in stakes: that of the round, or the smallest one before there is any.
    NetPerStake,
    /// The growth of ln(balance + smallest stake), rounded to 9 decimals.
    LogBankroll,
    /// 1 for a paid spin, else 0: who maximises it stays in play longest.
    Spins,
}

/// What an event did, as far as a reward goes by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewarded {
    /// The change that it made to the balance.
    pub moved: Money,
    /// The balance after it.
    pub balance: Money,
    /// The stake of its round, else the last one; zero before the first.
    pub stake: Money,
    /// The smallest stake of the game.
    pub smallest_stake: Money,
    /// Whether it was a paid spin.
    pub paid_spin: bool,
}

impl Reward {
    /// Every reward function.
    pub const ALL: [Self; 4] = [Self::Net, Self::NetPerStake, Self::LogBankroll, Self::Spins];

    /// The name, as JSON and the databases hold it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Net => "net",
            Self::NetPerStake => "net_per_stake",
            Self::LogBankroll => "log_bankroll",
            Self::Spins => "spins",
        }
    }

    /// What it rewards, in a sentence.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Net => "The change of the balance, in credits.",
            Self::NetPerStake => {
                "The change of the balance divided by the stake of the round, or the last one; \
                 by the game's unit bet before there is any."
            }
            Self::LogBankroll => {
                "The growth of ln(balance + unit bet) over the event, rounded half away from zero to 9 decimals."
            }
            Self::Spins => "1 for a paid spin, else 0.",
        }
    }

    /// The reward function of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reward| reward.name() == name)
    }

    /// Whether it is the one that is meant where none is named.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The reward of an event. It is finite, and never a negative zero, which JSON does not tell from zero.
    #[must_use]
    pub fn of(self, event: &Rewarded) -> f64 {
        let reward = match self {
            Self::Net => event.moved.to_f64(),
            Self::NetPerStake => {
                let stake = if event.stake > Money::ZERO { event.stake } else { event.smallest_stake };
                if stake > Money::ZERO { units(event.moved) / units(stake) } else { 0.0 }
            }
            Self::LogBankroll => log_growth(event),
            Self::Spins => f64::from(u8::from(event.paid_spin)),
        };
        if reward.is_finite() { reward + 0.0 } else { 0.0 }
    }
}

#[allow(clippy::cast_precision_loss)]
fn units(amount: Money) -> f64 {
    amount.units() as f64
}

fn log_growth(event: &Rewarded) -> f64 {
    if event.moved.is_zero() {
        return 0.0;
    }
    let floor = units(event.smallest_stake).max(1.0);
    let after = units(event.balance) + floor;
    let before = after - units(event.moved);
    ((after / before).ln() * PARTS).round() / PARTS
}
