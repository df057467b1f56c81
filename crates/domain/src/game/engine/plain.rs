//! Plain lines: strips, one wild at most, rows that are the same on every reel, and nothing else.
//!
//! A line pays from the first reel to the right, one win at most. Its candidates are the run of wilds
//! at its start, at the wild's own pay, and the run of the first other symbol with the wilds that stand
//! for it, at that symbol's pay times the wild's multiplier if it has a wild in it. The better one
//! pays; on a tie the wilds' own. A run pays by its exact length. Scatters pay by their exact count in
//! the window. In free games every win is multiplied once more.
//!
//! The rules of [`super::featured`] come to the same here; these are quicker.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::super::definition::{Definition, MAX_REELS, MAX_ROWS, Mode, Reels, Role, Source, Symbol, SymbolMap};
use super::outcome::{Outcome, Win, WinKind};

/// A game of plain lines, compiled.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub(super) rows: usize,
    lines: Vec<[u8; MAX_REELS]>,
    base: Vec<Strip>,
    free: Vec<Strip>,
    /// By symbol and length, in line bets.
    pays: Vec<[u64; MAX_REELS + 1]>,
    wild: Option<Wild>,
    scatters: Vec<Scatter>,
    free_multiplier: u64,
    retrigger: bool,
}

/// A reel strip.
#[derive(Clone, Debug)]
pub(super) struct Strip {
    pub(super) length: NonZeroU32,
    /// The stops, and the first ones again so that every window is one slice.
    stops: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Wild {
    symbol: u8,
    multiplier: u64,
    /// Bit `n` is set when the wild stands for symbol `n`.
    stands_for: u64,
}

/// A scatter, with what it pays and awards.
#[derive(Clone, Debug)]
pub(super) struct Scatter {
    pub(super) symbol: u8,
    /// By count, in total stakes.
    pub(super) pays: Vec<u64>,
    /// By count, in free games.
    pub(super) awards: Vec<u32>,
}

/// The symbols in sight: by reel, then by row.
type Window = [[u8; MAX_ROWS]; MAX_REELS];

/// A candidate for the win of a line, before the multiplier of free games.
struct Run {
    symbol: u8,
    count: usize,
    multiplier: u64,
    pay: u64,
}

impl Plain {
    /// Compiles a game that is known to be plain.
    pub(super) fn compile(definition: &Definition, lines: &[Vec<u32>]) -> Self {
        let map = definition.symbol_map();
        let modes = &definition.rng_signature().modes;
        let free_games = map.free_games.as_ref();
        Self {
            rows: map.grid.height(0),
            lines: lines.iter().map(|rows| compile_line(rows)).collect(),
            base: compile_reels(map, &modes.base),
            free: compile_reels(map, modes.free.as_ref().unwrap_or(&modes.base)),
            pays: map.symbols.iter().map(|symbol| compile_pays(map, symbol)).collect(),
            wild: compile_wild(map),
            scatters: compile_scatters(map, Mode::Base),
            free_multiplier: free_games.map_or(1, |free_games| u64::from(free_games.multiplier)),
            retrigger: free_games.is_some_and(|free_games| free_games.retrigger),
        }
    }

    pub(super) fn strips(&self, mode: Mode) -> &[Strip] {
        match mode {
            Mode::Base => &self.base,
            Mode::Free => &self.free,
        }
    }

    /// One stop within each strip, whatever was given.
    pub(super) fn used_stops(&self, mode: Mode, stops: &[u32]) -> impl Iterator<Item = u32> {
        let given = stops.iter().copied().chain(std::iter::repeat(0));
        self.strips(mode).iter().zip(given).map(|(strip, stop)| stop % strip.length)
    }

    pub(super) fn find_wins(&self, mode: Mode, stops: Vec<u32>) -> Outcome {
        let mut window: Window = [[0; MAX_ROWS]; MAX_REELS];
        for ((reel, strip), stop) in window.iter_mut().zip(self.strips(mode)).zip(&stops) {
            for (cell, symbol) in reel.iter_mut().zip(strip.window(*stop, self.rows)) {
                *cell = *symbol;
            }
        }
        let mode_multiplier = if mode == Mode::Free { self.free_multiplier } else { 1 };
        let mut wins = Vec::new();
        for (number, line) in (1..).zip(&self.lines) {
            if let Some(run) = self.line_run(line, &window) {
                wins.push(Win {
                    kind: WinKind::Line { line: number },
                    symbol: run.symbol,
                    count: u32::try_from(run.count).unwrap_or(u32::MAX),
                    multiplier: run.multiplier * mode_multiplier,
                    pay: run.pay * mode_multiplier,
                });
            }
        }
        let mut free_games_awarded = 0;
        let awarding = mode == Mode::Base || self.retrigger;
        for scatter in &self.scatters {
            let count = self.count(scatter.symbol, &window);
            let pay = scatter.pays.get(count).copied().unwrap_or(0) * mode_multiplier;
            if pay > 0 {
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                let kind = WinKind::Scatter;
                wins.push(Win { kind, symbol: scatter.symbol, count, multiplier: mode_multiplier, pay });
            }
            if awarding {
                free_games_awarded += scatter.awards.get(count).copied().unwrap_or(0);
            }
        }
        Outcome { mode, stops, wins, free_games_awarded, course: None }
    }

    fn count(&self, symbol: u8, window: &Window) -> usize {
        let in_reel = |reel: &[u8; MAX_ROWS]| reel.iter().take(self.rows).filter(|cell| **cell == symbol).count();
        window.iter().take(self.base.len()).map(in_reel).sum()
    }

    /// The run that a line pays, if any.
    fn line_run(&self, line: &[u8; MAX_REELS], window: &Window) -> Option<Run> {
        let reels = self.base.len();
        let at = |reel: usize| window[reel][usize::from(line[reel])];
        let wilds = match self.wild {
            Some(wild) => (0..reels).take_while(|reel| at(*reel) == wild.symbol).count(),
            None => 0,
        };
        let all_wild = self.wild.and_then(|wild| self.run(wild.symbol, wilds, 1));
        if wilds == reels {
            return all_wild;
        }
        let symbol = at(wilds);
        let helper = self.wild.filter(|wild| wild.stands_for >> symbol & 1 == 1);
        if wilds > 0 && helper.is_none() {
            return all_wild;
        }
        let mut helped = wilds > 0;
        let mut count = wilds + 1;
        while count < reels {
            let next = at(count);
            if next != symbol {
                match helper {
                    Some(wild) if next == wild.symbol => helped = true,
                    _ => break,
                }
            }
            count += 1;
        }
        let multiplier = helper.filter(|_| helped).map_or(1, |wild| wild.multiplier);
        let substituted = self.run(symbol, count, multiplier);
        match (all_wild, substituted) {
            (Some(own), Some(other)) if other.pay <= own.pay => Some(own),
            (own, other) => other.or(own),
        }
    }

    /// The run with its pay; `None` when it pays nothing.
    fn run(&self, symbol: u8, count: usize, multiplier: u64) -> Option<Run> {
        let pay = self.pays.get(usize::from(symbol))?.get(count)? * multiplier;
        (pay > 0).then_some(Run { symbol, count, multiplier, pay })
    }
}

impl Strip {
    /// The symbols in sight from a stop; nothing past the end.
    pub(super) fn window(&self, stop: u32, rows: usize) -> &[u8] {
        let start = stop as usize;
        self.stops.get(start..start + rows).unwrap_or_default()
    }

    /// The symbol so many stops after one, around the strip.
    pub(super) fn at(&self, stop: u32, after: usize) -> u8 {
        let at = (stop as usize + after) % self.length.get() as usize;
        self.stops.get(at).copied().unwrap_or(0)
    }

    /// The stop so many before another, at most once around the strip.
    pub(super) fn before(&self, stop: u32, by: usize) -> u32 {
        let by = u32::try_from(by).unwrap_or(0) % self.length;
        (stop + self.length.get() - by) % self.length
    }
}

/// The number of a symbol: its place in the definition.
fn number(map: &SymbolMap, name: &str) -> Option<u8> {
    let place = map.symbols.iter().position(|symbol| symbol.name == name)?;
    u8::try_from(place).ok()
}

/// The rows of a line, from 0.
pub(super) fn compile_line(rows: &[u32]) -> [u8; MAX_REELS] {
    let mut line = [0; MAX_REELS];
    for (from_zero, row) in line.iter_mut().zip(rows) {
        *from_zero = u8::try_from(row.saturating_sub(1)).unwrap_or(0);
    }
    line
}

fn compile_reels(map: &SymbolMap, reels: &Reels) -> Vec<Strip> {
    match &reels.source {
        Source::Strips(strips) => compile_strips(map, strips),
        Source::Weights(_) => Vec::new(),
    }
}

/// The strips with their symbols as numbers.
pub(super) fn compile_strips(map: &SymbolMap, strips: &[Vec<String>]) -> Vec<Strip> {
    let numbers: BTreeMap<&str, u8> = map.symbols.iter().map(|symbol| symbol.name.as_str()).zip(0..).collect();
    let compile = |(reel, names): (usize, &Vec<String>)| {
        let stops: Vec<u8> = names.iter().filter_map(|name| numbers.get(name.as_str()).copied()).collect();
        let length = u32::try_from(stops.len()).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
        let around: Vec<u8> = stops.iter().copied().cycle().take(stops.len() + map.grid.height(reel) - 1).collect();
        Strip { length, stops: around }
    };
    strips.iter().enumerate().map(compile).collect()
}

fn compile_pays(map: &SymbolMap, symbol: &Symbol) -> [u64; MAX_REELS + 1] {
    let mut by_length = [0; MAX_REELS + 1];
    for (length, pay) in map.pays.get(&symbol.name).into_iter().flatten() {
        if let Some(slot) = by_length.get_mut(*length as usize) {
            *slot = u64::from(*pay);
        }
    }
    by_length
}

fn compile_wild(map: &SymbolMap) -> Option<Wild> {
    map.symbols.iter().find_map(|symbol| {
        let Role::Wild { multiplier, .. } = &symbol.role else { return None };
        let mut stands_for = 0;
        for (at, other) in map.symbols.iter().enumerate() {
            stands_for |= u64::from(other.is_substituted_by(&symbol.role, Mode::Base)) << at;
        }
        Some(Wild { symbol: number(map, &symbol.name)?, multiplier: u64::from(*multiplier), stands_for })
    })
}

/// The scatters of a mode that pay or award.
pub(super) fn compile_scatters(map: &SymbolMap, mode: Mode) -> Vec<Scatter> {
    let counts = map.grid.cells() + 1;
    let compile = |symbol: &Symbol| {
        let pays = map.scatter_pays.get(&symbol.name);
        let awards = map.free_games.as_ref().and_then(|free_games| free_games.awards.get(&symbol.name));
        let mut scatter =
            Scatter { symbol: number(map, &symbol.name)?, pays: vec![0; counts], awards: vec![0; counts] };
        for (count, pay) in pays.into_iter().flatten() {
            if let Some(slot) = scatter.pays.get_mut(*count as usize) {
                *slot = u64::from(*pay);
            }
        }
        for (count, award) in awards.into_iter().flatten() {
            if let Some(slot) = scatter.awards.get_mut(*count as usize) {
                *slot = *award;
            }
        }
        (pays.is_some() || awards.is_some()).then_some(scatter)
    };
    map.symbols.iter().filter(|symbol| symbol.role_in(mode).is_scatter()).filter_map(compile).collect()
}
