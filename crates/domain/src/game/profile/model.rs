//! What the exact counts read of a definition. The only place of the profile that knows how a definition is made up.

use std::collections::BTreeMap;

use super::super::definition::{Combine, Definition, Evaluation, MAX_REELS, Mode, Reels, Role, Source, SymbolMap};

/// A game, its symbols as numbers in the order of the definition.
pub(super) struct Model {
    pub(super) symbols: Vec<String>,
    pub(super) base: Board,
    pub(super) free: Option<Board>,
}

/// What one mode plays with.
#[derive(Clone)]
pub(super) struct Board {
    pub(super) reels: Vec<Reel>,
    pub(super) search: Search,
    /// By symbol and length, in bets.
    pub(super) pays: Vec<Vec<u64>>,
    /// By symbol, the set of symbols that a cell of it counts as, a bit each.
    pub(super) counts_as: Vec<u64>,
    /// By symbol; 1 for what is no wild.
    pub(super) multipliers: Vec<u64>,
    pub(super) wilds: u64,
    pub(super) expanding: u64,
    /// The wilds that bring respins.
    pub(super) holding: u64,
    pub(super) combine: Combine,
    /// Sets of symbols, with what a window full of one multiplies by.
    pub(super) full_grid: Vec<(u64, u64)>,
    pub(super) scatters: Vec<ScatterModel>,
    pub(super) bets: u64,
    /// What every win is multiplied by.
    pub(super) multiply: u64,
    /// Whether scatters award free games.
    pub(super) awarding: bool,
    /// How many respins a spin has at most.
    pub(super) respins: u32,
    /// How many cascades a spin has at most.
    pub(super) cascades: u32,
}

/// Where wins are looked for.
#[derive(Clone)]
pub(super) enum Search {
    /// By line and reel, the row from 0.
    Lines {
        lines: Vec<Vec<usize>>,
        both_ways: bool,
    },
    Ways {
        both_ways: bool,
    },
    Cluster,
}

/// What one reel shows.
#[derive(Clone)]
pub(super) struct Reel {
    pub(super) deck: Deck,
    /// The numbers of rows that it may show, with their weights.
    pub(super) heights: Vec<(usize, u32)>,
}

/// What the symbols of a reel come from.
#[derive(Clone)]
pub(super) enum Deck {
    Strip(Vec<u8>),
    /// Symbols and their weights.
    Weights(Vec<(u8, u32)>),
}

#[derive(Clone)]
pub(super) struct ScatterModel {
    pub(super) symbol: u8,
    /// By count in the window, in total stakes.
    pub(super) pays: Vec<u64>,
    /// By count in the window.
    pub(super) awards: Vec<u32>,
}

impl Model {
    pub(super) fn of(definition: &Definition) -> Self {
        let map = definition.symbol_map();
        let modes = &definition.rng_signature().modes;
        let free = map.free_games.as_ref().map(|_| board(map, modes.free.as_ref().unwrap_or(&modes.base), Mode::Free));
        Self {
            symbols: map.symbols.iter().map(|symbol| symbol.name.clone()).collect(),
            base: board(map, &modes.base, Mode::Base),
            free,
        }
    }

    /// What a mode plays with; free games of a game without any are paid spins that award nothing.
    pub(super) fn mode(&self, mode: Mode) -> Board {
        match (mode, &self.free) {
            (Mode::Free, Some(free)) => free.clone(),
            _ => Board { awarding: mode == Mode::Base, ..self.base.clone() },
        }
    }
}

impl Board {
    pub(super) fn pay(&self, symbol: u8, length: usize) -> u64 {
        self.pays.get(usize::from(symbol)).and_then(|row| row.get(length)).copied().unwrap_or(0)
    }

    /// The symbols that pay anything at all.
    pub(super) fn paying(&self) -> Vec<u8> {
        (0..).zip(&self.pays).filter(|(_, row)| row.iter().any(|pay| *pay > 0)).map(|(symbol, _)| symbol).collect()
    }

    pub(super) fn counts(&self, shown: u8, symbol: u8) -> bool {
        self.counts_as[usize::from(shown)] >> symbol & 1 == 1
    }

    /// The multiplier of a wild in a win of another symbol; nothing for a cell that shows the symbol itself.
    pub(super) fn helps(&self, shown: u8, symbol: u8) -> Option<u64> {
        (shown != symbol).then(|| self.multipliers[usize::from(shown)])
    }

    /// The same board with nothing but its scatters: all other symbols are one that pays nothing.
    pub(super) fn of_scatters(&self) -> Self {
        let scatters = self.scatters.iter().fold(0_u64, |set, scatter| set | 1 << scatter.symbol);
        let other = (!scatters).trailing_zeros().min(63);
        let other = u8::try_from(other).unwrap_or(0);
        let read = |symbol: &u8| if scatters >> symbol & 1 == 1 { *symbol } else { other };
        let reels = self.reels.iter().map(|reel| {
            let deck = match &reel.deck {
                Deck::Strip(strip) => Deck::Strip(strip.iter().map(read).collect()),
                Deck::Weights(table) => {
                    let mut weights: BTreeMap<u8, u32> = BTreeMap::new();
                    table.iter().for_each(|(symbol, weight)| *weights.entry(read(symbol)).or_insert(0) += weight);
                    Deck::Weights(weights.into_iter().collect())
                }
            };
            Reel { deck, ..reel.clone() }
        });
        Self {
            reels: reels.collect(),
            search: Search::Ways { both_ways: false },
            pays: Vec::new(),
            expanding: 0,
            full_grid: Vec::new(),
            respins: 0,
            cascades: 0,
            ..self.clone()
        }
    }
}

/// The multipliers of two sets of wilds as that of both; 0 stands for a sum without any.
pub(super) fn combine(how: Combine, one: u64, other: u64) -> u64 {
    match how {
        Combine::Highest => one.max(other),
        Combine::Product => one * other,
        Combine::Sum => one + other,
    }
}

/// What no wild, or one wild alone, comes to before [`combine`].
pub(super) fn uncombined(how: Combine, multiplier: Option<u64>) -> u64 {
    match (how, multiplier) {
        (Combine::Sum, None | Some(1)) => 0,
        (_, multiplier) => multiplier.unwrap_or(1),
    }
}

fn board(map: &SymbolMap, reels: &Reels, mode: Mode) -> Board {
    let rules = map.free_games.as_ref().filter(|_| mode == Mode::Free);
    let longest = match map.evaluation {
        Evaluation::Cluster { .. } => map.grid.cells(),
        _ => MAX_REELS,
    };
    let roles: Vec<&Role> = map.symbols.iter().map(|symbol| symbol.role_in(mode)).collect();
    let set = |is_in: &dyn Fn(usize, &Role) -> bool| {
        roles.iter().enumerate().filter(|(at, role)| is_in(*at, role)).fold(0_u64, |set, (at, _)| set | 1 << at)
    };
    let counts_as = |(at, role): (usize, &&Role)| {
        let stands_for = set(&|other, _| map.symbols[other].is_substituted_by(role, mode));
        stands_for | u64::from(**role != Role::Scatter) << at
    };
    let holds = |at: usize| map.respins.as_ref().is_some_and(|rules| rules.symbols.contains(&map.symbols[at].name));
    Board {
        reels: read_reels(map, reels),
        search: match &map.evaluation {
            Evaluation::Lines { lines, both_ways } => {
                let from_zero = |rows: &Vec<u32>| rows.iter().map(|row| row.saturating_sub(1) as usize).collect();
                Search::Lines { lines: lines.iter().map(from_zero).collect(), both_ways: *both_ways }
            }
            Evaluation::Ways { both_ways, .. } => Search::Ways { both_ways: *both_ways },
            Evaluation::Cluster { .. } => Search::Cluster,
        },
        pays: map.symbols.iter().map(|symbol| by_count(map.pays.get(&symbol.name), longest)).collect(),
        counts_as: roles.iter().enumerate().map(counts_as).collect(),
        multipliers: roles
            .iter()
            .map(|role| if let Role::Wild { multiplier, .. } = role { u64::from(*multiplier) } else { 1 })
            .collect(),
        wilds: set(&|_, role| role.is_wild()),
        expanding: set(&|_, role| matches!(role, Role::Wild { expands: true, .. })),
        holding: set(&|at, role| role.is_wild() && holds(at)),
        combine: map.wild_multipliers,
        full_grid: map
            .full_grid
            .iter()
            .map(|one| (set(&|at, _| one.symbols.contains(&map.symbols[at].name)), one.multiplier.into()))
            .collect(),
        scatters: scatters(map, mode),
        bets: map.evaluation.bets().into(),
        multiply: rules.map_or(1, |rules| rules.multiplier.into()),
        awarding: mode == Mode::Base || rules.is_some_and(|rules| rules.retrigger),
        respins: map.respins.as_ref().map_or(0, |rules| rules.most),
        cascades: map.cascades.as_ref().map_or(0, |rules| rules.most),
    }
}

fn read_reels(map: &SymbolMap, reels: &Reels) -> Vec<Reel> {
    let numbers: BTreeMap<&str, u8> = map.symbols.iter().map(|symbol| symbol.name.as_str()).zip(0..).collect();
    let number = |name: &String| numbers.get(name.as_str()).copied();
    let decks: Vec<Deck> = match &reels.source {
        Source::Strips(strips) => {
            strips.iter().map(|strip| Deck::Strip(strip.iter().filter_map(number).collect())).collect()
        }
        Source::Weights(tables) => {
            let read = |(name, weight): (&String, &u32)| Some((number(name)?, *weight));
            tables.iter().map(|table| Deck::Weights(table.iter().filter_map(read).collect())).collect()
        }
    };
    let with_heights = |(reel, deck): (usize, Deck)| {
        let heights = match reels.rows.as_ref().and_then(|rows| rows.get(reel)) {
            None => vec![(map.grid.height(reel), 1)],
            Some(rows) => rows.iter().map(|(height, weight)| (*height as usize, *weight)).collect(),
        };
        Reel { deck, heights }
    };
    decks.into_iter().enumerate().map(with_heights).collect()
}

fn by_count<T: Copy + Default + From<u32>>(row: Option<&BTreeMap<u32, u32>>, most: usize) -> Vec<T> {
    let mut counts = vec![T::default(); most + 1];
    for (count, amount) in row.into_iter().flatten() {
        if let Some(slot) = counts.get_mut(*count as usize) {
            *slot = T::from(*amount);
        }
    }
    counts
}

/// The scatters of a mode that pay or award something.
fn scatters(map: &SymbolMap, mode: Mode) -> Vec<ScatterModel> {
    let most = map.grid.cells();
    let scatters = (0..).zip(&map.symbols).filter(|(_, symbol)| symbol.role_in(mode).is_scatter());
    let read = scatters.filter_map(|(number, symbol)| {
        let pays = map.scatter_pays.get(&symbol.name);
        let awards = map.free_games.as_ref().and_then(|rules| rules.awards.get(&symbol.name));
        let scatter = ScatterModel { symbol: number, pays: by_count(pays, most), awards: by_count(awards, most) };
        (pays.is_some() || awards.is_some()).then_some(scatter)
    });
    read.collect()
}
