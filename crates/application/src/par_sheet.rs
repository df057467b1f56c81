//! The PAR sheet of a game of the catalogue.

use reelhouse_domain::GameId;
use reelhouse_domain::game::ParSheet;

use crate::error::Error;
use crate::house::House;

impl House {
    /// The PAR sheet of the game of that id.
    ///
    /// # Errors
    /// [`reelhouse_domain::Refusal::NotFound`].
    pub async fn par_sheet(&self, game_id: GameId) -> Result<ParSheet, Error> {
        let game = self.game_find(game_id).await?;
        ParSheet::of(&game).map_err(|faults| Error::Internal(format!("stored game {game_id} does not play: {faults}")))
    }
}
