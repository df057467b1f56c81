//! The book of games in play: a game that is ready never changes, so it is read and compiled once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use reelhouse_domain::game::{Engine, Game, Readiness};
use reelhouse_domain::ports::GameRepository;
use reelhouse_domain::{GameId, Refusal};

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

/// The games that a batch plays. One whose definition the rules of today refuse is there too, so that nothing but what
/// is of that game is refused.
#[derive(Default)]
pub(crate) struct Shelf(BTreeMap<GameId, Shelved>);

/// A game that exists.
type Shelved = Result<Arc<PlayableGame>, Outdated>;

/// The definition of a game does not read.
struct Outdated;

impl Shelf {
    /// The game of that id.
    pub(crate) fn find(&self, id: GameId) -> Result<&PlayableGame, Refusal> {
        match self.0.get(&id) {
            Some(Ok(playable)) => Ok(playable),
            Some(Err(Outdated)) => Err(Refusal::outdated_game()),
            None => Err(Refusal::not_found("game", id)),
        }
    }
}

impl GameBook {
    pub(crate) fn new(games: Arc<dyn GameRepository>) -> Self {
        Self { games, compiled: RwLock::default() }
    }

    /// The games of those ids; one that does not exist is left out.
    pub(crate) async fn shelf(&self, ids: BTreeSet<GameId>) -> Result<Shelf, Error> {
        let mut shelf = Shelf::default();
        for id in ids {
            if let Some(game) = self.find(id).await? {
                shelf.0.insert(id, game);
            }
        }
        Ok(shelf)
    }

    async fn find(&self, id: GameId) -> Result<Option<Shelved>, Error> {
        let known = self.compiled.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(known) = known {
            return Ok(Some(Ok(known)));
        }
        let Some(game) = self.games.game_find(id).await? else {
            return Ok(None);
        };
        let definition = match game.definition() {
            Ok(definition) => definition,
            Err(faults) => {
                tracing::error!(%id, %faults, "a stored game does not play");
                return Ok(Some(Err(Outdated)));
            }
        };
        let playable = Arc::new(PlayableGame { game, engine: Engine::compile(&definition) });
        if playable.game.readiness() != Readiness::Ready {
            return Ok(Some(Ok(playable)));
        }
        let mut compiled = self.compiled.write().unwrap_or_else(PoisonError::into_inner);
        if compiled.len() >= CAPACITY {
            compiled.clear();
        }
        compiled.insert(id, Arc::clone(&playable));
        Ok(Some(Ok(playable)))
    }
}
