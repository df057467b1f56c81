//! Small machines that read one reel after the other and know what a line, or a scatter, comes to.
//!
//! Two beginnings of a line from which every ending pays the same are one state; what both are sure to
//! win is paid at once, so that beginnings which differ only by what they have already won are one
//! state as well. That is the minimal automaton of an acyclic machine with outputs, made from the last
//! reel back: M. Mohri, "Minimization algorithms for sequential transducers", Theoretical Computer
//! Science 234 (2000), with `min` and `+` for the outputs. A line that can no longer win is in state 0.

use std::collections::HashMap;
use std::hash::Hash;

use super::gain::SpinGain;
use super::hash::FixedState;
use super::model::ModeModel;

/// The state from which nothing more comes.
pub(super) const OVER: u16 = 0;

/// How something is read, one reel after the other.
pub(super) trait Rule {
    /// What is known after some reels.
    type State: Clone + Eq + Hash;
    /// Before the first reel.
    fn start(&self) -> Self::State;
    /// After one more reel, numbered from 0.
    fn next(&self, state: &Self::State, reel: usize, input: u16) -> Self::State;
    /// What it comes to after the last reel.
    fn end(&self, state: &Self::State) -> SpinGain;
}

/// A minimal machine.
pub(super) struct Machine {
    /// The state before the first reel.
    pub(super) start: u16,
    /// What is won whatever the reels show.
    pub(super) sure: SpinGain,
    reels: Vec<Table>,
}

/// The edges over one reel.
struct Table {
    inputs: usize,
    /// By state, then by input.
    edges: Vec<Edge>,
}

/// Where an input leads, and what it is sure to win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Edge {
    pub(super) to: u16,
    pub(super) gain: SpinGain,
}

/// The states after the same reels, before they are merged.
struct Layer<S> {
    states: Vec<S>,
    /// By state, then by input: the states after one more reel.
    next: Vec<usize>,
}

impl Machine {
    /// The machine of a rule, whose inputs on each reel are those listed, in increasing order.
    pub(super) fn build<R: Rule>(rule: &R, inputs: &[Vec<u16>]) -> Self {
        let mut layers = vec![Layer { states: vec![rule.start()], next: Vec::new() }];
        for (reel, inputs) in inputs.iter().enumerate() {
            let Some(layer) = layers.last_mut() else { break };
            let mut known: HashMap<R::State, usize, FixedState> = HashMap::default();
            let mut states = Vec::new();
            for state in &layer.states {
                for input in inputs {
                    let next = rule.next(state, reel, *input);
                    let number = *known.entry(next).or_insert_with_key(|next| {
                        states.push(next.clone());
                        states.len() - 1
                    });
                    layer.next.push(number);
                }
            }
            layers.push(Layer { states, next: Vec::new() });
        }
        // From the last reel back: for each state its merged state, and what it is sure to win.
        let ends = layers.pop().map_or_else(Vec::new, |last| last.states);
        let mut merged: Vec<Edge> = ends.iter().map(|end| Edge { to: OVER, gain: rule.end(end) }).collect();
        let mut reels = Vec::new();
        for (layer, inputs) in layers.iter().zip(inputs).rev() {
            let (table, of_layer) = merge(layer, inputs, &merged);
            reels.push(table);
            merged = of_layer;
        }
        reels.reverse();
        let start = merged.first().copied().unwrap_or_default();
        Self { start: start.to, sure: start.gain, reels }
    }

    /// The edges over a reel from a state, by input of that reel.
    pub(super) fn edges(&self, reel: usize, state: u16) -> &[Edge] {
        let table = &self.reels[reel];
        let from = usize::from(state) * table.inputs;
        &table.edges[from..from + table.inputs]
    }
}

/// Merges the states of one layer, whose inputs lead to states that are merged already.
#[allow(clippy::cast_possible_truncation, reason = "a layer has at most a few thousand states")]
fn merge<S>(layer: &Layer<S>, inputs: &[u16], after: &[Edge]) -> (Table, Vec<Edge>) {
    let width = inputs.last().map_or(0, |last| usize::from(*last) + 1);
    let mut table = Table { inputs: width, edges: vec![Edge::default(); width] };
    let mut known: HashMap<Vec<Edge>, u16, FixedState> = HashMap::default();
    known.insert(table.edges.clone(), OVER);
    let mut merged = Vec::with_capacity(layer.states.len());
    for next in layer.next.chunks(inputs.len().max(1)) {
        let sure = next.iter().map(|next| after[*next].gain).reduce(SpinGain::least).unwrap_or_default();
        let mut row = vec![Edge::default(); width];
        for (input, next) in inputs.iter().zip(next) {
            let Edge { to, gain } = after[*next];
            row[usize::from(*input)] = Edge { to, gain: gain.less(sure) };
        }
        let fresh = known.len() as u16;
        let to = *known.entry(row).or_insert_with_key(|row| {
            table.edges.extend(row);
            fresh
        });
        merged.push(Edge { to, gain: sure });
    }
    (table, merged)
}

/// A line: reads the symbol that each reel shows on it.
pub(super) struct LineRule<'a>(pub(super) &'a ModeModel<'a>);

/// How far a line has come. The rules are those of the engine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Run {
    /// All reels showed wilds.
    Wilds,
    /// A run of a symbol that goes on.
    On {
        /// The first symbol that is not wild.
        symbol: u16,
        /// The wilds before it.
        wilds: usize,
        /// Whether a wild is in the run.
        helped: bool,
    },
    /// The run has ended.
    Ended(Option<LineWin>),
}

/// What a line wins, before the multiplier of free games.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LineWin {
    pub(super) symbol: u16,
    pub(super) count: usize,
    pub(super) multiplier: u64,
    /// In line bets, multiplied.
    pub(super) pay: u64,
}

impl LineRule<'_> {
    fn win(&self, symbol: u16, count: usize, multiplier: u64) -> Option<LineWin> {
        let pay = self.0.model.pay(symbol, count) * multiplier;
        (pay > 0).then_some(LineWin { symbol, count, multiplier, pay })
    }

    fn wilds_alone(&self, wilds: usize) -> Option<LineWin> {
        self.0.model.wild.as_ref().filter(|_| wilds > 0).and_then(|wild| self.win(wild.symbol, wilds, 1))
    }

    fn better(&self, symbol: u16, wilds: usize, helped: bool, count: usize) -> Option<LineWin> {
        let multiplier = self.0.model.helper(symbol).filter(|_| helped).map_or(1, |wild| wild.multiplier);
        match (self.wilds_alone(wilds), self.win(symbol, count, multiplier)) {
            (Some(own), Some(other)) if other.pay <= own.pay => Some(own),
            (own, other) => other.or(own),
        }
    }

    /// The win of a line after the last reel.
    pub(super) fn result(&self, run: &Run) -> Option<LineWin> {
        match run {
            Run::Wilds => self.wilds_alone(self.0.reels()),
            Run::On { symbol, wilds, helped } => self.better(*symbol, *wilds, *helped, self.0.reels()),
            Run::Ended(win) => *win,
        }
    }
}

impl Rule for LineRule<'_> {
    type State = Run;

    fn start(&self) -> Run {
        Run::Wilds
    }

    fn next(&self, run: &Run, reel: usize, shown: u16) -> Run {
        let model = self.0.model;
        let is_wild = model.wild.as_ref().is_some_and(|wild| wild.symbol == shown);
        match *run {
            Run::Wilds if is_wild => Run::Wilds,
            Run::Wilds if reel > 0 && model.helper(shown).is_none() => Run::Ended(self.wilds_alone(reel)),
            Run::Wilds => Run::On { symbol: shown, wilds: reel, helped: reel > 0 },
            Run::On { symbol, .. } if symbol == shown => run.clone(),
            Run::On { symbol, wilds, .. } if is_wild && model.helper(symbol).is_some() => {
                Run::On { symbol, wilds, helped: true }
            }
            Run::On { symbol, wilds, helped } => Run::Ended(self.better(symbol, wilds, helped, reel)),
            Run::Ended(win) => Run::Ended(win),
        }
    }

    fn end(&self, run: &Run) -> SpinGain {
        SpinGain { win: self.result(run).map_or(0, |win| win.pay), free_games: 0 }
    }
}

/// A scatter: reads how often it shows on each reel.
pub(super) struct ScatterRule<'a> {
    pub(super) mode: &'a ModeModel<'a>,
    /// Its place in the model's scatters.
    pub(super) scatter: usize,
}

impl Rule for ScatterRule<'_> {
    type State = usize;

    fn start(&self) -> usize {
        0
    }

    fn next(&self, count: &usize, _reel: usize, more: u16) -> usize {
        count + usize::from(more)
    }

    fn end(&self, count: &usize) -> SpinGain {
        let scatter = &self.mode.model.scatters[self.scatter];
        let pay = scatter.pays.get(*count).copied().unwrap_or(0);
        let award = scatter.awards.get(*count).copied().filter(|_| self.mode.awarding).unwrap_or(0);
        SpinGain { win: pay * self.mode.model.lines.len() as u64, free_games: award }
    }
}
