//! The JSON Schemas of the two documents of a definition, draft 2020-12.
//!
//! A schema says what fields there are and what each may hold. The parser checks more: names, lengths
//! against the grid, and what a game may come to.

/// The JSON Schema of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The document's field in a game.
    pub name: &'static str,
    /// The schema, as JSON.
    pub document: &'static str,
}

/// The schemas of `rng_signature` and `symbol_map`.
#[must_use]
pub const fn schemas() -> [Schema; 2] {
    [
        Schema { name: "rng_signature", document: include_str!("../../schemas/rng_signature.schema.json") },
        Schema { name: "symbol_map", document: include_str!("../../schemas/symbol_map.schema.json") },
    ]
}
