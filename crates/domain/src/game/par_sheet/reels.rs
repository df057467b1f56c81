//! What each mode draws from, with how often each symbol is on each reel.

use serde::Serialize;

use super::super::definition::{Definition, Reels, Source, Symbol, SymbolMap};

/// The reels of each mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReelSheets {
    /// Of paid spins.
    pub base: ReelSheet,
    /// Of free games.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<ReelSheet>,
}

/// The reels of one mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReelSheet {
    /// The strips or the weighted tables, and the weights of numbers of rows.
    #[serde(flatten)]
    pub reels: Reels,
    /// The stops of each reel; on weighted cells, the sum of weights.
    pub stops: Vec<u64>,
    /// How many of them have each symbol.
    pub symbols: Vec<SymbolStops>,
}

/// How many stops a symbol has on each reel; on weighted cells, its weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SymbolStops {
    /// The symbol.
    pub symbol: String,
    /// By reel.
    pub stops: Vec<u64>,
    /// On all reels together.
    pub total: u64,
}

impl ReelSheets {
    pub(super) fn of(definition: &Definition) -> Self {
        let (map, modes) = (definition.symbol_map(), &definition.rng_signature().modes);
        Self { base: ReelSheet::of(map, &modes.base), free: modes.free.as_ref().map(|free| ReelSheet::of(map, free)) }
    }
}

impl ReelSheet {
    fn of(map: &SymbolMap, reels: &Reels) -> Self {
        let count = |symbol: &str| -> Vec<u64> {
            match &reels.source {
                Source::Strips(strips) => {
                    strips.iter().map(|strip| strip.iter().filter(|stop| *stop == symbol).count() as u64).collect()
                }
                Source::Weights(tables) => {
                    tables.iter().map(|table| table.get(symbol).copied().unwrap_or(0).into()).collect()
                }
            }
        };
        let row = |symbol: &Symbol| {
            let stops = count(&symbol.name);
            SymbolStops { symbol: symbol.name.clone(), total: stops.iter().sum(), stops }
        };
        let symbols: Vec<SymbolStops> = map.symbols.iter().map(row).collect();
        let of_reel = |reel: usize| symbols.iter().filter_map(|row| row.stops.get(reel)).sum();
        Self { reels: reels.clone(), stops: (0..map.grid.reels).map(of_reel).collect(), symbols }
    }
}
