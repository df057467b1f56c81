//! Observations: what was counted of each game's events, and how far each session has been read.

use async_trait::async_trait;

use super::StoreError;
use crate::id::{GameId, SessionId};
use crate::observation::Observation;

/// A session of which events wait to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unobserved {
    /// The session.
    pub session_id: SessionId,
    /// The `seq` of the last event that was counted; 0 before the first.
    pub observed_seq: i64,
    /// The `seq` of the session's last event.
    pub last_seq: i64,
}

/// How far a session has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The session, one of the game.
    pub session_id: SessionId,
    /// The `seq` of the last event that was counted.
    pub seq: i64,
}

/// Keeps observations.
#[async_trait]
pub trait ObservationRepository: Send + Sync {
    /// What was observed of a game; none before the first time.
    async fn observation_find(&self, game_id: GameId) -> Result<Option<Observation>, StoreError>;

    /// Sessions of the game that have events past those counted, in the order of their ids, those after `after`,
    /// at most `limit`. It may miss an event that is being committed, which a later call then finds.
    async fn unobserved_list(
        &self,
        game_id: GameId,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Unobserved>, StoreError>;

    /// Stores an observation with the progress that it stands for: both or none, so that every event counts once.
    ///
    /// The observation takes the place of the one with its `revision`, and has the next one from then on. When
    /// another writer has stored one meanwhile, the answer is [`StoreError::Clash`] and nothing was written; read
    /// again and count anew. It takes no lock that a unit of work waits for.
    async fn observation_store(&self, observation: &Observation, progress: &[Progress]) -> Result<(), StoreError>;
}
