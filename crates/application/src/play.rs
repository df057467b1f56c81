//! Plays: lists of actions, each list for one session, carried out in their order in one transaction.

use reelhouse_domain::fairness::SignedHead;
use reelhouse_domain::session::{Action, GameplayEvent, MAX_PROBE_SPINS, Observation};
use reelhouse_domain::{Refusal, SessionId};
use serde::{Deserialize, Serialize};

use crate::view::{SessionView, WalletBrief};

/// The most actions of one play, and of all plays that go together in one transaction.
pub const MAX_ACTIONS: usize = 1000;

/// What is to be done in a session, in its order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Play {
    /// The session.
    pub session_id: SessionId,
    /// The actions.
    pub actions: Vec<Action>,
}

/// What a play came to.
///
/// A play stops at its first refusal, and what was done before stays done: were it undone, a
/// player could end a list with an action that is refused unless the spins before it went well,
/// and so take back every spin that went badly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayAnswer {
    /// The event of each action that was done, in their order: one at least.
    pub events: Vec<GameplayEvent>,
    /// Why the action after those was refused, if one was.
    pub refused: Option<Refusal>,
    /// How many actions after the refused one were not tried.
    pub not_tried: usize,
    /// The session after the last action that was done.
    pub session: SessionView,
    /// What an agent sees of it.
    pub observation: Observation,
    /// Its wallet.
    pub wallet: Option<WalletBrief>,
    /// The signed end of the session's chain, when the play ended it.
    pub head: Option<SignedHead>,
}

/// What a play came to, or why its first action was refused and nothing was done.
pub type PlayOutcome = Result<PlayAnswer, Refusal>;

/// How many actions the plays have together.
pub(crate) fn weight(plays: &[Play]) -> usize {
    plays.iter().map(|play| play.actions.len()).sum()
}

/// Refuses plays that would hold a transaction open for too long.
pub(crate) fn check(plays: &[Play]) -> Result<(), Refusal> {
    let actions = weight(plays);
    if actions > MAX_ACTIONS {
        let reason = format!("at most {MAX_ACTIONS} actions go together, not {actions}");
        return Err(Refusal::invalid_request("", reason));
    }
    let probed = plays.iter().flat_map(|play| &play.actions).map(|action| match action {
        Action::Probe { spins } => u64::from(*spins),
        _ => 0,
    });
    let spins: u64 = probed.sum();
    if spins > u64::from(MAX_PROBE_SPINS) {
        let reason = format!("probes that go together have at most {MAX_PROBE_SPINS} spins, not {spins}");
        return Err(Refusal::invalid_request("", reason));
    }
    Ok(())
}
