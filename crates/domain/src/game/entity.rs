//! The game: a definition under a name, immutable once it is there.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::definition::Definition;
use super::definition::fault::Faults;
use super::readiness::Readiness;
use crate::canonical::Digest;
use crate::id::GameId;
use crate::refusal::Refusal;
use crate::time::{Timestamp, millis_format};

/// The longest name of a game, in characters.
pub const MAX_GAME_NAME: usize = 200;

/// A game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Game {
    /// The game's id.
    pub game_id: GameId,
    /// The name for people.
    pub name: String,
    /// How outcomes are drawn: the versioned document.
    pub rng_signature: Value,
    /// What the symbols are and pay: the versioned document.
    pub symbol_map: Value,
    /// The figures that the server computed from the definition: a versioned document.
    pub statistical_profile: Value,
    /// SHA-256 over the canonical JSON of `rng_signature` and `symbol_map`.
    pub fingerprint: Digest,
    /// When the game was first posted.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
}

impl Game {
    /// Whether the game can be played: its profile is there.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        Readiness::of(&self.statistical_profile)
    }

    /// The definition that the documents spell.
    ///
    /// # Errors
    /// The faults of documents that this program cannot play.
    pub fn definition(&self) -> Result<Definition, Faults> {
        Definition::parse(&self.rng_signature, &self.symbol_map)
    }
}

/// Checks a game's name.
///
/// # Errors
/// [`Refusal::InvalidRequest`] for an empty one, one over [`MAX_GAME_NAME`], one with NUL.
pub fn check_name(name: &str) -> Result<(), Refusal> {
    if name.is_empty() || name.chars().count() > MAX_GAME_NAME || name.contains('\0') {
        let reason = format!("a name of 1 to {MAX_GAME_NAME} characters without NUL was expected");
        return Err(Refusal::invalid_request("/name", reason));
    }
    Ok(())
}
