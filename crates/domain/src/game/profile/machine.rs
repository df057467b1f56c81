//! Small machines that read one reel after the other and know what a line, or a scatter, comes to.
//!
//! Two beginnings of a line from which every ending pays the same are one state; what both are sure to
//! win is paid at once, so that beginnings which differ only by what they have already won are one
//! state as well. That is the minimal automaton of an acyclic machine with outputs, made from the last
//! reel back: M. Mohri, "Minimization algorithms for sequential transducers", Theoretical Computer
//! Science 234 (2000), with `min` and `+` for the outputs. A line that can no longer win is in state 0.

use std::collections::HashMap;
use std::hash::Hash;

use super::budget::NotCounted;
use super::gain::Gain;
use super::hash::FixedState;
use super::meter::Meter;

/// The state from which nothing more comes.
pub(super) const OVER: u16 = 0;

/// The most states after one reel, before they are merged.
const MAX_STATES: usize = 60_000;

const TOO_LARGE: &str = "the machine that reads what wins has too many states";

/// How something is read, one reel after the other.
pub(super) trait Rule {
    /// What one input costs, in steps.
    const COST: u64;
    /// What is known after some reels.
    type State: Clone + Eq + Hash;
    /// Before the first reel.
    fn start(&self) -> Self::State;
    /// After one more reel, numbered from 0, and what that reel brings for certain.
    fn next(&self, state: &Self::State, reel: usize, input: u16) -> (Self::State, Gain);
    /// What it comes to after the last reel, beside what the reels brought.
    fn end(&self, state: &Self::State) -> Gain;
}

/// A minimal machine.
pub(super) struct Machine {
    /// The state before the first reel.
    pub(super) start: u16,
    /// What is won whatever the reels show.
    pub(super) sure: Gain,
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
    pub(super) gain: Gain,
}

/// The states after the same reels, before they are merged.
struct Layer<S> {
    states: Vec<S>,
    /// By state, then by input: the states after one more reel, and what it brings.
    next: Vec<(usize, Gain)>,
}

impl Machine {
    /// The machine of a rule, whose inputs on each reel are those listed, in increasing order.
    ///
    /// # Errors
    /// [`NotCounted`] when it has too many states.
    pub(super) fn build<R: Rule>(rule: &R, inputs: &[Vec<u16>], meter: &Meter<'_>) -> Result<Self, NotCounted> {
        let mut layers = vec![Layer { states: vec![rule.start()], next: Vec::new() }];
        for (reel, inputs) in inputs.iter().enumerate() {
            let Some(layer) = layers.last_mut() else { break };
            let mut known: HashMap<R::State, usize, FixedState> = HashMap::default();
            let mut states = Vec::new();
            for state in &layer.states {
                meter.spend(inputs.len() as u64 * R::COST, TOO_LARGE)?;
                for input in inputs {
                    let (next, gain) = rule.next(state, reel, *input);
                    let number = *known.entry(next).or_insert_with_key(|next| {
                        states.push(next.clone());
                        states.len() - 1
                    });
                    layer.next.push((number, gain));
                }
            }
            if states.len() > MAX_STATES {
                return Err(NotCounted::OverBudget(TOO_LARGE));
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
        Ok(Self { start: start.to, sure: start.gain, reels })
    }

    /// The edges over a reel from a state, by input of that reel.
    pub(super) fn edges(&self, reel: usize, state: u16) -> &[Edge] {
        let table = &self.reels[reel];
        let from = usize::from(state) * table.inputs;
        &table.edges[from..from + table.inputs]
    }
}

/// Merges the states of one layer, whose inputs lead to states that are merged already.
#[allow(clippy::cast_possible_truncation, reason = "a layer has at most MAX_STATES states")]
fn merge<S>(layer: &Layer<S>, inputs: &[u16], after: &[Edge]) -> (Table, Vec<Edge>) {
    let width = inputs.last().map_or(0, |last| usize::from(*last) + 1);
    let mut table = Table { inputs: width, edges: vec![Edge::default(); width] };
    let mut known: HashMap<Vec<Edge>, u16, FixedState> = HashMap::default();
    known.insert(table.edges.clone(), OVER);
    let mut merged = Vec::with_capacity(layer.states.len());
    for next in layer.next.chunks(inputs.len().max(1)) {
        let sure = next.iter().map(|(next, gain)| gain.plus(after[*next].gain)).reduce(Gain::least).unwrap_or_default();
        let mut row = vec![Edge::default(); width];
        for (input, (next, brought)) in inputs.iter().zip(next) {
            let Edge { to, gain } = after[*next];
            row[usize::from(*input)] = Edge { to, gain: brought.plus(gain).less(sure) };
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
