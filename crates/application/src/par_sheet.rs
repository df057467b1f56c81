//! The PAR sheet of a game of the catalogue.

use reelhouse_domain::game::ParSheet;
use reelhouse_domain::{GameId, Refusal};

use crate::error::Error;
use crate::house::House;

impl House {
    /// The PAR sheet of the game of that id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Refusal::GameNotReady`] for a definition that the rules of today do not take.
    pub async fn par_sheet(&self, game_id: GameId) -> Result<ParSheet, Error> {
        let game = self.game_find(game_id).await?;
        ParSheet::of(&game).map_err(|_| Refusal::outdated_game().into())
    }
}
