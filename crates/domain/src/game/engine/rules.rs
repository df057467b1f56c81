//! What one mode of a game does, compiled: the symbols' roles as sets of bits, and what is drawn from.

use std::num::NonZeroU32;

use super::super::definition::{Definition, MAX_SYMBOLS, Mode, Reels, Role, Source, SymbolMap};
use super::plain::{Scatter, Strip, compile_scatters, compile_strips};
use super::window::{Window, bit};
use crate::fairness::Draws;

/// What one mode of a game does.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    heights: Vec<u8>,
    source: Deck,
    /// By reel, the numbers of rows; empty where they are always all.
    rows: Vec<Weighted>,
    /// By symbol, the symbols that a cell with it counts as: itself and what it stands for; 0 if it is none that pays.
    pub(super) counts_as: [u64; MAX_SYMBOLS],
    /// By symbol, the multiplier of a wild; 1 for others.
    pub(super) multiplier: [u64; MAX_SYMBOLS],
    pub(super) wilds: u64,
    expanding: u64,
    /// The wilds that bring a respin.
    pub(super) held: u64,
    pub(super) scatters: Vec<Scatter>,
    /// What every win is multiplied by.
    pub(super) multiply: u64,
    /// What wins of the first window and of each cascade are multiplied by; the last one stays.
    ladder: Vec<u64>,
    pub(super) awarding: bool,
}

#[derive(Clone, Debug)]
enum Deck {
    Strips(Vec<Strip>),
    Weights(Vec<Weighted>),
}

/// Values of which each is as likely as its weight.
#[derive(Clone, Debug)]
struct Weighted {
    sum: NonZeroU32,
    /// The sums of weights up to and with each value, and the values.
    upto: Vec<(u32, u8)>,
}

impl Weighted {
    fn new(weights: impl Iterator<Item = (u8, u32)>) -> Self {
        let mut sum = 0_u32;
        let upto = weights.map(|(value, weight)| {
            // At most 64 weights of at most a million each.
            sum = sum.saturating_add(weight);
            (sum, value)
        });
        let upto: Vec<(u32, u8)> = upto.collect();
        Self { sum: NonZeroU32::new(sum).unwrap_or(NonZeroU32::MIN), upto }
    }

    fn draw(&self, draws: &mut dyn Draws) -> u8 {
        let number = draws.below(self.sum);
        let at = self.upto.partition_point(|(upto, _)| *upto <= number);
        self.upto.get(at).map_or(0, |(_, value)| *value)
    }
}

/// A window as it was dealt, with where each strip stands.
pub(super) struct Dealt {
    pub(super) window: Window,
    /// By reel, the stop in the top row; empty without strips.
    pub(super) tops: Vec<u32>,
}

impl Rules {
    pub(super) fn compile(definition: &Definition, mode: Mode) -> Self {
        let map = definition.symbol_map();
        let modes = &definition.rng_signature().modes;
        let reels = match mode {
            Mode::Base => &modes.base,
            Mode::Free => modes.free.as_ref().unwrap_or(&modes.base),
        };
        let free_games = map.free_games.as_ref().filter(|_| mode == Mode::Free);
        let ladder = map.cascades.as_ref().map_or(&[][..], |cascades| match (&cascades.free_multipliers, mode) {
            (Some(free), Mode::Free) => free,
            _ => &cascades.multipliers,
        });
        let mut rules = Self {
            heights: map.grid.heights().map(|height| u8::try_from(height).unwrap_or(0)).collect(),
            source: compile_source(map, reels),
            rows: reels.rows.iter().flatten().map(compile_rows).collect(),
            counts_as: [0; MAX_SYMBOLS],
            multiplier: [1; MAX_SYMBOLS],
            wilds: 0,
            expanding: 0,
            held: 0,
            scatters: compile_scatters(map, mode),
            multiply: free_games.map_or(1, |free_games| free_games.multiplier.into()),
            ladder: ladder.iter().map(|step| u64::from(*step)).collect(),
            awarding: mode == Mode::Base || free_games.is_some_and(|free_games| free_games.retrigger),
        };
        rules.take_roles(map, mode);
        rules
    }

    fn take_roles(&mut self, map: &SymbolMap, mode: Mode) {
        let held = map.respins.as_ref().map_or(&[][..], |respins| &respins.symbols);
        for (at, symbol) in map.symbols.iter().enumerate().take(MAX_SYMBOLS) {
            let role = symbol.role_in(mode);
            if *role != Role::Scatter {
                self.counts_as[at] |= 1 << at;
            }
            let Role::Wild { multiplier, expands, .. } = role else { continue };
            self.multiplier[at] = u64::from(*multiplier);
            self.wilds |= 1 << at;
            self.expanding |= u64::from(*expands) << at;
            self.held |= u64::from(held.contains(&symbol.name)) << at;
            for (other, stood_for) in map.symbols.iter().enumerate().take(MAX_SYMBOLS) {
                self.counts_as[at] |= u64::from(stood_for.is_substituted_by(role, mode)) << other;
            }
        }
    }

    /// How many stops each reel has; nothing without strips.
    pub(super) fn strip_lengths(&self) -> Vec<u32> {
        match &self.source {
            Deck::Strips(strips) => strips.iter().map(|strip| strip.length.get()).collect(),
            Deck::Weights(_) => Vec::new(),
        }
    }

    /// The multiplier of the wins of the window that so many cascades led to.
    pub(super) fn step_multiplier(&self, cascades: usize) -> u64 {
        let step = self.ladder.get(cascades).or(self.ladder.last());
        step.copied().unwrap_or(1) * self.multiply
    }

    /// Draws the rows of each reel, where they vary, then the stop of each reel, or reel by reel each cell from the top.
    pub(super) fn deal(&self, draws: &mut dyn Draws) -> Dealt {
        let mut heights = self.heights.clone();
        for (height, rows) in heights.iter_mut().zip(&self.rows) {
            *height = rows.draw(draws);
        }
        let mut dealt = Dealt { window: Window::new(&heights), tops: Vec::new() };
        if let Deck::Strips(strips) = &self.source {
            dealt.tops = vec![0; strips.len()];
        }
        self.draw_cells(&mut dealt, 0, draws);
        dealt
    }

    /// Draws all cells but those that are held, which keep their symbols. A reel held whole is not drawn.
    pub(super) fn draw_cells(&self, dealt: &mut Dealt, held: u64, draws: &mut dyn Draws) {
        for reel in 0..dealt.window.reels() {
            let is_free = |row: &usize| held & bit(reel, *row) == 0;
            let rows: Vec<usize> = (0..dealt.window.reel(reel).len()).filter(is_free).collect();
            let cells = dealt.window.reel_mut(reel);
            match &self.source {
                Deck::Strips(strips) => {
                    let Some((strip, top)) = strips.get(reel).zip(dealt.tops.get_mut(reel)) else { continue };
                    if !rows.is_empty() {
                        *top = draws.below(strip.length);
                        rows.iter().for_each(|row| cells[*row] = strip.at(*top, *row));
                    }
                }
                Deck::Weights(tables) => {
                    let Some(table) = tables.get(reel) else { continue };
                    rows.iter().for_each(|row| cells[*row] = table.draw(draws));
                }
            }
        }
    }

    /// Takes cells away, lets those above them fall, and fills from above: with the stops before the top one
    /// of a strip, or with cells drawn from the top, reel by reel.
    pub(super) fn fall(&self, dealt: &mut Dealt, gone: u64, draws: &mut dyn Draws) {
        for reel in 0..dealt.window.reels() {
            let kept: Vec<u8> = {
                let cells = dealt.window.reel(reel).iter().enumerate();
                cells.filter(|(row, _)| gone & bit(reel, *row) == 0).map(|(_, symbol)| *symbol).collect()
            };
            let cells = dealt.window.reel_mut(reel);
            let new = cells.len() - kept.len();
            if new == 0 {
                continue;
            }
            let (above, below) = cells.split_at_mut(new);
            below.copy_from_slice(&kept);
            match &self.source {
                Deck::Strips(strips) => {
                    let Some((strip, top)) = strips.get(reel).zip(dealt.tops.get_mut(reel)) else { continue };
                    *top = strip.before(*top, new);
                    above.iter_mut().enumerate().for_each(|(row, cell)| *cell = strip.at(*top, row));
                }
                Deck::Weights(tables) => {
                    let Some(table) = tables.get(reel) else { continue };
                    above.iter_mut().for_each(|cell| *cell = table.draw(draws));
                }
            }
        }
    }

    /// Fills each reel that shows an expanding wild with the topmost one; tells the reels with their wilds.
    pub(super) fn expand(&self, window: &mut Window) -> Vec<(usize, u8)> {
        let mut expanded = Vec::new();
        if self.expanding == 0 {
            return expanded;
        }
        for reel in 0..window.reels() {
            let cells = window.reel_mut(reel);
            if let Some(wild) = cells.iter().copied().find(|symbol| self.expanding >> symbol & 1 == 1) {
                cells.fill(wild);
                expanded.push((reel, wild));
            }
        }
        expanded
    }
}

fn compile_source(map: &SymbolMap, reels: &Reels) -> Deck {
    match &reels.source {
        Source::Strips(strips) => Deck::Strips(compile_strips(map, strips)),
        Source::Weights(tables) => {
            let compile = |table: &std::collections::BTreeMap<String, u32>| {
                // The order of the definition, so that a draw means the same wherever it is read.
                let symbols = (0..).zip(&map.symbols);
                Weighted::new(symbols.filter_map(|(at, symbol)| Some((at, *table.get(&symbol.name)?))))
            };
            Deck::Weights(tables.iter().map(compile).collect())
        }
    }
}

fn compile_rows(table: &std::collections::BTreeMap<u32, u32>) -> Weighted {
    Weighted::new(table.iter().map(|(rows, weight)| (u8::try_from(*rows).unwrap_or(0), *weight)))
}
