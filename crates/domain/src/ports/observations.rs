//! Observations: what was counted of each game's events, and how far each session has been read.

use async_trait::async_trait;

use super::{MetricRow, StoreError};
use crate::analytics::{GameTally, SessionTally};
use crate::id::{GameId, SessionId};
use crate::observation::Observation;

/// A session of which events wait to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unobserved {
    /// How far it was counted.
    pub progress: Progress,
    /// The `seq` of the session's last event.
    pub last_seq: i64,
}

/// How far a session has been read, and what its events came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The session, one of the game.
    pub session_id: SessionId,
    /// The `seq` of the last event that was counted; 0 before the first.
    pub seq: i64,
    /// What the events up to that one came to.
    pub tally: SessionTally,
}

impl Progress {
    /// That of a session of which nothing was counted yet.
    #[must_use]
    pub fn new(session_id: SessionId) -> Self {
        Self { session_id, seq: 0, tally: SessionTally::default() }
    }
}

/// What counting some events of a game leaves beside its observation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// How far sessions were read. Each takes the place of what was there.
    pub progress: Vec<Progress>,
    /// What the game came to, by span. Each takes the place of what was there.
    pub tallies: Vec<GameTally>,
    /// Counters of sessions to record. One that is there already stays.
    pub metrics: Vec<MetricRow>,
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

    /// Stores an observation with what was counted for it: all or nothing, so that every event counts once.
    ///
    /// The observation takes the place of the one with its `revision`, and has the next one from then on. When
    /// another writer has stored one meanwhile, the answer is [`StoreError::Clash`] and nothing was written; read
    /// again and count anew. It takes no lock that a unit of work waits for.
    async fn observation_store(&self, observation: &Observation, counted: &Counted) -> Result<(), StoreError>;

    /// Forgets all that was counted of a game, so that its events are counted anew: its tallies, and how far its
    /// sessions were read. The observation, which is to be an empty one, takes the place of the one with its
    /// `revision` as in [`Self::observation_store`], in the same transaction. Recorded counters stay.
    async fn observation_forget(&self, observation: &Observation) -> Result<(), StoreError>;
}
