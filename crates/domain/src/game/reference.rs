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

/// Games with invented names, each of which shows a feature of the definition language.
#[must_use]
pub fn example_games() -> Vec<ReferenceGame> {
    vec![
        // 243 ways, a wild, and free games.
        ReferenceGame { name: "meadow-243", document: include_str!("../../games/meadow-243.json") },
        // 1024 ways, and two wilds whose multipliers multiply.
        ReferenceGame { name: "ember-1024", document: include_str!("../../games/ember-1024.json") },
        // Rows that vary by spin, cells drawn by weight, cascades, and a ladder in free games.
        ReferenceGame { name: "tide-rows", document: include_str!("../../games/tide-rows.json") },
        // Clusters by ranges of sizes, with cascades.
        ReferenceGame { name: "geode-cluster", document: include_str!("../../games/geode-cluster.json") },
        // Lines that pay both ways, expanding wilds, and respins that hold them.
        ReferenceGame { name: "comet-respin", document: include_str!("../../games/comet-respin.json") },
        // A scatter that is also wild in free games.
        ReferenceGame { name: "owl-night", document: include_str!("../../games/owl-night.json") },
        // A multiplier for a window that is full of one symbol.
        ReferenceGame { name: "orchard-full", document: include_str!("../../games/orchard-full.json") },
        // Cascades with a ladder of multipliers, on reels of different heights.
        ReferenceGame { name: "stair-falls", document: include_str!("../../games/stair-falls.json") },
    ]
}
