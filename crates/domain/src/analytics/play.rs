//! What play came to: counts and sums over events.

use serde::{Deserialize, Serialize};

use super::Total;
use crate::document::Document;
use crate::game::Mode;
use crate::money::Money;
use crate::observation::{Observed, as_text};
use crate::session::GameplayEvent;

/// What play came to. Every field is a sum over events, so tallies of other events can be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayTally {
    /// Events of every kind.
    pub events: u64,
    /// Events that were archived before anybody counted them: the other figures lack them.
    pub missed: u64,
    /// Sessions that began: their first events.
    pub sessions: u64,
    /// Paid spins.
    pub spins: u64,
    /// Paid spins that won something by themselves.
    pub hits: u64,
    /// Free games.
    pub free_games: u64,
    /// Demo spins of probes.
    pub probe_spins: u64,
    /// Settled rounds: paid spins with their free games.
    pub rounds: u64,
    /// Settled rounds that paid anything.
    pub won_rounds: u64,
    /// Stakes played, in credits.
    pub wagered: Total,
    /// Payouts, in credits.
    pub won: Total,
    /// Fees, in credits, those of probes included.
    pub fees: Total,
    /// What the settled rounds returned, in bets at a unit bet: whole numbers.
    #[serde(with = "as_text")]
    pub returned: u128,
    /// The sum of the squares of that, round by round.
    #[serde(with = "as_text")]
    pub squares: u128,
}

impl Document for PlayTally {
    const VERSION: u64 = 1;
}

/// What is read of a spin's result.
#[derive(Deserialize)]
struct Spin {
    mode: Mode,
    stake: Money,
    payout: Money,
    round: Round,
}

#[derive(Deserialize)]
struct Round {
    won: Money,
    closed: bool,
}

/// What is read of any result.
#[derive(Default, Deserialize)]
struct Costs {
    #[serde(default)]
    fee: Money,
    #[serde(default)]
    spins: u64,
}

impl PlayTally {
    /// What one event adds.
    #[must_use]
    pub fn of(game: &Observed, event: &GameplayEvent) -> Self {
        let result = &event.body.result;
        let costs = Costs::deserialize(result).unwrap_or_default();
        let mut tally =
            Self { events: 1, sessions: u64::from(event.body.seq == 1), fees: costs.fee.into(), ..Self::default() };
        match event.body.action["type"].as_str() {
            Some("spin") => {
                if let Ok(spin) = Spin::deserialize(result) {
                    tally.spin(game, &spin);
                }
            }
            Some("probe") => tally.probe_spins = costs.spins,
            _ => {}
        }
        tally
    }

    fn spin(&mut self, game: &Observed, spin: &Spin) {
        self.won = spin.payout.into();
        if spin.mode == Mode::Base {
            self.spins = 1;
            self.hits = u64::from(!spin.payout.is_zero());
            self.wagered = spin.stake.into();
        } else {
            self.free_games = 1;
        }
        if spin.round.closed {
            self.rounds = 1;
            self.won_rounds = u64::from(!spin.round.won.is_zero());
            self.returned = game.in_bets(spin.round.won, spin.stake).unwrap_or_default();
            self.squares = self.returned.saturating_mul(self.returned);
        }
    }

    /// Adds what other events came to.
    pub fn add(&mut self, other: &Self) {
        let counts = [
            (&mut self.events, other.events),
            (&mut self.missed, other.missed),
            (&mut self.sessions, other.sessions),
            (&mut self.spins, other.spins),
            (&mut self.hits, other.hits),
            (&mut self.free_games, other.free_games),
            (&mut self.probe_spins, other.probe_spins),
            (&mut self.rounds, other.rounds),
            (&mut self.won_rounds, other.won_rounds),
        ];
        for (sum, more) in counts {
            *sum = sum.saturating_add(more);
        }
        for (sum, more) in
            [(&mut self.wagered, other.wagered), (&mut self.won, other.won), (&mut self.fees, other.fees)]
        {
            *sum = sum.plus(more);
        }
        self.returned = self.returned.saturating_add(other.returned);
        self.squares = self.squares.saturating_add(other.squares);
    }

    /// The sum of tallies.
    #[must_use]
    pub fn sum<'a>(tallies: impl IntoIterator<Item = &'a Self>) -> Self {
        tallies.into_iter().fold(Self::default(), |mut sum, tally| {
            sum.add(tally);
            sum
        })
    }

    /// Stakes and fees, in credits.
    #[must_use]
    pub const fn spend(&self) -> Total {
        self.wagered.plus(self.fees)
    }

    /// Payouts less stakes and fees, in credits.
    #[must_use]
    pub const fn net(&self) -> Total {
        self.won.minus(self.spend())
    }
}
