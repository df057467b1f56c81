//! The encoder: what floats an observation becomes.

use std::sync::LazyLock;

use super::actions::Ladder;
use super::formula::{Entry, Field, Formula};
use crate::session::{Observation, SessionState};

/// The version of the encoder: it changes whenever an observation would become other floats.
pub const ENCODER_VERSION: u32 = 1;

/// How many floats an observation becomes.
pub const OBSERVATION_LENGTH: usize = 20;

/// The entries of an observation, in order.
#[must_use]
pub fn entries() -> &'static [Entry; OBSERVATION_LENGTH] {
    &ENTRIES
}

static ENTRIES: LazyLock<[Entry; OBSERVATION_LENGTH]> = LazyLock::new(|| {
    use Field::{
        Balance, BalanceStart, DryRun, Fee, FreeGamesLeft, LastPayout, MaxBet, Net, SmallestStake, SpendLeft, Spins,
        Stake,
    };
    let ratio = |of, to, absent| Formula::Ratio { of, to, absent };
    let saturate = |of, to, half| Formula::Saturate { of, to, half };
    let state = |name, is| entry(name, "flag", "1 in this state of the session.", 0.0, 1.0, Formula::State { is });
    [
        entry("balance", "opening balances", "The balance.", 0.0, 16.0, ratio(Balance, BalanceStart, 0.0)),
        entry(
            "spend_left",
            "opening balances",
            "What the daily limit still leaves; 16 without a limit.",
            0.0,
            16.0,
            ratio(SpendLeft, BalanceStart, 16.0),
        ),
        entry(
            "bankroll",
            "x/(x+100) of smallest stakes",
            "How many smallest stakes the balance holds.",
            0.0,
            1.0,
            saturate(Balance, Some(SmallestStake), 100.0),
        ),
        entry(
            "stake",
            "share of the ladder",
            "Where the stake of the round, or the last one, stands in the ladder.",
            0.0,
            1.0,
            Formula::Ladder { of: Stake, absent: 0.0 },
        ),
        entry("stake_share", "balances", "The stake over the balance.", 0.0, 1.0, ratio(Stake, Balance, 0.0)),
        entry(
            "last_payout",
            "x/(x+10) of stakes",
            "What the last event paid.",
            0.0,
            1.0,
            saturate(LastPayout, Some(Stake), 10.0),
        ),
        entry(
            "fee",
            "x/(x+1) of smallest stakes",
            "The fee of a paid spin.",
            0.0,
            1.0,
            saturate(Fee, Some(SmallestStake), 1.0),
        ),
        entry(
            "max_bet",
            "share of the ladder",
            "Where the session's largest stake stands in the ladder; 1 without one.",
            0.0,
            1.0,
            Formula::Ladder { of: MaxBet, absent: 1.0 },
        ),
        entry(
            "dry_run",
            "x/(x+20) of rounds",
            "Rounds since the last one that paid.",
            0.0,
            1.0,
            saturate(DryRun, None, 20.0),
        ),
        entry(
            "free_games_left",
            "x/(x+10) of free games",
            "Free games left in the round.",
            0.0,
            1.0,
            saturate(FreeGamesLeft, None, 10.0),
        ),
        entry("spins", "x/(x+100) of spins", "Paid spins so far.", 0.0, 1.0, saturate(Spins, None, 100.0)),
        entry(
            "net",
            "opening balances",
            "Payouts less stakes and fees so far.",
            -1.0,
            16.0,
            ratio(Net, BalanceStart, 0.0),
        ),
        state("is_idle", SessionState::Idle),
        state("is_initialized", SessionState::Initialized),
        state("is_bet_placed", SessionState::BetPlaced),
        state("is_playing", SessionState::Playing),
        state("is_free_games", SessionState::FreeGames),
        state("is_suspended", SessionState::Suspended),
        state("is_completed", SessionState::Completed),
        state("is_expired", SessionState::Expired),
    ]
});

const fn entry(
    name: &'static str,
    unit: &'static str,
    meaning: &'static str,
    low: f32,
    high: f32,
    formula: Formula,
) -> Entry {
    Entry { name, unit, meaning, low, high, formula }
}

/// Makes floats of observations.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoder {
    ladder: Ladder,
}

impl Encoder {
    /// An encoder whose stakes stand in this ladder.
    #[must_use]
    pub const fn new(ladder: Ladder) -> Self {
        Self { ladder }
    }

    /// Writes the floats of an observation: each finite and within the bounds of its entry.
    pub fn encode_into(&self, seen: &Observation, floats: &mut Vec<f32>) {
        floats.extend(ENTRIES.iter().map(|entry| entry.encode(seen, &self.ladder)));
    }

    /// The floats of an observation.
    #[must_use]
    pub fn encode(&self, seen: &Observation) -> Vec<f32> {
        let mut floats = Vec::with_capacity(OBSERVATION_LENGTH);
        self.encode_into(seen, &mut floats);
        floats
    }
}
