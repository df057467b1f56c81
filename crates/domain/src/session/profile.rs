//! The player profile: who plays, in the words of the caller, and the largest stake allowed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::document::Document;
use crate::money::Money;

/// A player profile. Fields beyond those named here are kept as they came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlayerProfile {
    /// The kind of player: `conservative`, `aggressive`, `adaptive`, `random`, or another word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behavior: Option<String>,
    /// The largest stake that the session accepts, in credits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bet: Option<Money>,
    /// What else the caller says of the player.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Document for PlayerProfile {
    const VERSION: u64 = 1;
    const KEEPS_ANY_FIELD: bool = true;
}
