//! What a definition is made of: how a game draws (`rng_signature`), what it pays (`symbol_map`), and their limits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
/// The most cascades that one spin may bring: the rule by which every spin ends.
pub const MAX_CASCADES: u32 = 100;
/// The cascades that one spin may bring in a game that does not say.
pub const DEFAULT_CASCADES: u32 = 50;
/// The most steps of a ladder of multipliers.
pub const MAX_LADDER: usize = 32;
/// The most respins that one spin may bring.
pub const MAX_RESPINS: u32 = 10;
/// The respins that one spin may bring in a game that does not say.
pub const DEFAULT_RESPINS: u32 = 3;
/// The largest weight of a symbol, or of a number of rows.
pub const MAX_WEIGHT: u32 = 1_000_000;
/// The most bets that a unit bet may be, in a game without lines.
pub const MAX_BETS: u32 = 1024;
/// The largest credit.
pub const MAX_CREDIT: Money = Money::from_units(1_000_000 * 10_000);
/// The credit of a game that names none: 0.0100.
pub const DEFAULT_CREDIT: Money = Money::from_units(100);

/// What a spin is: paid for, or a free game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A paid spin.
    Base,
    /// A free game.
    Free,
}

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
pub struct Reels {
    /// What the symbols come from.
    #[serde(flatten)]
    pub source: Source,
    /// By reel, the weight of each number of rows that it may show in a spin; all rows of the grid if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<BTreeMap<u32, u32>>>,
}

/// What the symbols of one mode come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// One strip per reel, each stop equally likely; names of symbols, in turning order.
    Strips(Vec<Vec<String>>),
    /// One table per reel: every cell is drawn on its own, a symbol as likely as its weight.
    Weights(Vec<BTreeMap<String, u32>>),
}

impl Reels {
    /// The strips, where the whole of the grid shows stops of them in every spin.
    #[must_use]
    pub fn plain_strips(&self) -> Option<&[Vec<String>]> {
        match &self.source {
            Source::Strips(strips) if self.rows.is_none() => Some(strips),
            _ => None,
        }
    }
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
    /// What the multipliers of several wilds in one win come to.
    #[serde(skip_serializing_if = "is_default")]
    pub wild_multipliers: Combine,
    /// What a window that is full of one symbol multiplies the wins by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub full_grid: Vec<FullGrid>,
    /// Cascades, if wins bring them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cascades: Option<Cascades>,
    /// Respins, if wilds bring them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respins: Option<Respins>,
}

impl SymbolMap {
    /// One credit on every line, or the bets of a game without lines: the least stake, of which every stake is a
    /// multiple.
    #[must_use]
    pub fn unit_bet(&self) -> Money {
        // The limits on credits and bets keep this far inside the range of money.
        self.credit.checked_mul(i64::from(self.evaluation.bets())).unwrap_or_default()
    }
}

/// The size of the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// How many reels, 1 to [`MAX_REELS`].
    pub reels: usize,
    /// How many rows.
    pub rows: Rows,
}

/// How many rows the reels have, 1 to [`MAX_ROWS`] each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Rows {
    /// As many on every reel.
    Same(usize),
    /// Their own on each reel, and not the same on all.
    Each(Vec<usize>),
}

impl Grid {
    /// How many rows a reel has, 0 for one that is not there.
    #[must_use]
    pub fn height(&self, reel: usize) -> usize {
        match &self.rows {
            Rows::Same(rows) if reel < self.reels => *rows,
            Rows::Same(_) => 0,
            Rows::Each(rows) => rows.get(reel).copied().unwrap_or(0),
        }
    }

    /// The rows of each reel.
    pub fn heights(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.reels).map(|reel| self.height(reel))
    }

    /// How many cells the window has.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.heights().sum()
    }
}

/// A symbol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Symbol {
    /// Its name, unique in the game.
    pub name: String,
    /// What it does.
    #[serde(flatten)]
    pub role: Role,
    /// What it does in free games, where that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<Role>,
}

/// What a symbol does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// Pays on lines, ways or clusters.
    Regular,
    /// Pays like a regular one and stands for other symbols.
    Wild {
        /// What it multiplies a win by that it helps another symbol to; see [`Combine`].
        multiplier: u32,
        /// What it stands for.
        substitutes: Substitutes,
        /// Whether it fills its reel before wins are found.
        #[serde(skip_serializing_if = "is_default")]
        expands: bool,
        /// Whether it is a scatter as well.
        #[serde(skip_serializing_if = "is_default")]
        scatter: bool,
    },
    /// Pays and awards by its count anywhere in the first window of a spin.
    Scatter,
}

impl Role {
    /// Whether the symbol pays and awards by its count in the window.
    #[must_use]
    pub const fn is_scatter(&self) -> bool {
        matches!(self, Self::Scatter | Self::Wild { scatter: true, .. })
    }

    /// Whether the symbol stands for others.
    #[must_use]
    pub const fn is_wild(&self) -> bool {
        matches!(self, Self::Wild { .. })
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a wild stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Substitutes {
    /// Every regular symbol.
    Regular,
    /// These symbols, regular or other wilds, in the order of the definition.
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
        /// Whether lines pay from the last reel to the left as well.
        #[serde(skip_serializing_if = "is_default")]
        both_ways: bool,
    },
    /// On every way of one cell per reel, on adjacent reels from the first to the right.
    Ways {
        /// How many bets of one credit a unit bet is.
        bets: u32,
        /// Whether ways pay from the last reel to the left as well.
        #[serde(skip_serializing_if = "is_default")]
        both_ways: bool,
    },
    /// In clusters of cells that share an edge.
    Cluster {
        /// How many bets of one credit a unit bet is.
        bets: u32,
    },
}

impl Evaluation {
    /// How many bets of one credit a unit bet is: the lines, where there are lines.
    #[must_use]
    pub fn bets(&self) -> u32 {
        match self {
            Self::Lines { lines, .. } => u32::try_from(lines.len()).unwrap_or(u32::MAX),
            Self::Ways { bets, .. } | Self::Cluster { bets } => *bets,
        }
    }

    /// Whether wins are found from both ends.
    #[must_use]
    pub const fn both_ways(&self) -> bool {
        matches!(self, Self::Lines { both_ways: true, .. } | Self::Ways { both_ways: true, .. })
    }
}

/// What the multipliers of the wilds in one win come to. Only wilds that help another symbol count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// The largest one, once.
    #[default]
    Highest,
    /// The product of all, cell by cell.
    Product,
    /// The sum of all that are more than 1, cell by cell; 1 when there is none.
    Sum,
}

/// What a window that is full of one symbol multiplies the wins by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FullGrid {
    /// The symbols, in the order of the definition; a wild counts as itself alone.
    pub symbols: Vec<String>,
    /// Applied to every win of the window but those of scatters.
    pub multiplier: u32,
}

/// Cascades: what won goes, what was above it falls, new symbols come from above, and wins are found again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cascades {
    /// What the wins of the first window and of each cascade are multiplied by; the last one stays.
    pub multipliers: Vec<u32>,
    /// The same in free games, where that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_multipliers: Option<Vec<u32>>,
    /// How many cascades a spin has at most; wins after that are paid, and nothing falls any more.
    pub most: u32,
}

/// Respins: new wilds stay where they are, all else is drawn again, and wins are found again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Respins {
    /// The wilds that bring a respin and are held, in the order of the definition.
    pub symbols: Vec<String>,
    /// How many respins a spin has at most.
    pub most: u32,
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
    /// What the symbol does in a mode.
    #[must_use]
    pub fn role_in(&self, mode: Mode) -> &Role {
        match (mode, &self.free) {
            (Mode::Free, Some(role)) => role,
            _ => &self.role,
        }
    }

    /// Whether a wild with this role stands for this symbol in a mode.
    #[must_use]
    pub fn is_substituted_by(&self, wild: &Role, mode: Mode) -> bool {
        match wild {
            Role::Wild { substitutes: Substitutes::Regular, .. } => *self.role_in(mode) == Role::Regular,
            Role::Wild { substitutes: Substitutes::Only(names), .. } => names.contains(&self.name),
            Role::Regular | Role::Scatter => false,
        }
    }
}
