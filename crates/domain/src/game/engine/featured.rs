//! Games of more than plain lines: one spin, window by window.
//!
//! 1. The first window is dealt, and its scatters are counted: they pay by their exact count, and award.
//!    What comes later in the spin counts no scatters.
//! 2. Expanding wilds fill their reels, then wins are found: [`super::lines`], [`super::ways`] or
//!    [`super::cluster`]. Each is multiplied by the ladder of cascades, by the full grid if one symbol fills
//!    the window, and in free games by their multiplier. Scatters take only the last of these.
//! 3. With cascades, the cells of all wins go, those above fall, new ones come from above, and step 2
//!    follows again; until nothing wins, or the most cascades of the game are reached.
//! 4. With respins, wilds that hold and were not held before are held with those that were, all other cells
//!    are drawn again, and step 2 follows again; until no new one shows, or the most respins are reached.
//!
//! So every spin ends after at most [`MAX_CASCADES`](super::super::definition::MAX_CASCADES) + 1 windows.

use std::num::NonZeroU32;

use super::super::definition::{Combine, Definition, Evaluation, MAX_REELS, MAX_ROWS, Mode};
use super::outcome::{Course, Outcome, Step, StepKind, Win, WinKind};
use super::plain::compile_line;
use super::rules::{Dealt, Rules};
use super::window::Window;
use crate::fairness::Draws;

/// The longest win: a cluster of the whole window.
const LONGEST: usize = MAX_REELS * MAX_ROWS;

/// A game of more than plain lines, compiled.
#[derive(Clone, Debug)]
pub(super) struct Featured {
    /// By symbol and length, in bets.
    pays: Vec<[u64; LONGEST + 1]>,
    pub(super) search: Search,
    pub(super) combine: Combine,
    /// Sets of symbols, with what a window that is full of one multiplies by.
    full_grid: Vec<(u64, u64)>,
    cascades: usize,
    respins: usize,
    base: Rules,
    free: Rules,
}

/// Where wins are looked for.
#[derive(Clone, Debug)]
pub(super) enum Search {
    Lines { lines: Vec<[u8; MAX_REELS]>, both_ways: bool },
    Ways { both_ways: bool },
    Cluster,
}

/// A win before the multipliers of its step, and the cells that it is made of.
pub(super) struct Found {
    pub(super) kind: WinKind,
    pub(super) symbol: u8,
    pub(super) count: usize,
    /// The multiplier of its wilds.
    pub(super) multiplier: u64,
    pub(super) pay: u64,
    pub(super) cells: u64,
}

impl Featured {
    pub(super) fn compile(definition: &Definition) -> Self {
        let map = definition.symbol_map();
        let pays = map.symbols.iter().map(|symbol| {
            let mut by_length = [0; LONGEST + 1];
            for (length, pay) in map.pays.get(&symbol.name).into_iter().flatten() {
                if let Some(slot) = by_length.get_mut(*length as usize) {
                    *slot = u64::from(*pay);
                }
            }
            by_length
        });
        let full_grid = map.full_grid.iter().map(|set| {
            let symbols = map.symbols.iter().zip(0_u32..).filter(|(symbol, _)| set.symbols.contains(&symbol.name));
            (symbols.fold(0, |bits, (_, at)| bits | 1 << at), u64::from(set.multiplier))
        });
        Self {
            pays: pays.collect(),
            search: match &map.evaluation {
                Evaluation::Lines { lines, both_ways } => {
                    let lines = lines.iter().map(|rows| compile_line(rows)).collect();
                    Search::Lines { lines, both_ways: *both_ways }
                }
                Evaluation::Ways { both_ways, .. } => Search::Ways { both_ways: *both_ways },
                Evaluation::Cluster { .. } => Search::Cluster,
            },
            combine: map.wild_multipliers,
            full_grid: full_grid.collect(),
            cascades: map.cascades.as_ref().map_or(0, |cascades| cascades.most as usize),
            respins: map.respins.as_ref().map_or(0, |respins| respins.most as usize),
            base: Rules::compile(definition, Mode::Base),
            free: Rules::compile(definition, Mode::Free),
        }
    }

    /// What a mode does.
    pub(super) const fn rules(&self, mode: Mode) -> &Rules {
        match mode {
            Mode::Base => &self.base,
            Mode::Free => &self.free,
        }
    }

    /// The pay of so many of a symbol, in bets.
    pub(super) fn pay(&self, symbol: u8, count: usize) -> u64 {
        self.pays.get(usize::from(symbol)).and_then(|row| row.get(count)).copied().unwrap_or(0)
    }

    /// The symbols that pay anything at all.
    pub(super) fn paying(&self) -> impl Iterator<Item = u8> + '_ {
        (0..).zip(&self.pays).filter(|(_, row)| row.iter().any(|pay| *pay > 0)).map(|(symbol, _)| symbol)
    }

    /// Plays one spin.
    pub(super) fn spin(&self, mode: Mode, draws: &mut dyn Draws) -> Outcome {
        let draws = &mut Noted { draws, numbers: Vec::new() };
        let rules = self.rules(mode);
        let mut dealt = rules.deal(draws);
        let stops = dealt.tops.clone();
        let first = dealt.window;
        let mut steps = Vec::new();
        let mut wins = Vec::new();
        let (mut kind, mut held) = (StepKind::Spin, 0);
        loop {
            let (step, found) = self.look(rules, &mut dealt, kind, held, steps.len());
            let times = step.multiplier * step.full_grid;
            wins.extend(found.iter().map(|found| Win {
                kind: found.kind,
                symbol: found.symbol,
                count: u32::try_from(found.count).unwrap_or(u32::MAX),
                multiplier: found.multiplier * times,
                pay: found.pay * times,
            }));
            steps.push(step);
            let gone = found.iter().fold(0, |cells, found| cells | found.cells);
            let holding = dealt.window.showing(rules.held);
            if gone != 0 && steps.len() <= self.cascades {
                kind = StepKind::Cascade;
                rules.fall(&mut dealt, gone, draws);
            } else if holding & !held != 0 && steps.len() <= self.respins {
                kind = StepKind::Respin;
                held |= holding;
                rules.draw_cells(&mut dealt, held, draws);
            } else {
                break;
            }
        }
        let free_games_awarded = scatters(rules, &first, &mut wins);
        let course = Some(Box::new(Course { draws: std::mem::take(&mut draws.numbers), steps }));
        Outcome { mode, stops, wins, free_games_awarded, course }
    }

    /// Expands the wilds of a window and finds its wins.
    fn look(&self, rules: &Rules, dealt: &mut Dealt, kind: StepKind, held: u64, before: usize) -> (Step, Vec<Found>) {
        let window = dealt.window;
        let expanded = rules.expand(&mut dealt.window);
        let found = match &self.search {
            Search::Lines { lines, both_ways } => self.on_lines(rules, lines, *both_ways, &dealt.window),
            Search::Ways { both_ways } => self.on_ways(rules, *both_ways, &dealt.window),
            Search::Cluster => self.in_clusters(rules, &dealt.window),
        };
        let filled = dealt.window.filled_by();
        let set = filled.and_then(|symbol| self.full_grid.iter().find(|(symbols, _)| symbols >> symbol & 1 == 1));
        let step = Step {
            kind,
            window,
            expanded,
            held,
            multiplier: rules.step_multiplier(before),
            full_grid: set.map_or(1, |(_, multiplier)| *multiplier),
            wins: found.len(),
        };
        (step, found)
    }
}

/// Counts the scatters of a window; tells the free games that they award.
fn scatters(rules: &Rules, window: &Window, wins: &mut Vec<Win>) -> u32 {
    let mut awarded = 0;
    for scatter in &rules.scatters {
        let count = window.cells().filter(|(_, _, symbol)| *symbol == scatter.symbol).count();
        let pay = scatter.pays.get(count).copied().unwrap_or(0) * rules.multiply;
        if pay > 0 {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            let kind = WinKind::Scatter;
            wins.push(Win { kind, symbol: scatter.symbol, count, multiplier: rules.multiply, pay });
        }
        if rules.awarding {
            awarded += scatter.awards.get(count).copied().unwrap_or(0);
        }
    }
    awarded
}

/// What the multipliers of the wilds in one win come to.
pub(super) fn combined(combine: Combine, multipliers: impl Iterator<Item = u64>) -> u64 {
    match combine {
        Combine::Highest => multipliers.max().unwrap_or(1),
        Combine::Product => multipliers.product(),
        Combine::Sum => multipliers.filter(|multiplier| *multiplier > 1).sum::<u64>().max(1),
    }
}

/// Draws and notes what was drawn.
struct Noted<'a> {
    draws: &'a mut dyn Draws,
    numbers: Vec<u32>,
}

impl Draws for Noted<'_> {
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        let number = self.draws.below(bound);
        self.numbers.push(number);
        number
    }

    fn words_drawn(&self) -> u64 {
        self.draws.words_drawn()
    }
}
