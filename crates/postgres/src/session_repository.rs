//! Reads sessions and what they recorded.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::RunQueryDsl as _;
use reelhouse_domain::id::minted_at;
use reelhouse_domain::ports::{SessionFilter, SessionRepository, StoreError};
use reelhouse_domain::session::{GameplayEvent, Session, SessionState, Transition};
use reelhouse_domain::{SessionId, Timestamp};
use reelhouse_schema::postgres::{gameplay_events, rl_store, sessions};
use uuid::Uuid;

use crate::PostgresStore;
use crate::columns::State;
use crate::error::undone;
use crate::rows::{EventRow, SessionRow, TransitionRow};

#[async_trait]
impl SessionRepository for PostgresStore {
    async fn session_find(&self, session_id: SessionId) -> Result<Option<Session>, StoreError> {
        let query = sessions::table.find((session_id.shard().column(), session_id.0)).select(SessionRow::as_select());
        let row = query.first(&mut *self.checkout().await?).await.optional().map_err(undone)?;
        row.map(SessionRow::session).transpose()
    }

    async fn session_list(
        &self,
        filter: SessionFilter,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        let mut query = sessions::table.limit(i64::from(limit)).select(SessionRow::as_select()).into_boxed();
        query = if filter.newest_first {
            query
                .filter(sessions::session_id.lt(after.map_or(Uuid::max(), |id| id.0)))
                .order(sessions::session_id.desc())
        } else {
            query.filter(sessions::session_id.gt(after.map_or(Uuid::nil(), |id| id.0))).order(sessions::session_id)
        };
        if let Some(game_id) = filter.game_id {
            query = query.filter(sessions::game_id.eq(game_id.0));
        }
        if let Some(wallet_id) = filter.wallet_id {
            query = query.filter(sessions::current_wallet_id.eq(wallet_id.0));
        }
        if let Some(state) = filter.state {
            query = query.filter(sessions::state.eq(State(state)));
        }
        if let Some(owner) = filter.owner {
            query = query.filter(sessions::owner.eq(owner.0));
        }
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(SessionRow::session).collect()
    }

    async fn session_idle_list(&self, due: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let ended = SessionState::ALL.into_iter().filter(|state| state.is_final()).map(State);
        let query = sessions::table
            .filter(sessions::idle_check_at.le(due))
            .filter(sessions::state.ne_all(ended))
            .order((sessions::idle_check_at, sessions::session_id))
            .limit(i64::from(limit))
            .select(sessions::session_id);
        let ids: Vec<Uuid> = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        Ok(ids.into_iter().map(SessionId).collect())
    }

    async fn event_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<GameplayEvent>, StoreError> {
        let query = gameplay_events::table
            .filter(gameplay_events::shard.eq(session_id.shard().column()))
            .filter(gameplay_events::session_id.eq(session_id.0))
            .filter(gameplay_events::timestamp.ge(opened_at(session_id)))
            .filter(gameplay_events::seq.gt(after))
            .order(gameplay_events::seq)
            .limit(i64::from(limit))
            .select(EventRow::as_select());
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(EventRow::event).collect()
    }

    async fn transition_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Transition>, StoreError> {
        let query = rl_store::table
            .filter(rl_store::shard.eq(session_id.shard().column()))
            .filter(rl_store::session_id.eq(session_id.0))
            .filter(rl_store::created_at.ge(opened_at(session_id)))
            .filter(rl_store::seq.gt(after))
            .order(rl_store::seq)
            .limit(i64::from(limit))
            .select(TransitionRow::as_select());
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(TransitionRow::transition).collect()
    }
}

/// When the session was opened: nothing of it is in a partition of an earlier month.
///
/// The index on (`session_id`, `seq`, time) of each month then gives a page as one stretch, in order.
fn opened_at(session_id: SessionId) -> DateTime<Utc> {
    minted_at(session_id.0).unwrap_or(DateTime::UNIX_EPOCH)
}
