//! Observations: what was counted of each game's events.

use std::ops::Bound;

use async_trait::async_trait;
use reelhouse_domain::observation::Observation;
use reelhouse_domain::ports::{ObservationRepository, Progress, StoreError, Unobserved};
use reelhouse_domain::{GameId, SessionId};

use crate::MemoryStore;

#[async_trait]
impl ObservationRepository for MemoryStore {
    async fn observation_find(&self, game_id: GameId) -> Result<Option<Observation>, StoreError> {
        Ok(self.read()?.observations.get(&game_id).cloned())
    }

    async fn unobserved_list(
        &self,
        game_id: GameId,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Unobserved>, StoreError> {
        let tables = self.read()?;
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let sessions = tables.sessions.range((start, Bound::Unbounded)).map(|(_, session)| session);
        let found = sessions.filter(|session| session.game_id == game_id).map(|session| Unobserved {
            session_id: session.session_id,
            observed_seq: tables.observed.get(&session.session_id).copied().unwrap_or(0),
            last_seq: session.last_seq,
        });
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(found.filter(|found| found.last_seq > found.observed_seq).take(limit).collect())
    }

    async fn observation_store(&self, observation: &Observation, progress: &[Progress]) -> Result<(), StoreError> {
        let mut tables = self.write()?;
        let stored = tables.observations.get(&observation.game_id).map_or(0, |stored| stored.revision);
        if stored != observation.revision {
            return Err(StoreError::Clash(format!("revision {stored} of the observation is there already")));
        }
        if !tables.games.contains_key(&observation.game_id) {
            return Err(StoreError::Corrupt(format!("there is no game {}", observation.game_id)));
        }
        let next = Observation { revision: stored + 1, ..observation.clone() };
        tables.observations.insert(observation.game_id, next);
        tables.observed.extend(progress.iter().map(|progress| (progress.session_id, progress.seq)));
        Ok(())
    }
}
