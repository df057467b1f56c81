//! The experience: what sessions recorded for whoever learns from it, read episode by episode.

use async_trait::async_trait;

use super::StoreError;
use crate::id::{EventId, GameId, KeyId, SessionId};
use crate::rl::{Ending, Reward};
use crate::session::{Action, Observation, SessionState};
use crate::time::Timestamp;

/// Which episodes to read. An absent field filters nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EpisodeFilter {
    /// This session only.
    pub session_id: Option<SessionId>,
    /// Sessions of this game.
    pub game_id: Option<GameId>,
    /// Sessions of this owner.
    pub owner: Option<KeyId>,
}

/// An episode, which is a session that has recorded anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Episode {
    /// The session.
    pub session_id: SessionId,
    /// Its game.
    pub game_id: GameId,
    /// Where it stands.
    pub state: SessionState,
    /// The `seq` of its last step.
    pub last_seq: i64,
    /// What its events are worth.
    pub reward: Reward,
    /// Whether its draws were chosen by its caller.
    pub training: bool,
}

/// Which steps to read: those of the sessions with `seq` above `above` and up to `upto`, recorded from
/// `from` on and before `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepQuery {
    /// The sessions, in rising order of their ids.
    pub sessions: Vec<SessionId>,
    /// The steps after this one.
    pub above: i64,
    /// The steps up to this one.
    pub upto: i64,
    /// Steps recorded at this instant or later.
    pub from: Option<Timestamp>,
    /// Steps recorded before this instant.
    pub to: Timestamp,
}

/// A recorded step of an episode.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedStep {
    /// The id, which is that of the event.
    pub id: EventId,
    /// The session, which is the episode.
    pub session_id: SessionId,
    /// The step's place in its episode, from 1.
    pub seq: i64,
    /// The observation before the action. It may be left out of a step whose step before is in the same
    /// answer: it is the `next_state` of that one, always.
    pub state: Option<Observation>,
    /// The action.
    pub action: Action,
    /// The reward.
    pub reward: f64,
    /// The observation after the action.
    pub next_state: Observation,
    /// How the step left the session.
    pub ending: Ending,
    /// When it happened.
    pub created_at: Timestamp,
}

/// Reads the experience. It sees only what is committed.
///
/// A reader of an archive may stand before one of a live store: both give steps in the same order, and a
/// session's steps are in the archive up to some `seq` and in the live store from there on.
#[async_trait]
pub trait ExperienceRepository: Send + Sync {
    /// Sessions that have recorded a step and pass the filter, in the order of their ids, those from `first`
    /// on, at most `limit`.
    async fn episode_list(
        &self,
        filter: EpisodeFilter,
        first: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Episode>, StoreError>;

    /// The steps that the query asks for, in the order of session and `seq`. How many they may be is for the
    /// caller to bound, who knows [`Episode::last_seq`].
    async fn step_list(&self, query: &StepQuery) -> Result<Vec<RecordedStep>, StoreError>;
}
