//! Games, and how the server is.

use reelhouse_domain::GameId;
use serde_json::Value;

use crate::answer::Answer;
use crate::bodies::{Game, Health};
use crate::client::{Client, Key};
use crate::error::Error;
use crate::list::Items;

impl Client {
    /// Adds a game, or finds the one of the same definition.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn game_add(&self, document: &Value, key: &Key) -> Result<Answer<Game>, Error> {
        self.post(&["games"], key, document)
    }

    /// The games, in the order of their making.
    #[must_use]
    pub fn game_list(&self, most: Option<usize>) -> Items<'_, Game> {
        Items::new(self, &["games"], Vec::new(), most)
    }

    /// The game of that id.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn game_find(&self, game_id: GameId) -> Result<Answer<Game>, Error> {
        self.get(&["games", &game_id.to_string()], &[])
    }

    /// The PAR sheet of a game, in the form of that name: `json`, `csv` or `html`.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn game_par_sheet(&self, game_id: GameId, form: &str) -> Result<String, Error> {
        self.text(&["games", &game_id.to_string(), "par-sheet"], &[("format", form.to_owned())])
    }

    /// Whether the server can take work.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn ready(&self) -> Result<Answer<Health>, Error> {
        self.get(&["readyz"], &[])
    }
}
