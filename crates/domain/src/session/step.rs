//! What an action is decided with, and what it comes to.

use super::{GameplayEvent, Session, Transition};
use crate::fairness::Dealer;
use crate::game::Engine;
use crate::id::Randomness;
use crate::refusal::Refusal;
use crate::time::Timestamp;
use crate::wallet::{LedgerEntry, Wallet};

/// What an action is decided with: the game, the draws, the randomness of ids, the instant.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    /// The session's game.
    pub engine: &'a Engine,
    /// Where draws come from.
    pub dealer: &'a dyn Dealer,
    /// Where ids come from.
    pub randomness: &'a dyn Randomness,
    /// The instant now.
    pub now: Timestamp,
}

/// What an action came to: the session and wallet as they are next, and what must be recorded.
#[derive(Clone, Debug)]
pub struct Step {
    /// The session after the action.
    pub session: Session,
    /// Its wallet after the action.
    pub wallet: Option<Wallet>,
    /// The events, in order; more than one only where free games were played out.
    pub events: Vec<GameplayEvent>,
    /// The ledger entries, in order.
    pub entries: Vec<LedgerEntry>,
    /// One transition per event.
    pub transitions: Vec<Transition>,
}

/// Why an action could not be decided.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// A rule refused it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A record of it has no JSON form, which no record of this crate brings about.
    #[error("an event cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
}
