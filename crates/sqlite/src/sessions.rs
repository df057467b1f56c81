//! Reads of sessions and what they recorded.

use async_trait::async_trait;
use diesel::prelude::*;
use reelhouse_domain::ports::{SessionFilter, SessionRepository, StoreError};
use reelhouse_domain::session::{GameplayEvent, Session, SessionState, Transition};
use reelhouse_domain::{SessionId, Timestamp};
use reelhouse_schema::sqlite::{gameplay_events, rl_store, sessions};

use crate::error::from_diesel;
use crate::rows::{EventRow, SessionRow, TransitionRow, instant, read_id};
use crate::snapshot;
use crate::store::SqliteStore;

#[async_trait]
impl SessionRepository for SqliteStore {
    async fn session_find(&self, session_id: SessionId) -> Result<Option<Session>, StoreError> {
        self.read(move |connection| snapshot::find_session(connection, session_id)?.map(SessionRow::read).transpose())
            .await
    }

    async fn session_list(
        &self,
        filter: SessionFilter,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        self.read(move |connection| {
            let mut page = sessions::table.select(SessionRow::as_select()).into_boxed();
            if let Some(id) = filter.game_id {
                page = page.filter(sessions::game_id.eq(id.to_string()));
            }
            if let Some(id) = filter.wallet_id {
                page = page.filter(sessions::current_wallet_id.eq(id.to_string()));
            }
            if let Some(state) = filter.state {
                page = page.filter(sessions::state.eq(state.name()));
            }
            if let Some(id) = filter.owner {
                page = page.filter(sessions::owner.eq(id.to_string()));
            }
            page = match (after.map(|id| id.to_string()), filter.newest_first) {
                (Some(id), true) => page.filter(sessions::session_id.lt(id)),
                (Some(id), false) => page.filter(sessions::session_id.gt(id)),
                (None, _) => page,
            };
            page = if filter.newest_first {
                page.order(sessions::session_id.desc())
            } else {
                page.order(sessions::session_id)
            };
            let page = page.limit(i64::from(limit));
            page.load(connection).map_err(from_diesel)?.into_iter().map(SessionRow::read).collect()
        })
        .await
    }

    async fn session_idle_list(&self, due: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.read(move |connection| {
            let page = sessions::table
                .filter(sessions::idle_check_at.le(instant(due)))
                .filter(sessions::state.ne(SessionState::Completed.name()))
                .filter(sessions::state.ne(SessionState::Expired.name()))
                .order((sessions::idle_check_at, sessions::session_id))
                .limit(i64::from(limit))
                .select(sessions::session_id);
            let ids: Vec<String> = page.load(connection).map_err(from_diesel)?;
            ids.iter().map(|id| read_id("sessions.session_id", id).map(SessionId)).collect()
        })
        .await
    }

    async fn event_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<GameplayEvent>, StoreError> {
        self.read(move |connection| {
            let page = gameplay_events::table
                .filter(gameplay_events::session_id.eq(session_id.to_string()))
                .filter(gameplay_events::seq.gt(after))
                .order(gameplay_events::seq)
                .limit(i64::from(limit))
                .select(EventRow::as_select());
            page.load(connection).map_err(from_diesel)?.into_iter().map(EventRow::read).collect()
        })
        .await
    }

    async fn transition_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Transition>, StoreError> {
        self.read(move |connection| {
            let page = rl_store::table
                .filter(rl_store::session_id.eq(session_id.to_string()))
                .filter(rl_store::seq.gt(after))
                .order(rl_store::seq)
                .limit(i64::from(limit))
                .select(TransitionRow::as_select());
            page.load(connection).map_err(from_diesel)?.into_iter().map(TransitionRow::read).collect()
        })
        .await
    }
}
