//! What the exact counts read of a definition. The only place of the profile that knows how a definition is made up.

use std::collections::BTreeMap;

use super::super::definition::{Definition, Evaluation, Mode, Role, SymbolMap, bound};

/// A game of lines on reel strips, its symbols as numbers in the order of the definition.
pub(super) struct Model {
    pub(super) symbols: Vec<String>,
    pub(super) rows: usize,
    /// By line and reel, the row from 0.
    pub(super) lines: Vec<Vec<usize>>,
    /// By symbol and length, in line bets.
    pub(super) pays: Vec<Vec<u64>>,
    pub(super) wild: Option<WildModel>,
    pub(super) scatters: Vec<ScatterModel>,
    pub(super) base: Vec<Vec<u16>>,
    pub(super) free: Option<FreeModel>,
}

pub(super) struct WildModel {
    pub(super) symbol: u16,
    pub(super) multiplier: u64,
    /// By symbol.
    pub(super) stands_for: Vec<bool>,
}

pub(super) struct ScatterModel {
    pub(super) symbol: u16,
    /// By count in the window, in total stakes.
    pub(super) pays: Vec<u64>,
    /// By count in the window.
    pub(super) awards: Vec<u32>,
}

pub(super) struct FreeModel {
    pub(super) strips: Vec<Vec<u16>>,
    pub(super) multiplier: u64,
    pub(super) retrigger: bool,
}

/// What one mode plays with.
pub(super) struct ModeModel<'a> {
    pub(super) model: &'a Model,
    pub(super) strips: &'a [Vec<u16>],
    /// What every win is multiplied by.
    pub(super) multiplier: u64,
    /// Whether scatters award free games.
    pub(super) awarding: bool,
}

impl Model {
    /// The model; none of a game of more than plain lines, which these counts do not cover.
    pub(super) fn of(definition: &Definition) -> Option<Self> {
        let map = definition.symbol_map();
        let modes = &definition.rng_signature().modes;
        let Evaluation::Lines { lines, .. } = &map.evaluation else { return None };
        if !bound::is_plain(modes, map) {
            return None;
        }
        let lines = lines.iter().map(|rows| rows.iter().map(|row| row.saturating_sub(1) as usize).collect()).collect();
        let longest = map.grid.reels;
        let pays = map.symbols.iter().map(|symbol| by_count(map.pays.get(&symbol.name), longest)).collect();
        let base = strips(map, modes.base.plain_strips()?);
        let of_free = modes.free.as_ref().and_then(|reels| reels.plain_strips());
        let free = map.free_games.as_ref().map(|rules| FreeModel {
            strips: of_free.map_or_else(|| base.clone(), |of_free| strips(map, of_free)),
            multiplier: rules.multiplier.into(),
            retrigger: rules.retrigger,
        });
        Some(Self {
            symbols: map.symbols.iter().map(|symbol| symbol.name.clone()).collect(),
            rows: map.grid.height(0),
            lines,
            pays,
            wild: wild(map),
            scatters: scatters(map),
            base,
            free,
        })
    }

    /// What a mode plays with; free games of a game without any are those that it never plays.
    pub(super) fn mode(&self, mode: Mode) -> ModeModel<'_> {
        match (mode, &self.free) {
            (Mode::Free, Some(free)) => {
                ModeModel { model: self, strips: &free.strips, multiplier: free.multiplier, awarding: free.retrigger }
            }
            _ => ModeModel { model: self, strips: &self.base, multiplier: 1, awarding: mode == Mode::Base },
        }
    }

    pub(super) fn pay(&self, symbol: u16, length: usize) -> u64 {
        self.pays.get(usize::from(symbol)).and_then(|row| row.get(length)).copied().unwrap_or(0)
    }

    /// The wild when it stands for this symbol.
    pub(super) fn helper(&self, symbol: u16) -> Option<&WildModel> {
        self.wild.as_ref().filter(|wild| wild.stands_for.get(usize::from(symbol)).copied().unwrap_or(false))
    }
}

impl ModeModel<'_> {
    pub(super) const fn reels(&self) -> usize {
        self.strips.len()
    }

    /// How many combinations of stops there are: at most 1000 on each of 8 reels.
    pub(super) fn cycle(&self) -> u128 {
        self.strips.iter().map(|strip| strip.len() as u128).product()
    }
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

fn wild(map: &SymbolMap) -> Option<WildModel> {
    let (number, symbol, multiplier) = (0..).zip(&map.symbols).find_map(|(number, symbol)| match &symbol.role {
        Role::Wild { multiplier, .. } => Some((number, symbol, *multiplier)),
        Role::Regular | Role::Scatter => None,
    })?;
    let stands_for = map.symbols.iter().map(|other| other.is_substituted_by(&symbol.role, Mode::Base)).collect();
    Some(WildModel { symbol: number, multiplier: multiplier.into(), stands_for })
}

/// The scatters that pay or award something.
fn scatters(map: &SymbolMap) -> Vec<ScatterModel> {
    let most = map.grid.cells();
    let scatters = (0..).zip(&map.symbols).filter(|(_, symbol)| symbol.role == Role::Scatter);
    let read = scatters.filter_map(|(number, symbol)| {
        let pays = map.scatter_pays.get(&symbol.name);
        let awards = map.free_games.as_ref().and_then(|rules| rules.awards.get(&symbol.name));
        let scatter = ScatterModel { symbol: number, pays: by_count(pays, most), awards: by_count(awards, most) };
        (pays.is_some() || awards.is_some()).then_some(scatter)
    });
    read.collect()
}

fn strips(map: &SymbolMap, strips: &[Vec<String>]) -> Vec<Vec<u16>> {
    let numbers: BTreeMap<&str, u16> = map.symbols.iter().map(|symbol| symbol.name.as_str()).zip(0..).collect();
    let read = |strip: &Vec<String>| strip.iter().filter_map(|name| numbers.get(name.as_str()).copied()).collect();
    strips.iter().map(read).collect()
}
