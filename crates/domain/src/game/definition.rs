//! The definition of a game: how it draws (`rng_signature`) and what it pays (`symbol_map`).
//!
//! Both are versioned JSON documents. [`Definition::parse`] reads and checks them; the documents that
//! a [`Definition`] gives back have every default filled in, so that equal games have equal documents.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::fault::{FaultLog, Faults, Place};
use super::parse;
use crate::canonical::{Digest, canonical_digest};
use crate::money::Money;

/// The version of both documents that this program reads and writes.
pub const DEFINITION_VERSION: u32 = 1;
/// The most reels of a grid.
pub const MAX_REELS: usize = 8;
/// The most rows of a grid.
pub const MAX_ROWS: usize = 8;
/// The most stops of a reel strip.
pub const MAX_STOPS: usize = 1000;
/// The most symbols of a game.
pub const MAX_SYMBOLS: usize = 64;
/// The most lines of a game.
pub const MAX_LINES: usize = 1024;
/// The longest name of a symbol, in characters.
pub const MAX_SYMBOL_NAME: usize = 32;
/// The largest pay, in line bets or total stakes.
pub const MAX_PAY: u32 = 1_000_000;
/// The most free games that one spin awards for one scatter symbol.
pub const MAX_AWARD: u32 = 500;
/// The largest multiplier.
pub const MAX_MULTIPLIER: u32 = 1000;
/// The largest credit.
pub const MAX_CREDIT: Money = Money::from_units(1_000_000 * 10_000);
/// The credit of a game that names none: 0.0100.
pub const DEFAULT_CREDIT: Money = Money::from_units(100);

/// How outcomes are drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RngSignature {
    /// Always [`DEFINITION_VERSION`].
    pub version: u32,
    /// Where the random words come from.
    pub algorithm: Algorithm,
    /// What each mode draws from.
    pub modes: Modes,
}

/// Where the random words come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Algorithm {
    /// The fair stream: [`crate::fairness::stream`].
    #[serde(rename = "hmac-sha256")]
    HmacSha256,
}

/// What each mode draws from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Modes {
    /// Paid spins.
    pub base: Reels,
    /// Free games; there exactly when the symbol map has free games.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<Reels>,
}

/// What the reels of one mode are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reels {
    /// One strip per reel, each stop equally likely; names of symbols, in turning order.
    Strips(Vec<Vec<String>>),
}

/// The grid, the symbols and what they pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SymbolMap {
    /// Always [`DEFINITION_VERSION`].
    pub version: u32,
    /// The size of the window.
    pub grid: Grid,
    /// The denomination: a line bet is a whole number of credits.
    pub credit: Money,
    /// The symbols, in the order of the definition.
    pub symbols: Vec<Symbol>,
    /// How wins are found.
    pub evaluation: Evaluation,
    /// By symbol and exact length, the pay in line bets. A length that is not listed pays nothing.
    pub pays: BTreeMap<String, BTreeMap<u32, u32>>,
    /// By scatter symbol and exact count in the window, the pay in total stakes.
    pub scatter_pays: BTreeMap<String, BTreeMap<u32, u32>>,
    /// The free games, if the game has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_games: Option<FreeGames>,
}

/// The size of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// How many reels, 1 to [`MAX_REELS`].
    pub reels: usize,
    /// How many rows, 1 to [`MAX_ROWS`].
    pub rows: usize,
}

/// A symbol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Symbol {
    /// Its name, unique in the game.
    pub name: String,
    /// What it does.
    #[serde(flatten)]
    pub role: Role,
}

/// What a symbol does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// Pays on lines.
    Regular,
    /// Pays on lines and stands for other symbols.
    Wild {
        /// Applied once to a line win that has a wild and something else in it.
        multiplier: u32,
        /// What it stands for.
        substitutes: Substitutes,
    },
    /// Pays and awards by its count anywhere in the window.
    Scatter,
}

/// What a wild stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Substitutes {
    /// Every regular symbol.
    Regular,
    /// These regular symbols, in the order of the definition.
    #[serde(untagged)]
    Only(Vec<String>),
}

/// How wins are found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Evaluation {
    /// On lines, from the first reel to the right.
    Lines {
        /// For each line, its row on each reel, 1 at the top.
        lines: Vec<Vec<u32>>,
    },
}

/// Free games.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FreeGames {
    /// By scatter symbol and exact count in the window, how many free games a spin awards.
    pub awards: BTreeMap<String, BTreeMap<u32, u32>>,
    /// Applied to every win of a free game.
    pub multiplier: u32,
    /// Whether free games award further free games.
    pub retrigger: bool,
}

impl Symbol {
    /// Whether a wild with this role stands for this symbol.
    #[must_use]
    pub fn is_substituted_by(&self, wild: &Role) -> bool {
        match wild {
            Role::Wild { substitutes: Substitutes::Regular, .. } => self.role == Role::Regular,
            Role::Wild { substitutes: Substitutes::Only(names), .. } => names.contains(&self.name),
            Role::Regular | Role::Scatter => false,
        }
    }
}

/// A checked definition: every rule in [`Self::parse`] holds of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    rng_signature: RngSignature,
    symbol_map: SymbolMap,
    fingerprint: Digest,
}

impl Definition {
    /// Reads and checks the two documents of a game.
    ///
    /// # Errors
    /// Every fault that was found, not only the first.
    pub fn parse(rng_signature: &Value, symbol_map: &Value) -> Result<Self, Faults> {
        let mut log = FaultLog::default();
        let parsed = parse::documents(&mut log, rng_signature, symbol_map);
        let Some((rng_signature, symbol_map)) = parsed.filter(|_| log.is_clean()) else {
            return Err(log.into_faults());
        };
        let both = json!({ "rng_signature": rng_signature, "symbol_map": symbol_map });
        match canonical_digest(&both) {
            Ok(fingerprint) => Ok(Self { rng_signature, symbol_map, fingerprint }),
            Err(error) => {
                log.add(&Place::root("symbol_map"), format_args!("there is no canonical JSON form: {error}"));
                Err(log.into_faults())
            }
        }
    }

    /// How outcomes are drawn.
    #[must_use]
    pub const fn rng_signature(&self) -> &RngSignature {
        &self.rng_signature
    }

    /// The grid, the symbols and what they pay.
    #[must_use]
    pub const fn symbol_map(&self) -> &SymbolMap {
        &self.symbol_map
    }

    /// The `rng_signature` document with every default filled in.
    #[must_use]
    pub fn rng_signature_document(&self) -> Value {
        json!(self.rng_signature)
    }

    /// The `symbol_map` document with every default filled in.
    #[must_use]
    pub fn symbol_map_document(&self) -> Value {
        json!(self.symbol_map)
    }

    /// SHA-256 over the canonical JSON of `{"rng_signature":…,"symbol_map":…}`, defaults filled in.
    #[must_use]
    pub const fn fingerprint(&self) -> Digest {
        self.fingerprint
    }
}
