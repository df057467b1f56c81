//! The player's bankroll: sessions from a starting balance, with stakes as the player chooses them.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::histogram::Histogram;
use super::plan::{Behavior, Player};
use super::round::{OutOfRange, Rounds};
use super::stream::Stream;
use super::tally::{Tally, decimal};
use crate::fairness::Draws as _;
use crate::money::Money;

/// How many times the lowest stake a random player's highest one is.
const RANDOM_STAKES: NonZeroU32 = NonZeroU32::new(8).unwrap();
/// The part of the balance that an adaptive player stakes.
const ADAPTIVE_PARTS: u64 = 100;

/// What became of a player's sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bankrolls {
    /// How many sessions.
    pub sessions: u64,
    /// How many of them ended with a balance below the lowest stake.
    pub ruined: u64,
    /// What was staked, in units of 0.0001.
    #[serde(with = "decimal")]
    pub wagered: u128,
    /// What was paid, in units of 0.0001.
    #[serde(with = "decimal")]
    pub paid: u128,
    /// The balances at the end, in units of 0.0001.
    pub balances: Histogram,
    /// For each session, the largest fall from the highest balance before, in units of 0.0001.
    pub drawdowns: Histogram,
}

impl Bankrolls {
    /// Adds what another has counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.ruined += other.ruined;
        self.wagered += other.wagered;
        self.paid += other.paid;
        self.balances.merge(&other.balances);
        self.drawdowns.merge(&other.drawdowns);
    }
}

/// The amounts that bound a player's stakes, in units of 0.0001.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// The game's unit bet.
    pub(super) unit: u64,
    /// The lowest stake.
    pub(super) least: u64,
    /// The largest stake.
    pub(super) most: u64,
}

impl Table {
    /// The amounts for a player at a game with this unit bet and this largest stake.
    pub(super) fn new(player: &Player, stake: Money, unit: Money, most: Money) -> Self {
        let units = |amount: Money| amount.units().unsigned_abs();
        let most = player.max_bet.map_or(most, |bet| bet.min(most));
        Self { unit: units(unit).max(1), least: units(stake), most: units(most) }
    }

    /// A wish, held to what is allowed and to the balance, which is at least the lowest stake.
    fn hold(&self, wish: u64, balance: u64) -> u64 {
        let stake = wish.clamp(self.least, self.most.max(self.least)).min(balance);
        stake / self.unit * self.unit
    }
}

/// Plays one session and counts it.
pub(super) fn play_session(
    rounds: &Rounds,
    player: &Player,
    table: Table,
    stream: &mut Stream,
    tally: &mut Tally,
) -> Result<(), OutOfRange> {
    let mut balance = player.starting_balance.units().unsigned_abs();
    let (mut peak, mut drawdown, mut wagered, mut paid) = (balance, 0, 0_u128, 0_u128);
    // What the round before was staked with, if it won nothing.
    let mut lost = None;
    for _ in 0..player.session_rounds {
        if balance < table.least {
            break;
        }
        let wish = match player.behavior {
            Behavior::Conservative => table.least,
            Behavior::Aggressive => lost.map_or(table.least, |stake: u64| stake.saturating_mul(2)),
            Behavior::Adaptive => balance / ADAPTIVE_PARTS,
            Behavior::Random => table.least.saturating_mul(u64::from(stream.below(RANDOM_STAKES)) + 1),
        };
        let stake = table.hold(wish, balance);
        let round = rounds.round(stream)?;
        tally.record(round, table.unit)?;
        let won = round.base.checked_add(round.free).ok_or(OutOfRange)?;
        let payout = won.checked_mul(stake / table.unit).ok_or(OutOfRange)?;
        balance = (balance - stake).checked_add(payout).ok_or(OutOfRange)?;
        wagered += u128::from(stake);
        paid += u128::from(payout);
        lost = (won == 0).then_some(stake);
        peak = peak.max(balance);
        drawdown = drawdown.max(peak - balance);
    }
    let bankrolls = tally.bankrolls.get_or_insert_default();
    bankrolls.sessions += 1;
    bankrolls.ruined += u64::from(balance < table.least);
    bankrolls.wagered += wagered;
    bankrolls.paid += paid;
    bankrolls.balances.record(balance);
    bankrolls.drawdowns.record(drawdown);
    Ok(())
}
