//! What a spin came to: its wins, and the steps of a game that has more than one window in a spin.

use serde::{Deserialize, Serialize};

use super::super::definition::Mode;
use super::window::Window;

/// What a spin came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What the spin was.
    pub mode: Mode,
    /// For each reel with a strip, the stop whose symbol shows in the top row of the first window, from 0.
    pub stops: Vec<u32>,
    /// The wins: by step, there by line, symbol or cluster; then by scatter symbol.
    pub wins: Vec<Win>,
    /// The free games that the spin awards.
    pub free_games_awarded: u32,
    /// How the spin went, in a game of more than plain lines.
    pub course: Option<Box<Course>>,
}

impl Outcome {
    /// The numbers that were drawn, in order: with them [`super::Engine::evaluate`] plays the spin again.
    #[must_use]
    pub fn draws(&self) -> &[u32] {
        self.course.as_ref().map_or(&self.stops, |course| &course.draws)
    }
}

/// How a spin went in a game of more than plain lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Every number that was drawn, in order.
    pub draws: Vec<u32>,
    /// The windows, in order; at least one.
    pub steps: Vec<Step>,
}

/// One window of a spin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How the window came about.
    pub kind: StepKind,
    /// The symbols in it, before wilds expanded.
    pub window: Window,
    /// For each reel, from 0, the wild that filled it before wins were found.
    pub expanded: Vec<(usize, u8)>,
    /// The cells that were held from the window before: bit `8 * reel + row`, both from 0.
    pub held: u64,
    /// What the wins were multiplied by: the ladder, times what free games multiply by.
    pub multiplier: u64,
    /// What the wins were multiplied by because one symbol fills the window; 1 if none does.
    pub full_grid: u64,
    /// How many of the outcome's wins belong to this step. They follow those of the steps before.
    pub wins: usize,
}

/// How a window came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// The first one of a spin.
    Spin,
    /// What had won went, and new symbols fell.
    Cascade,
    /// New wilds were held, and all else was drawn again.
    Respin,
}

/// One win of a spin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Win {
    /// Where it was found.
    pub kind: WinKind,
    /// The symbol that pays: [`super::Engine::symbol_name`] has its name.
    pub symbol: u8,
    /// How many of it, wilds that stand for it included; on ways, on how many reels.
    pub count: u32,
    /// What its pay was multiplied by: the wilds' multiplier (on ways that is in `weight`) times those of
    /// the step and of free games.
    pub multiplier: u64,
    /// The pay with its multiplier, in bets of one credit, in total stakes for a scatter.
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
    /// On a line, from the last reel to the left.
    LineFromRight {
        /// The number of the line, from 1.
        line: u32,
    },
    /// On ways.
    Ways {
        /// How many.
        ways: u64,
        /// The ways, each counted as often as the multiplier of its wilds says.
        weight: u64,
        /// Whether they run from the last reel to the left.
        from_right: bool,
        /// The cells of all ways: bit `8 * reel + row`, both from 0.
        cells: u64,
    },
    /// In a cluster.
    Cluster {
        /// Its cells: bit `8 * reel + row`, both from 0.
        cells: u64,
    },
    /// Anywhere in the window.
    Scatter,
}
