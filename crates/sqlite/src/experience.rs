//! Reads of the experience.

use async_trait::async_trait;
use diesel::prelude::*;
use reelhouse_domain::ports::{Episode, EpisodeFilter, ExperienceRepository, RecordedStep, StepQuery, StoreError};
use reelhouse_domain::rl::{Ending, Reward, read_action, read_observation};
use reelhouse_domain::session::SessionState;
use reelhouse_domain::{EventId, GameId, SessionId};
use reelhouse_schema::sqlite::{rl_store, sessions};

use crate::error::{corrupt, from_diesel};
use crate::rows::{instant, read_id, read_instant, read_named};
use crate::store::SqliteStore;

#[async_trait]
impl ExperienceRepository for SqliteStore {
    async fn episode_list(
        &self,
        filter: EpisodeFilter,
        first: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Episode>, StoreError> {
        self.read(move |connection| {
            let mut page = sessions::table.select(EpisodeRow::as_select()).into_boxed();
            if let Some(id) = filter.session_id {
                page = page.filter(sessions::session_id.eq(id.to_string()));
            }
            if let Some(id) = filter.game_id {
                page = page.filter(sessions::game_id.eq(id.to_string()));
            }
            if let Some(id) = filter.owner {
                page = page.filter(sessions::owner.eq(id.to_string()));
            }
            if let Some(id) = first {
                page = page.filter(sessions::session_id.ge(id.to_string()));
            }
            let page = page.filter(sessions::last_seq.gt(0)).order(sessions::session_id).limit(i64::from(limit));
            page.load(connection).map_err(from_diesel)?.into_iter().map(EpisodeRow::read).collect()
        })
        .await
    }

    async fn step_list(&self, query: &StepQuery) -> Result<Vec<RecordedStep>, StoreError> {
        let query = query.clone();
        self.read(move |connection| {
            let ids = query.sessions.iter().map(ToString::to_string);
            let mut page = rl_store::table
                .filter(rl_store::session_id.eq_any(ids))
                .filter(rl_store::seq.gt(query.above))
                .filter(rl_store::seq.le(query.upto))
                .filter(rl_store::created_at.lt(instant(query.to)))
                .select(StepRow::as_select())
                .into_boxed();
            if let Some(from) = query.from {
                page = page.filter(rl_store::created_at.ge(instant(from)));
            }
            let page = page.order((rl_store::session_id, rl_store::seq));
            page.load(connection).map_err(from_diesel)?.into_iter().map(StepRow::read).collect()
        })
        .await
    }
}

/// What is read of a row of `sessions`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(diesel::sqlite::Sqlite))]
struct EpisodeRow {
    session_id: String,
    game_id: String,
    state: String,
    last_seq: i64,
    reward: String,
    training: bool,
}

impl EpisodeRow {
    fn read(self) -> Result<Episode, StoreError> {
        Ok(Episode {
            session_id: SessionId(read_id("sessions.session_id", &self.session_id)?),
            game_id: GameId(read_id("sessions.game_id", &self.game_id)?),
            state: read_named("sessions.state", &self.state, SessionState::named)?,
            last_seq: self.last_seq,
            reward: read_named("sessions.reward", &self.reward, Reward::named)?,
            training: self.training,
        })
    }
}

/// What is read of a row of `rl_store`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = rl_store, check_for_backend(diesel::sqlite::Sqlite))]
struct StepRow {
    id: String,
    session_id: String,
    seq: i64,
    state: String,
    action: String,
    reward: f64,
    next_state: String,
    terminated: bool,
    truncated: bool,
    created_at: String,
}

impl StepRow {
    fn read(self) -> Result<RecordedStep, StoreError> {
        Ok(RecordedStep {
            id: EventId(read_id("rl_store.id", &self.id)?),
            session_id: SessionId(read_id("rl_store.session_id", &self.session_id)?),
            seq: self.seq,
            state: Some(read_observation(&self.state).map_err(|error| corrupt("rl_store.state", error))?),
            action: read_action(&self.action).map_err(|error| corrupt("rl_store.action", error))?,
            reward: self.reward,
            next_state: read_observation(&self.next_state).map_err(|error| corrupt("rl_store.next_state", error))?,
            ending: Ending::from_flags(self.terminated, self.truncated),
            created_at: read_instant("rl_store.created_at", &self.created_at)?,
        })
    }
}
