//! The transition rules: which actions a state allows.

use super::step::{ActError, Step, Table};
use super::turn::Turn;
use super::{Action, Session, SessionState};
use crate::refusal::Refusal;
use crate::wallet::Wallet;

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
            Action::Bet { .. }
            | Action::Spin { amount: Some(_) }
            | Action::Probe { .. }
            | Action::RotateSeed { .. } => matches!(self.state, Initialized | Playing),
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
