//! The games that come with Reelhouse, and whose figures its tests reproduce.
//!
//! Their strips, lines and pays are those of the `sizzlinghot` and `dolphinspearl` games of the
//! slotopol/server project at f9550406, in the words of this project's documents.

/// A game that comes with Reelhouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferenceGame {
    /// The game's short name.
    pub name: &'static str,
    /// A JSON object with `name`, `rng_signature` and `symbol_map`, as a client would post it.
    pub document: &'static str,
}

/// Every game that comes with Reelhouse.
#[must_use]
pub fn reference_games() -> Vec<ReferenceGame> {
    vec![
        ReferenceGame { name: "fruit-5x3", document: include_str!("../../games/fruit-5x3.json") },
        ReferenceGame { name: "pearl-5x3", document: include_str!("../../games/pearl-5x3.json") },
    ]
}
