//! The book of games in play: a game that is ready never changes, so it is read and compiled once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use reelhouse_domain::GameId;
use reelhouse_domain::game::{Engine, Game, Readiness};
use reelhouse_domain::ports::GameRepository;

use crate::error::Error;

/// How many games are kept compiled; past it the book starts over.
const CAPACITY: usize = 4096;

/// A game with its compiled engine.
pub(crate) struct PlayableGame {
    pub(crate) game: Game,
    pub(crate) engine: Engine,
}

/// The compiled games, by id.
pub(crate) struct GameBook {
    games: Arc<dyn GameRepository>,
    compiled: RwLock<BTreeMap<GameId, Arc<PlayableGame>>>,
}

/// The games that a batch plays.
pub(crate) type Shelf = BTreeMap<GameId, Arc<PlayableGame>>;

impl GameBook {
    pub(crate) fn new(games: Arc<dyn GameRepository>) -> Self {
        Self { games, compiled: RwLock::default() }
    }

    /// The games of those ids; one that does not exist is left out.
    pub(crate) async fn shelf(&self, ids: BTreeSet<GameId>) -> Result<Shelf, Error> {
        let mut shelf = Shelf::new();
        for id in ids {
            if let Some(game) = self.find(id).await? {
                shelf.insert(id, game);
            }
        }
        Ok(shelf)
    }

    async fn find(&self, id: GameId) -> Result<Option<Arc<PlayableGame>>, Error> {
        let known = self.compiled.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(game) = self.games.game_find(id).await? else {
            return Ok(None);
        };
        let definition =
            game.definition().map_err(|faults| Error::Internal(format!("stored game {id} does not play: {faults}")))?;
        let playable = Arc::new(PlayableGame { game, engine: Engine::compile(&definition) });
        if playable.game.readiness() != Readiness::Ready {
            return Ok(Some(playable));
        }
        let mut compiled = self.compiled.write().unwrap_or_else(PoisonError::into_inner);
        if compiled.len() >= CAPACITY {
            compiled.clear();
        }
        compiled.insert(id, Arc::clone(&playable));
        Ok(Some(playable))
    }
}
