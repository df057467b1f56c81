//! Plain line games: their documents read, and what a line still can pay after some of its reels.
//!
//! The documents are read with unknown fields refused. A game with any feature that is not known here is
//! then not a plain line game, and is left to the engine.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::game::{Definition, Mode};
use crate::money::Money;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RngDocument {
    #[serde(rename = "version")]
    _version: u32,
    #[serde(rename = "algorithm")]
    _algorithm: String,
    modes: ModesDocument,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModesDocument {
    base: ReelsDocument,
    free: Option<ReelsDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReelsDocument {
    strips: Vec<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MapDocument {
    #[serde(rename = "version")]
    _version: u32,
    grid: GridDocument,
    credit: Money,
    symbols: Vec<SymbolDocument>,
    evaluation: EvaluationDocument,
    pays: BTreeMap<String, BTreeMap<usize, u64>>,
    scatter_pays: BTreeMap<String, BTreeMap<usize, u64>>,
    free_games: Option<FreeGamesDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GridDocument {
    reels: usize,
    rows: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SymbolDocument {
    name: String,
    role: RoleName,
    multiplier: Option<u64>,
    substitutes: Option<SubstitutesDocument>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoleName {
    Regular,
    Wild,
    Scatter,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SubstitutesDocument {
    Every(EverySymbol),
    Only(Vec<String>),
}

#[derive(Deserialize)]
enum EverySymbol {
    #[serde(rename = "regular")]
    Regular,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvaluationDocument {
    #[serde(rename = "type")]
    kind: EvaluationName,
    lines: Vec<Vec<usize>>,
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EvaluationName {
    Lines,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FreeGamesDocument {
    awards: BTreeMap<String, BTreeMap<usize, u32>>,
    multiplier: u64,
    retrigger: bool,
}

/// A plain line game: strips, lines from the left, one kind of wild at most, scatters, free games.
pub(super) struct LineGame {
    pub(super) rows: usize,
    /// A line bet at the unit bet, in units of 0.0001.
    pub(super) credit: u64,
    /// For each line its row on each reel, from 0.
    pub(super) lines: Vec<Vec<usize>>,
    base: Vec<Vec<u8>>,
    free: Option<Vec<Vec<u8>>>,
    /// By symbol and length, in line bets.
    pays: Vec<Vec<u64>>,
    wild: Option<Wild>,
    pub(super) scatters: Vec<Scatter>,
    free_multiplier: u64,
    retrigger: bool,
}

#[derive(Clone, Copy)]
struct Wild {
    symbol: u8,
    multiplier: u64,
    /// Bit `n` is set when the wild stands for symbol `n`.
    stands_for: u64,
}

/// A symbol that pays and awards by its count.
pub(super) struct Scatter {
    pub(super) symbol: u8,
    /// By count, in total stakes.
    pub(super) pays: BTreeMap<usize, u64>,
    /// By count, in free games.
    pub(super) awards: BTreeMap<usize, u32>,
}

/// What a line that can still pay more has shown so far; how many reels that was is known from elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum LineState {
    /// Wilds only, or nothing yet.
    Wilds,
    /// A run of a symbol, in which wilds may have stood for it.
    Run {
        symbol: u8,
        /// Whether a wild is in it.
        helped: bool,
        /// With how many wilds it began.
        wilds: u8,
    },
}

/// What the next symbol of a line makes of it.
pub(super) enum Next {
    /// The line can pay more.
    Live(LineState),
    /// The line has paid this many line bets, and no more.
    Paid(u64),
}

impl LineGame {
    /// Reads a plain line game; `None` for any other.
    pub(super) fn read(definition: &Definition) -> Option<Self> {
        let rng: RngDocument = serde_json::from_value(definition.rng_signature_document()).ok()?;
        let map: MapDocument = serde_json::from_value(definition.symbol_map_document()).ok()?;
        let names: BTreeMap<&str, u8> = map.symbols.iter().map(|symbol| symbol.name.as_str()).zip(0..).collect();
        let number = |name: &String| names.get(name.as_str()).copied();
        let strips = |reels: &ReelsDocument| -> Option<Vec<Vec<u8>>> {
            reels.strips.iter().map(|strip| strip.iter().map(number).collect()).collect()
        };
        let mut wilds = map.symbols.iter().filter(|symbol| symbol.role == RoleName::Wild);
        let wild = wilds.next();
        if wilds.next().is_some() || map.evaluation.kind != EvaluationName::Lines {
            return None;
        }
        let row = |row: &usize| row.checked_sub(1);
        let lines = map.evaluation.lines.iter().map(|rows| rows.iter().map(row).collect()).collect::<Option<_>>()?;
        let pays = |symbol: &SymbolDocument| -> Vec<u64> {
            let pays = map.pays.get(&symbol.name);
            (0..=map.grid.reels).map(|length| pays.and_then(|pays| pays.get(&length)).copied().unwrap_or(0)).collect()
        };
        Some(Self {
            rows: map.grid.rows,
            credit: u64::try_from(map.credit.units()).ok()?,
            lines,
            base: strips(&rng.modes.base)?,
            free: rng.modes.free.as_ref().map(strips).map_or(Some(None), |strips| strips.map(Some))?,
            pays: map.symbols.iter().map(pays).collect(),
            wild: wild
                .map(|wild| read_wild(&map, wild, number(&wild.name)?))
                .map_or(Some(None), |wild| wild.map(Some))?,
            scatters: read_scatters(&map, &number)?,
            free_multiplier: map.free_games.as_ref().map_or(1, |free_games| free_games.multiplier),
            retrigger: map.free_games.as_ref().is_some_and(|free_games| free_games.retrigger),
        })
    }

    /// The symbols of each reel, in turning order.
    pub(super) fn strips(&self, mode: Mode) -> &[Vec<u8>] {
        match mode {
            Mode::Base => &self.base,
            Mode::Free => self.free.as_ref().unwrap_or(&self.base),
        }
    }

    /// What every win of a mode is multiplied by.
    pub(super) const fn multiplier(&self, mode: Mode) -> u64 {
        match mode {
            Mode::Base => 1,
            Mode::Free => self.free_multiplier,
        }
    }

    /// No spin's lines pay more than this, in line bets.
    pub(super) fn best_lines(&self, mode: Mode) -> u64 {
        let best = self.pays.iter().flatten().copied().max().unwrap_or(0);
        let wild = self.wild.map_or(1, |wild| wild.multiplier.max(1));
        [wild, self.multiplier(mode), self.lines.len() as u64].iter().fold(best, |best, by| best.saturating_mul(*by))
    }

    /// Whether free games are awarded in a mode.
    pub(super) fn awards_in(&self, mode: Mode) -> bool {
        mode == Mode::Base || self.retrigger
    }

    /// What a line comes to when `symbol` follows on the `seen` reels that left it in `state`.
    pub(super) fn step(&self, state: LineState, seen: usize, symbol: u8) -> Next {
        let is_wild = self.wild.is_some_and(|wild| wild.symbol == symbol);
        let next = match state {
            LineState::Wilds if is_wild => Some(LineState::Wilds),
            LineState::Wilds if seen > 0 && !self.is_helped(symbol) => None,
            LineState::Wilds => {
                Some(LineState::Run { symbol, helped: seen > 0, wilds: u8::try_from(seen).unwrap_or(u8::MAX) })
            }
            LineState::Run { symbol: of, .. } if of == symbol => Some(state),
            LineState::Run { symbol: of, wilds, .. } if is_wild && self.is_helped(of) => {
                Some(LineState::Run { symbol: of, helped: true, wilds })
            }
            LineState::Run { .. } => None,
        };
        match next {
            None => Next::Paid(self.paid(state, seen)),
            Some(next) if seen + 1 == self.base.len() || !self.can_grow(next, seen + 1) => {
                Next::Paid(self.paid(next, seen + 1))
            }
            Some(next) => Next::Live(next),
        }
    }

    fn is_helped(&self, symbol: u8) -> bool {
        self.wild.is_some_and(|wild| wild.stands_for >> symbol & 1 == 1)
    }

    fn pay(&self, symbol: u8, length: usize) -> u64 {
        self.pays.get(usize::from(symbol)).and_then(|pays| pays.get(length)).copied().unwrap_or(0)
    }

    /// The pay of a line that ends after `seen` reels: the better of the wilds' own and the run's.
    fn paid(&self, state: LineState, seen: usize) -> u64 {
        let own = |wilds: usize| self.wild.map_or(0, |wild| self.pay(wild.symbol, wilds));
        match state {
            LineState::Wilds => own(seen),
            LineState::Run { symbol, helped, wilds } => {
                let multiplier = self.wild.filter(|_| helped).map_or(1, |wild| wild.multiplier);
                own(usize::from(wilds)).max(self.pay(symbol, seen) * multiplier)
            }
        }
    }

    /// Whether more reels can change what a line pays.
    fn can_grow(&self, state: LineState, seen: usize) -> bool {
        match state {
            LineState::Wilds => true,
            LineState::Run { symbol, .. } => (seen..=self.base.len()).any(|length| self.pay(symbol, length) > 0),
        }
    }
}

fn read_wild(map: &MapDocument, wild: &SymbolDocument, symbol: u8) -> Option<Wild> {
    let mut stands_for = 0;
    for (at, other) in map.symbols.iter().enumerate() {
        let helped = match wild.substitutes.as_ref()? {
            SubstitutesDocument::Every(EverySymbol::Regular) => other.role == RoleName::Regular,
            SubstitutesDocument::Only(names) => names.contains(&other.name),
        };
        stands_for |= u64::from(helped) << at;
    }
    Some(Wild { symbol, multiplier: wild.multiplier?, stands_for })
}

fn read_scatters(map: &MapDocument, number: &dyn Fn(&String) -> Option<u8>) -> Option<Vec<Scatter>> {
    let scatters = map.symbols.iter().filter(|symbol| symbol.role == RoleName::Scatter);
    let read = |symbol: &SymbolDocument| {
        let awards = map.free_games.as_ref().and_then(|free_games| free_games.awards.get(&symbol.name));
        Some(Scatter {
            symbol: number(&symbol.name)?,
            pays: map.scatter_pays.get(&symbol.name).cloned().unwrap_or_default(),
            awards: awards.cloned().unwrap_or_default(),
        })
    };
    scatters.map(read).collect()
}
