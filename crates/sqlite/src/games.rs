//! Reads of games.

use async_trait::async_trait;
use diesel::prelude::*;
use reelhouse_domain::GameId;
use reelhouse_domain::game::Game;
use reelhouse_domain::ports::{GameRepository, StoreError};
use reelhouse_schema::sqlite::games;

use crate::error::from_diesel;
use crate::rows::GameRow;
use crate::store::SqliteStore;

#[async_trait]
impl GameRepository for SqliteStore {
    async fn game_find(&self, game_id: GameId) -> Result<Option<Game>, StoreError> {
        self.read(move |connection| {
            let row = games::table.find(game_id.to_string()).select(GameRow::as_select());
            row.get_result(connection).optional().map_err(from_diesel)?.map(GameRow::read).transpose()
        })
        .await
    }

    async fn game_list(&self, after: Option<GameId>, limit: u32) -> Result<Vec<Game>, StoreError> {
        self.read(move |connection| {
            // The empty text comes before every id.
            let after = after.map(|id| id.to_string()).unwrap_or_default();
            let page = games::table
                .filter(games::game_id.gt(after))
                .order(games::game_id)
                .limit(i64::from(limit))
                .select(GameRow::as_select());
            page.load(connection).map_err(from_diesel)?.into_iter().map(GameRow::read).collect()
        })
        .await
    }
}
