//! Reads games.

use async_trait::async_trait;
use diesel::prelude::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::RunQueryDsl as _;
use reelhouse_domain::GameId;
use reelhouse_domain::game::Game;
use reelhouse_domain::ports::{GameRepository, StoreError};
use reelhouse_schema::postgres::games;
use uuid::Uuid;

use crate::PostgresStore;
use crate::error::undone;
use crate::rows::GameRow;

#[async_trait]
impl GameRepository for PostgresStore {
    async fn game_find(&self, game_id: GameId) -> Result<Option<Game>, StoreError> {
        let query = games::table.find(game_id.0).select(GameRow::as_select());
        let row = query.first(&mut *self.checkout().await?).await.optional().map_err(undone)?;
        row.map(GameRow::game).transpose()
    }

    async fn game_list(&self, after: Option<GameId>, limit: u32) -> Result<Vec<Game>, StoreError> {
        let query = games::table
            .filter(games::game_id.gt(after.map_or(Uuid::nil(), |id| id.0)))
            .order(games::game_id)
            .limit(i64::from(limit))
            .select(GameRow::as_select());
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(GameRow::game).collect()
    }
}
