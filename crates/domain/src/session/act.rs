//! The transition rules: which actions a state allows, and the step that an allowed one makes.

use super::turn::Turn;
use super::{Action, GameplayEvent, Session, SessionState, Transition};
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

impl Session {
    /// Takes an action.
    ///
    /// `wallet` is the session's current wallet; for [`Action::AttachWallet`], the one to attach.
    ///
    /// # Errors
    /// The [`Refusal`] of the first rule that says no; the session and wallet passed in are gone,
    /// so whoever may need them again keeps a clone.
    pub fn act(self, wallet: Option<Wallet>, action: &Action, table: &Table<'_>) -> Result<Step, ActError> {
        self.check_transition(action)?;
        let mut turn = Turn::new(self, wallet, table);
        if matches!(action, Action::Expire) {
            while turn.session.state == SessionState::FreeGames {
                turn.take(&Action::Spin { amount: None })?;
            }
        }
        turn.take(action)?;
        Ok(turn.step)
    }

    /// Checks that the state allows the action.
    ///
    /// # Errors
    /// [`Refusal::InvalidTransition`], with the state and what it allows.
    fn check_transition(&self, action: &Action) -> Result<(), Refusal> {
        use SessionState::{BetPlaced, FreeGames, Idle, Initialized, Playing, Suspended};
        let legal = match action {
            Action::AttachWallet { .. } => matches!(self.state, Idle | Playing),
            Action::Close => self.state == Idle,
            Action::Bet { .. } | Action::Spin { amount: Some(_) } | Action::Probe { .. } => {
                matches!(self.state, Initialized | Playing)
            }
            Action::Spin { amount: None } => matches!(self.state, BetPlaced | FreeGames),
            Action::Void => self.state == BetPlaced,
            Action::CashOut => {
                matches!(self.state, Initialized | Playing) || (self.state == Suspended && !self.round_open())
            }
            Action::Suspend => matches!(self.state, Initialized | BetPlaced | Playing | FreeGames),
            Action::Resume => self.state == Suspended,
            Action::Expire => !self.state.is_final() && self.state != Suspended,
        };
        if legal {
            return Ok(());
        }
        let action = match action {
            Action::Spin { amount: Some(_) } => "spin with an amount",
            Action::Spin { amount: None } => "spin without an amount",
            other => other.name(),
        };
        Err(Refusal::InvalidTransition {
            state: self.state,
            action: action.to_owned(),
            allowed: self.allowed_actions().iter().map(|name| (*name).to_owned()).collect(),
        })
    }
}
