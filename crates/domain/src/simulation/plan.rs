//! What to simulate: how many rounds of which stake, and who plays them.

use serde::{Deserialize, Serialize};

use crate::game::Engine;
use crate::money::Money;

/// The most rounds of a simulation.
pub const MAX_ROUNDS: u64 = 10_000_000_000;
/// The most rounds of one session of a player.
pub const MAX_SESSION_ROUNDS: u64 = 1_000_000;
/// The rounds of a block, about: a block of a player's sessions holds whole sessions.
const BLOCK_ROUNDS: u64 = 1 << 18;

/// What to simulate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimulationPlan {
    /// How many rounds at most, 1 to [`MAX_ROUNDS`]. A round is a paid spin with all its free games. With a
    /// player it is the rounds that the sessions would have if none ended early.
    pub rounds: u64,
    /// The seed of the generator: the same plan gives the same result.
    pub seed: u64,
    /// The stake of a round, a multiple of the game's unit bet. With a player, the lowest one.
    pub stake: Money,
    /// Stop at the first block after which the 95 % interval of the RTP reaches no further than this to
    /// either side, as a share of the stake: 0.001 is a tenth of a percent. Above 0, up to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_width: Option<f64>,
    /// Whose bankroll to follow, if anyone's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub player: Option<Player>,
}

/// A player whose sessions are played one after the other, each from the same balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Player {
    /// How stakes are chosen.
    pub behavior: Behavior,
    /// The balance at the start of every session, at least the stake.
    pub starting_balance: Money,
    /// After how many rounds a session ends, 1 to [`MAX_SESSION_ROUNDS`]. It ends before that when the
    /// balance is below the lowest stake: the player is ruined.
    pub session_rounds: u64,
    /// The largest stake, if it is not the game's own; at least the stake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bet: Option<Money>,
}

/// How a player chooses stakes. All are held between the plan's stake and the lower of the largest stake and
/// the balance, in multiples of the game's unit bet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Behavior {
    /// The plan's stake, always.
    Conservative,
    /// Twice the stake before after a round that won nothing, the plan's stake after one that did.
    Aggressive,
    /// A hundredth of the balance.
    Adaptive,
    /// From one to eight times the plan's stake, each as likely.
    Random,
}

/// Why a plan cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// No rounds, or too many.
    #[error("rounds must be from 1 to {MAX_ROUNDS}")]
    Rounds,
    /// Not a stake of the game.
    #[error("the stake must be a positive multiple of {unit}, up to {most}")]
    Stake {
        /// The game's unit bet.
        unit: Money,
        /// The game's largest stake.
        most: Money,
    },
    /// Not a share of the stake.
    #[error("half_width must be above 0 and at most 1")]
    HalfWidth,
    /// No rounds in a session, or too many.
    #[error("session_rounds must be from 1 to {MAX_SESSION_ROUNDS}")]
    SessionRounds,
    /// The player cannot afford one round.
    #[error("starting_balance must be at least the stake")]
    StartingBalance,
    /// The player may not stake even the lowest stake.
    #[error("max_bet must be at least the stake")]
    MaxBet,
}

impl SimulationPlan {
    /// Checks the plan against the game.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self, engine: &Engine) -> Result<(), PlanError> {
        let (unit, most) = (engine.unit_bet(), engine.max_stake());
        if !(1..=MAX_ROUNDS).contains(&self.rounds) {
            return Err(PlanError::Rounds);
        }
        if self.stake <= Money::ZERO || self.stake > most || !self.stake.is_multiple_of(unit) {
            return Err(PlanError::Stake { unit, most });
        }
        if self.half_width.is_some_and(|width| !(width > 0.0 && width <= 1.0)) {
            return Err(PlanError::HalfWidth);
        }
        let Some(player) = &self.player else { return Ok(()) };
        if !(1..=MAX_SESSION_ROUNDS).contains(&player.session_rounds) {
            return Err(PlanError::SessionRounds);
        }
        if player.starting_balance < self.stake {
            return Err(PlanError::StartingBalance);
        }
        if player.max_bet.is_some_and(|bet| bet < self.stake) {
            return Err(PlanError::MaxBet);
        }
        Ok(())
    }

    /// The rounds of one piece of work, which is a session if there is a player.
    fn piece(&self) -> u64 {
        self.player.as_ref().map_or(1, |player| player.session_rounds.max(1))
    }

    /// How many pieces of work, rounds or sessions, are in all, and in every block but the last.
    fn pieces(&self) -> (u64, u64) {
        (self.rounds.div_ceil(self.piece()), (BLOCK_ROUNDS / self.piece()).max(1))
    }

    /// How many blocks the plan is cut into.
    #[must_use]
    pub fn blocks(&self) -> u64 {
        let (all, per_block) = self.pieces();
        all.div_ceil(per_block)
    }

    /// How many rounds, or sessions if there is a player, a block has; 0 for one past the last.
    #[must_use]
    pub fn pieces_of(&self, block: u64) -> u64 {
        let (all, per_block) = self.pieces();
        all.saturating_sub(block.saturating_mul(per_block)).min(per_block)
    }
}
