//! The session machine: the moves, the small game they are played at, the model, and the real thing.

pub(crate) mod game;
pub(crate) mod model;
pub(crate) mod real;
pub(crate) mod recount;

use reelhouse_domain::session::Action;
use reelhouse_domain::wallet::Operation;

/// One step of the machine.
#[derive(Clone, Debug)]
pub(crate) enum Move {
    /// An action that names no wallet.
    Act(Action),
    /// Attach one of the two wallets.
    Attach(usize),
    /// Do an operation on one of the two wallets, from outside of the session.
    Operate(usize, Operation, i64),
    /// Move the clock by microseconds.
    Clock(i64),
}
