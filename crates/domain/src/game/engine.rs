//! The engine: a definition compiled for play, the windows it shows and the wins in them.
//!
//! A line pays from the first reel to the right, one win at most. Its candidates are the run of wilds
//! at its start, at the wild's own pay, and the run of the first other symbol with the wilds that stand
//! for it, at that symbol's pay times the wild's multiplier if it has a wild in it. The better one
//! pays; on a tie the wilds' own. A run pays by its exact length. Scatters pay by their exact count in
//! the window. In free games every win is multiplied once more.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::definition::{Definition, Evaluation, MAX_REELS, MAX_ROWS, Reels, Role, Symbol, SymbolMap};
use crate::fairness::Draws;
use crate::money::Money;

/// What a spin is: paid for, or a free game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A paid spin.
    Base,
    /// A free game.
    Free,
}

/// What a spin came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What the spin was.
    pub mode: Mode,
    /// For each reel, the stop whose symbol shows in the top row, from 0.
    pub stops: Vec<u32>,
    /// The wins: by line, then by scatter symbol.
    pub wins: Vec<Win>,
    /// The free games that the spin awards.
    pub free_games_awarded: u32,
}

/// One win of a spin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Win {
    /// Where it was found.
    pub kind: WinKind,
    /// The symbol that pays: [`Engine::symbol_name`] has its name.
    pub symbol: u8,
    /// How many of it, wilds that stand for it included.
    pub count: u32,
    /// What its pay was multiplied by: the wild's multiplier times that of free games.
    pub multiplier: u64,
    /// The pay with its multiplier, in line bets on a line, in total stakes for a scatter.
    pub pay: u64,
}

/// Where a win was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WinKind {
    /// On a line.
    Line {
        /// The number of the line, from 1.
        line: u32,
    },
    /// Anywhere in the window.
    Scatter,
}

/// A definition compiled for play: symbols are numbers, tables are arrays.
#[derive(Clone, Debug)]
pub struct Engine {
    symbols: Vec<String>,
    rows: usize,
    unit_bet: Money,
    max_stake: Money,
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

#[derive(Clone, Debug)]
struct Strip {
    length: NonZeroU32,
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

#[derive(Clone, Debug)]
struct Scatter {
    symbol: u8,
    /// By count, in total stakes.
    pays: Vec<u64>,
    /// By count, in free games.
    awards: Vec<u32>,
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

impl Engine {
    /// Compiles a definition.
    #[must_use]
    pub fn compile(definition: &Definition) -> Self {
        let map = definition.symbol_map();
        let Evaluation::Lines { lines } = &map.evaluation;
        let modes = &definition.rng_signature().modes;
        let free_games = map.free_games.as_ref();
        let engine = Self {
            max_stake: Money::ZERO,
            symbols: map.symbols.iter().map(|symbol| symbol.name.clone()).collect(),
            rows: map.grid.rows,
            // The limits on credits and lines keep this far inside the range of money.
            unit_bet: map.credit.checked_mul(i64::try_from(lines.len()).unwrap_or(0)).unwrap_or_default(),
            lines: lines.iter().map(|rows| compile_line(rows)).collect(),
            base: compile_reels(map, &modes.base),
            free: compile_reels(map, modes.free.as_ref().unwrap_or(&modes.base)),
            pays: map.symbols.iter().map(|symbol| compile_pays(map, symbol)).collect(),
            wild: compile_wild(map),
            scatters: compile_scatters(map),
            free_multiplier: free_games.map_or(1, |free_games| u64::from(free_games.multiplier)),
            retrigger: free_games.is_some_and(|free_games| free_games.retrigger),
        };
        Self { max_stake: engine.stake_bound(), ..engine }
    }

    /// The largest multiple of the unit bet for which a thousand of the best spins stay in range.
    fn stake_bound(&self) -> Money {
        const SPINS: u128 = 1024;
        let wild = self.wild.map_or(1, |wild| wild.multiplier);
        // At best every line pays the best symbol, so that many line bets per line are total stakes.
        let line = u128::from(self.pays.iter().flatten().copied().max().unwrap_or(0)) * u128::from(wild);
        let best = |scatter: &Scatter| u128::from(scatter.pays.iter().copied().max().unwrap_or(0));
        let scatter: u128 = self.scatters.iter().map(best).sum();
        let stakes = ((line + scatter) * u128::from(self.free_multiplier) * SPINS).max(1);
        let bound = i64::try_from(i64::MAX.unsigned_abs() as u128 / stakes).unwrap_or(i64::MAX);
        let unit = self.unit_bet.units().max(1);
        Money::from_units(bound / unit * unit)
    }

    /// One credit on every line. Stakes are its positive multiples.
    #[must_use]
    pub const fn unit_bet(&self) -> Money {
        self.unit_bet
    }

    /// The largest stake whose round stays far inside the range of money, whatever is drawn.
    #[must_use]
    pub const fn max_stake(&self) -> Money {
        self.max_stake
    }

    /// How many lines a stake is spread over.
    #[must_use]
    pub fn lines(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    /// How many rows the window has.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// How many stops each reel has in a mode.
    #[must_use]
    pub fn strip_lengths(&self, mode: Mode) -> Vec<u32> {
        self.strips(mode).iter().map(|strip| strip.length.get()).collect()
    }

    /// The names of the symbols, in the order of the definition.
    #[must_use]
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// The name of the symbol that a win carries; empty for a number of no symbol.
    #[must_use]
    pub fn symbol_name(&self, symbol: u8) -> &str {
        self.symbols.get(usize::from(symbol)).map_or("", String::as_str)
    }

    /// Draws one stop per reel, from the first reel to the last, and finds the wins.
    pub fn spin(&self, mode: Mode, draws: &mut dyn Draws) -> Outcome {
        let stops = self.strips(mode).iter().map(|strip| draws.below(strip.length)).collect();
        self.find_wins(mode, stops)
    }

    /// Finds the wins of given stops, as a replay does.
    ///
    /// A stop past the end of its strip goes around it; a missing one counts as 0, one too many is
    /// dropped. The outcome has the stops that were used.
    #[must_use]
    pub fn evaluate(&self, mode: Mode, stops: &[u32]) -> Outcome {
        self.find_wins(mode, self.used_stops(mode, stops).collect())
    }

    /// The names of the symbols in sight: one list per reel, top to bottom.
    #[must_use]
    pub fn window(&self, mode: Mode, stops: &[u32]) -> Vec<Vec<&str>> {
        let strips = self.strips(mode).iter().zip(self.used_stops(mode, stops));
        strips
            .map(|(strip, stop)| strip.window(stop, self.rows).iter().map(|symbol| self.symbol_name(*symbol)).collect())
            .collect()
    }

    /// What an outcome pays for a stake, exactly.
    ///
    /// `None` when that leaves the range of money, or the stake does not divide into the lines.
    #[must_use]
    pub fn payout(&self, stake: Money, outcome: &Outcome) -> Option<Money> {
        outcome.wins.iter().try_fold(Money::ZERO, |payout, win| payout.checked_add(self.win_payout(stake, win)?))
    }

    /// What one win pays for a stake, exactly; `None` as in [`Self::payout`].
    #[must_use]
    pub fn win_payout(&self, stake: Money, win: &Win) -> Option<Money> {
        let bet = match win.kind {
            WinKind::Line { .. } => stake.checked_div_exact(i64::from(self.lines()))?,
            WinKind::Scatter => stake,
        };
        bet.checked_mul(i64::try_from(win.pay).ok()?)
    }

    fn strips(&self, mode: Mode) -> &[Strip] {
        match mode {
            Mode::Base => &self.base,
            Mode::Free => &self.free,
        }
    }

    fn used_stops(&self, mode: Mode, stops: &[u32]) -> impl Iterator<Item = u32> {
        let given = stops.iter().copied().chain(std::iter::repeat(0));
        self.strips(mode).iter().zip(given).map(|(strip, stop)| stop % strip.length)
    }

    fn find_wins(&self, mode: Mode, stops: Vec<u32>) -> Outcome {
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
        Outcome { mode, stops, wins, free_games_awarded }
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
    fn window(&self, stop: u32, rows: usize) -> &[u8] {
        let start = stop as usize;
        self.stops.get(start..start + rows).unwrap_or_default()
    }
}

/// The number of a symbol: its place in the definition.
fn number(map: &SymbolMap, name: &str) -> Option<u8> {
    let place = map.symbols.iter().position(|symbol| symbol.name == name)?;
    u8::try_from(place).ok()
}

fn compile_line(rows: &[u32]) -> [u8; MAX_REELS] {
    let mut line = [0; MAX_REELS];
    for (from_zero, row) in line.iter_mut().zip(rows) {
        *from_zero = u8::try_from(row.saturating_sub(1)).unwrap_or(0);
    }
    line
}

fn compile_reels(map: &SymbolMap, reels: &Reels) -> Vec<Strip> {
    let Reels::Strips(strips) = reels;
    let numbers: BTreeMap<&str, u8> = map.symbols.iter().map(|symbol| symbol.name.as_str()).zip(0..).collect();
    let compile = |names: &Vec<String>| {
        let stops: Vec<u8> = names.iter().filter_map(|name| numbers.get(name.as_str()).copied()).collect();
        let length = u32::try_from(stops.len()).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
        let around: Vec<u8> = stops.iter().copied().cycle().take(stops.len() + map.grid.rows - 1).collect();
        Strip { length, stops: around }
    };
    strips.iter().map(compile).collect()
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
            stands_for |= u64::from(other.is_substituted_by(&symbol.role)) << at;
        }
        Some(Wild { symbol: number(map, &symbol.name)?, multiplier: u64::from(*multiplier), stands_for })
    })
}

fn compile_scatters(map: &SymbolMap) -> Vec<Scatter> {
    let counts = map.grid.reels * map.grid.rows + 1;
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
    map.symbols.iter().filter(|symbol| symbol.role == Role::Scatter).filter_map(compile).collect()
}
