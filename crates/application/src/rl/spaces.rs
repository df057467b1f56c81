//! The spaces of a game.

use reelhouse_domain::rl::{ActionSpace, Encoder, Ladder};
use reelhouse_domain::{Digest, GameId, Money, Refusal};

use crate::book::PlayableGame;
use crate::error::Error;
use crate::house::House;

/// The spaces of a game and a ladder of stakes.
#[derive(Clone, Debug)]
pub struct Spaces {
    /// The game.
    pub game_id: GameId,
    /// The game's name.
    pub name: String,
    /// The fingerprint of the game's definition.
    pub fingerprint: Digest,
    /// The stakes to choose from.
    pub ladder: Ladder,
    /// What makes floats of observations.
    pub encoder: Encoder,
    /// What makes indices of actions.
    pub actions: ActionSpace,
}

impl Spaces {
    /// The spaces of a game, with the stakes given or the game's own ladder.
    pub(crate) fn of(playable: &PlayableGame, stakes: Option<&[Money]>) -> Result<Self, Refusal> {
        let ladder = match stakes {
            Some(stakes) => Ladder::new(stakes.to_vec(), &playable.engine)
                .map_err(|error| Refusal::invalid_request("/ladder", error.to_string()))?,
            None => Ladder::of_game(&playable.engine),
        };
        Ok(Self {
            game_id: playable.game.game_id,
            name: playable.game.name.clone(),
            fingerprint: playable.game.fingerprint,
            encoder: Encoder::new(ladder.clone()),
            actions: ActionSpace::new(ladder.clone()),
            ladder,
        })
    }
}

impl House {
    /// The spaces of a game, with the stakes given or the game's own ladder.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Refusal::GameNotReady`]; [`Refusal::InvalidRequest`] at `/ladder` for stakes that are no ladder.
    pub async fn rl_spaces(&self, game_id: GameId, stakes: Option<&[Money]>) -> Result<Spaces, Error> {
        let shelf = self.book.shelf([game_id].into()).await?;
        Ok(Spaces::of(shelf.find(game_id)?, stakes)?)
    }
}
