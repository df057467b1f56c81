//! The engine: a definition compiled for play, the windows it shows and the wins in them.
//!
//! `plain` plays games of plain lines, `featured` all others; their rules are written there.

mod cluster;
mod featured;
mod lines;
mod outcome;
mod plain;
mod rules;
mod ways;
mod window;

use std::num::NonZeroU32;

pub use self::outcome::{Course, Outcome, Step, StepKind, Win, WinKind};
pub use self::window::{Window, places};
pub use super::definition::Mode;

use self::featured::{Featured, Search};
use self::plain::Plain;
use super::definition::{Definition, Evaluation, bound};
use crate::fairness::Draws;
use crate::money::Money;

/// A definition compiled for play: symbols are numbers, tables are arrays.
#[derive(Clone, Debug)]
pub struct Engine {
    symbols: Vec<String>,
    unit_bet: Money,
    max_stake: Money,
    bets: u32,
    rows: usize,
    game: Game,
}

#[derive(Clone, Debug)]
enum Game {
    Plain(Plain),
    Featured(Box<Featured>),
}

impl Engine {
    /// Compiles a definition.
    #[must_use]
    pub fn compile(definition: &Definition) -> Self {
        let map = definition.symbol_map();
        let modes = &definition.rng_signature().modes;
        let game = match &map.evaluation {
            Evaluation::Lines { lines, .. } if bound::is_plain(modes, map) => {
                Game::Plain(Plain::compile(definition, lines))
            }
            _ => Game::Featured(Box::new(Featured::compile(definition))),
        };
        Self {
            symbols: map.symbols.iter().map(|symbol| symbol.name.clone()).collect(),
            max_stake: bound::max_stake(map),
            unit_bet: map.unit_bet(),
            bets: map.evaluation.bets(),
            rows: map.grid.heights().max().unwrap_or(0),
            game,
        }
    }

    /// One credit on every line, or the bets of a game without lines. Stakes are its positive multiples.
    #[must_use]
    pub const fn unit_bet(&self) -> Money {
        self.unit_bet
    }

    /// The largest stake whose round stays far inside the range of money, whatever is drawn; at least the unit bet.
    #[must_use]
    pub const fn max_stake(&self) -> Money {
        self.max_stake
    }

    /// How many bets a stake is spread over: the lines, where there are lines.
    #[must_use]
    pub const fn lines(&self) -> u32 {
        self.bets
    }

    /// How many lines there are, each of which may win; 1 in a game of ways or clusters.
    #[must_use]
    pub fn readers(&self) -> u32 {
        match &self.game {
            Game::Featured(featured) if !matches!(featured.search, Search::Lines { .. }) => 1,
            _ => self.bets,
        }
    }

    /// How many rows the window has at most.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// How many stops each reel has in a mode; nothing where cells are drawn by weight.
    #[must_use]
    pub fn strip_lengths(&self, mode: Mode) -> Vec<u32> {
        match &self.game {
            Game::Plain(plain) => plain.strips(mode).iter().map(|strip| strip.length.get()).collect(),
            Game::Featured(featured) => featured.rules(mode).strip_lengths(),
        }
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

    /// Plays one spin. A game of plain lines draws one stop per reel, from the first reel to the last.
    pub fn spin(&self, mode: Mode, draws: &mut dyn Draws) -> Outcome {
        match &self.game {
            Game::Plain(plain) => {
                let stops = plain.strips(mode).iter().map(|strip| draws.below(strip.length)).collect();
                plain.find_wins(mode, stops)
            }
            Game::Featured(featured) => featured.spin(mode, draws),
        }
    }

    /// Plays one spin from the numbers that it drew, as a replay does: [`Outcome::draws`].
    ///
    /// A number past the end of its strip, or the sum of its weights, goes around it; a missing one counts
    /// as 0, one too many is dropped. The outcome has the numbers that were used.
    #[must_use]
    pub fn evaluate(&self, mode: Mode, numbers: &[u32]) -> Outcome {
        match &self.game {
            Game::Plain(plain) => plain.find_wins(mode, plain.used_stops(mode, numbers).collect()),
            Game::Featured(featured) => featured.spin(mode, &mut Given { numbers, taken: 0 }),
        }
    }

    /// The names of the symbols in sight first in a spin that draws these numbers: one list per reel, top to
    /// bottom.
    #[must_use]
    pub fn window(&self, mode: Mode, numbers: &[u32]) -> Vec<Vec<&str>> {
        match &self.game {
            Game::Plain(plain) => {
                let strips = plain.strips(mode).iter().zip(plain.used_stops(mode, numbers));
                strips.map(|(strip, stop)| self.names(strip.window(stop, plain.rows))).collect()
            }
            Game::Featured(featured) => {
                let dealt = featured.rules(mode).deal(&mut Given { numbers, taken: 0 });
                self.window_names(&dealt.window)
            }
        }
    }

    /// The names of the symbols in sight first in a spin: one list per reel, top to bottom.
    #[must_use]
    pub fn shown(&self, outcome: &Outcome) -> Vec<Vec<&str>> {
        match outcome.course.as_ref().and_then(|course| course.steps.first()) {
            Some(step) => self.window_names(&step.window),
            None => self.window(outcome.mode, &outcome.stops),
        }
    }

    /// The names of the symbols in a window: one list per reel, top to bottom.
    #[must_use]
    pub fn window_names(&self, window: &Window) -> Vec<Vec<&str>> {
        (0..window.reels()).map(|reel| self.names(window.reel(reel))).collect()
    }

    fn names(&self, symbols: &[u8]) -> Vec<&str> {
        symbols.iter().map(|symbol| self.symbol_name(*symbol)).collect()
    }

    /// What an outcome pays for a stake, exactly.
    ///
    /// `None` when that leaves the range of money, or the stake does not divide into the bets.
    #[must_use]
    pub fn payout(&self, stake: Money, outcome: &Outcome) -> Option<Money> {
        outcome.wins.iter().try_fold(Money::ZERO, |payout, win| payout.checked_add(self.win_payout(stake, win)?))
    }

    /// What one win pays for a stake, exactly; `None` as in [`Self::payout`].
    #[must_use]
    pub fn win_payout(&self, stake: Money, win: &Win) -> Option<Money> {
        let bet = match win.kind {
            WinKind::Scatter => stake,
            _ => stake.checked_div_exact(i64::from(self.bets))?,
        };
        bet.checked_mul(i64::try_from(win.pay).ok()?)
    }
}

/// Gives the numbers that a spin drew, in order.
struct Given<'a> {
    numbers: &'a [u32],
    taken: usize,
}

impl Draws for Given<'_> {
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        let number = self.numbers.get(self.taken).copied().unwrap_or(0);
        self.taken += 1;
        number % bound
    }

    fn words_drawn(&self) -> u64 {
        self.taken as u64
    }
}
