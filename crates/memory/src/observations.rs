//! Observations: what was counted of each game's events.

use std::ops::Bound;

use async_trait::async_trait;
use reelhouse_domain::observation::Observation;
use reelhouse_domain::ports::{Counted, ObservationRepository, Progress, StoreError, Unobserved};
use reelhouse_domain::{GameId, SessionId};

use crate::MemoryStore;
use crate::tables::{Tables, metric_key};

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
        let found = sessions
            .filter(|session| session.game_id == game_id)
            .map(|session| Unobserved { progress: tables.progress_of(session.session_id), last_seq: session.last_seq });
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(found.filter(|found| found.last_seq > found.progress.seq).take(limit).collect())
    }

    async fn observation_store(&self, observation: &Observation, counted: &Counted) -> Result<(), StoreError> {
        let mut tables = self.write()?;
        tables.put_observation(observation)?;
        let progress = counted.progress.iter().map(|progress| (progress.session_id, progress.clone()));
        tables.progress.extend(progress);
        let tallies = counted.tallies.iter();
        tables.tallies.extend(tallies.map(|tally| ((observation.game_id, tally.span, tally.starts_at), *tally)));
        for row in &counted.metrics {
            tables.metrics.entry(metric_key(row)).or_insert(row.value);
        }
        Ok(())
    }

    async fn observation_forget(&self, observation: &Observation) -> Result<(), StoreError> {
        let mut tables = self.write()?;
        tables.put_observation(observation)?;
        let Tables { sessions, progress, tallies, .. } = &mut *tables;
        progress.retain(|id, _| sessions.get(id).is_none_or(|session| session.game_id != observation.game_id));
        tallies.retain(|(game_id, ..), _| *game_id != observation.game_id);
        Ok(())
    }
}

impl Tables {
    fn progress_of(&self, session_id: SessionId) -> Progress {
        self.progress.get(&session_id).cloned().unwrap_or_else(|| Progress::new(session_id))
    }

    /// Puts an observation in the place of the one with its revision.
    fn put_observation(&mut self, observation: &Observation) -> Result<(), StoreError> {
        let stored = self.observations.get(&observation.game_id).map_or(0, |stored| stored.revision);
        if stored != observation.revision {
            return Err(StoreError::Clash(format!("revision {stored} of the observation is there already")));
        }
        if !self.games.contains_key(&observation.game_id) {
            return Err(StoreError::Corrupt(format!("there is no game {}", observation.game_id)));
        }
        let next = Observation { revision: stored + 1, ..observation.clone() };
        self.observations.insert(observation.game_id, next);
        Ok(())
    }
}
