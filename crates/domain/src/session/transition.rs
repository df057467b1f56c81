//! The reinforcement-learning transition that every event leaves, and the observation it is made of.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::state::SessionState;
use crate::document::Document;
use crate::id::{EventId, SessionId};
use crate::money::Money;
use crate::time::{Timestamp, millis_format};

/// What an agent sees of its session after an action: exact, in credits; encoders make floats of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Where the session stands.
    pub state: SessionState,
    /// The wallet's balance; absent without a wallet.
    pub balance: Option<Money>,
    /// The balance when the wallet was attached.
    pub balance_start: Option<Money>,
    /// What the daily limit still leaves; absent without a limit.
    pub spend_left: Option<Money>,
    /// The stake that is held or whose round is open, else the last one; zero before the first.
    pub stake: Money,
    /// What the last event paid.
    pub last_payout: Money,
    /// Rounds since the last one that paid.
    pub dry_run: u64,
    /// Free games left in the open round.
    pub free_games_left: u32,
    /// Paid spins so far.
    pub spins: u64,
    /// Payouts less stakes played and fees so far.
    pub net: Money,
    /// The fee of a paid spin; zero without a wallet.
    pub fee: Money,
    /// The largest stake that the session accepts; absent without one.
    pub max_bet: Option<Money>,
}

impl Document for Observation {
    const VERSION: u64 = 2;

    /// Version 1 told neither the fee nor the largest stake.
    fn upcast(mut document: Value, _from: u64) -> Value {
        if let Value::Object(fields) = &mut document {
            fields.insert("fee".to_owned(), "0.0000".into());
            fields.insert("max_bet".to_owned(), Value::Null);
        }
        document
    }
}

impl Observation {
    /// What there is to see before anything happened.
    #[must_use]
    pub fn initial(state: SessionState, balance: Option<Money>, spend_left: Option<Money>) -> Self {
        Self {
            state,
            balance,
            balance_start: balance,
            spend_left,
            stake: Money::ZERO,
            last_payout: Money::ZERO,
            dry_run: 0,
            free_games_left: 0,
            spins: 0,
            net: Money::ZERO,
            fee: Money::ZERO,
            max_bet: None,
        }
    }
}

/// One step of an episode; an episode is a session. It shares the id and `seq` of its event.
///
/// `next_state` of a step is `state` of the next step, always. A session that is bust or at its limit
/// may still be played on (after a deposit, on another day): the flags tell how the step left it, and
/// the last step of an episode tells how the episode ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// The id, which is that of the event.
    pub id: EventId,
    /// The session, which is the episode.
    pub session_id: SessionId,
    /// The step's place in its episode, from 1.
    pub seq: i64,
    /// The observation before the action.
    pub state: Observation,
    /// The action, as in the event.
    pub action: Value,
    /// The reward, by the session's reward function.
    pub reward: f64,
    /// The observation after the action.
    pub next_state: Observation,
    /// The step left the session over for good (cashed out, closed, bust): do not bootstrap.
    pub terminated: bool,
    /// The step left the session cut off (expired, stopped by the daily limit): bootstrap.
    pub truncated: bool,
    /// When it happened.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
}

impl Transition {
    /// Whether the step left the episode ended, for either reason.
    #[must_use]
    pub const fn done(&self) -> bool {
        self.terminated || self.truncated
    }
}
