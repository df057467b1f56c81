//! Reads of the experience.

use async_trait::async_trait;
use reelhouse_domain::SessionId;
use reelhouse_domain::ports::{Episode, EpisodeFilter, ExperienceRepository, RecordedStep, StepQuery, StoreError};
use reelhouse_domain::rl::{Ending, read_action};
use reelhouse_domain::session::Transition;

use crate::MemoryStore;

#[async_trait]
impl ExperienceRepository for MemoryStore {
    async fn episode_list(
        &self,
        filter: EpisodeFilter,
        first: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Episode>, StoreError> {
        let tables = self.read()?;
        let from = first.or(filter.session_id);
        let sessions = tables.sessions.values().filter(|session| {
            session.last_seq > 0
                && from.is_none_or(|id| session.session_id >= id)
                && filter.session_id.is_none_or(|id| session.session_id == id)
                && filter.game_id.is_none_or(|id| session.game_id == id)
                && filter.owner.is_none_or(|id| session.owner == Some(id))
        });
        let episodes = sessions.map(|session| Episode {
            session_id: session.session_id,
            game_id: session.game_id,
            state: session.state,
            last_seq: session.last_seq,
            reward: session.reward,
            training: session.training,
        });
        Ok(episodes.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
    }

    async fn step_list(&self, query: &StepQuery) -> Result<Vec<RecordedStep>, StoreError> {
        let tables = self.read()?;
        let mut steps = Vec::new();
        for &session_id in &query.sessions {
            let range = (session_id, query.above.saturating_add(1))..=(session_id, query.upto);
            let rows = if query.above < query.upto { Some(tables.transitions.range(range)) } else { None };
            for (_, row) in rows.into_iter().flatten() {
                if row.created_at < query.to && query.from.is_none_or(|from| row.created_at >= from) {
                    steps.push(step(row)?);
                }
            }
        }
        Ok(steps)
    }
}

fn step(row: &Transition) -> Result<RecordedStep, StoreError> {
    let action = read_action(&row.action.to_string())
        .map_err(|error| StoreError::Corrupt(format!("the action of step {}: {error}", row.id)))?;
    Ok(RecordedStep {
        id: row.id,
        session_id: row.session_id,
        seq: row.seq,
        state: Some(row.state.clone()),
        action,
        reward: row.reward,
        next_state: row.next_state.clone(),
        ending: Ending::from_flags(row.terminated, row.truncated),
        created_at: row.created_at,
    })
}
