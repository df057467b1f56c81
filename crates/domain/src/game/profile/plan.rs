//! What there is to read in a window: the columns of each reel, and the machines that read them.

use std::collections::BTreeMap;

use super::super::definition::MAX_ROWS;
use super::budget::NotCounted;
use super::columns::{Column, Columns, Held, columns};
use super::count::Count;
use super::gain::Gain;
use super::machine::Machine;
use super::meter::Meter;
use super::model::{Board, Search};
use super::rules::{ClusterRule, FromRight, HoldRule, LineRule, ScatterRule, Shown, WaysRule};

/// The most inputs of a column: they are told apart by the bits of one number.
const MAX_INPUTS: usize = 128;

/// What looking at one window costs, in steps.
const STEPS_OF_A_WINDOW: u64 = 32;

/// A machine that is read on one reel, on behalf of lines that begin alike, or of anything else.
pub(super) struct Step {
    /// Whose state it goes on from: a place before this reel.
    pub(super) from: u16,
    /// Which of the machines.
    pub(super) machine: usize,
    /// What it reads of a window: the place in [`Inputs::values`].
    pub(super) input: usize,
    /// How many lines it is for.
    pub(super) times: u64,
}

/// Columns of one reel that show the same to all machines.
pub(super) struct Inputs<N> {
    pub(super) values: Vec<u16>,
    pub(super) ways: N,
}

pub(super) struct PlanReel<N> {
    /// Each has a place after this reel, its index; in the order of the places that they go on from.
    pub(super) steps: Vec<Step>,
    pub(super) columns: Vec<Inputs<N>>,
    /// The columns that show one symbol only.
    full: Vec<(u8, Inputs<N>)>,
}

pub(super) struct Plan<N> {
    pub(super) machines: Vec<Machine>,
    /// How many readers each machine has.
    pub(super) readers: Vec<u64>,
    pub(super) reels: Vec<PlanReel<N>>,
    /// How many combinations there are.
    pub(super) cycle: N,
    /// By reel, what the numbers of its patterns of held wilds stand for; empty where none are held.
    pub(super) patterns: Vec<Vec<Held>>,
    /// From this one on, machines read what a full grid does not multiply.
    others: usize,
}

/// One line, symbol or scatter, with the input that it reads on each reel.
struct Reader {
    machine: usize,
    inputs: Vec<usize>,
}

/// What is put together on the way to a plan.
#[derive(Default)]
struct Draft {
    machines: Vec<Machine>,
    readers: Vec<Reader>,
    /// By reel and column.
    values: Vec<Vec<Vec<u16>>>,
}

impl<N: Count> Plan<N> {
    /// The plan for the first window of a spin, or for one in which wilds are held.
    ///
    /// # Errors
    /// [`NotCounted`] when there are too many columns, or states of machines.
    pub(super) fn of(board: &Board, held: Option<&[Held]>, meter: &Meter<'_>) -> Result<Self, NotCounted> {
        let of_reel = |reel: usize| columns::<N>(board, reel, held.and_then(|held| held.get(reel)));
        let columns: Vec<Columns<N>> = (0..board.reels.len()).map(of_reel).collect::<Result<_, _>>()?;
        let many: usize = columns.iter().map(|columns| columns.ways.len()).sum();
        meter.spend(many as u64, "what the reels show")?;
        let mut draft =
            Draft { values: columns.iter().map(|one| vec![Vec::new(); one.ways.len()]).collect(), ..Draft::default() };
        draft.read_search(board, &columns, meter)?;
        let others = draft.machines.len();
        if held.is_none() {
            draft.read_scatters(board, &columns, meter)?;
        }
        let patterns = draft.read_patterns(board, &columns, held, meter)?;
        let width = draft.values.first().and_then(|columns| columns.first()).map_or(0, Vec::len);
        if width > MAX_INPUTS {
            return Err(NotCounted::OverBudget("there are too many symbols and scatters"));
        }
        let mut readers = vec![0; draft.machines.len()];
        draft.readers.iter().for_each(|reader| readers[reader.machine] += 1);
        let steps = steps(&draft.readers, columns.len());
        let cycle = columns.iter().fold(N::one(), |all, reel| all * &reel.all);
        let reels = steps
            .into_iter()
            .zip(columns)
            .zip(draft.values)
            .map(|((steps, columns), values)| merged(steps, columns, values, !board.full_grid.is_empty()));
        Ok(Self { reels: reels.collect(), machines: draft.machines, readers, cycle, patterns, others })
    }

    /// What windows full of one symbol come to: without and with what that multiplies by, and in how many ways.
    ///
    /// # Errors
    /// [`NotCounted`] when rows vary so much that there are too many.
    pub(super) fn full_windows(&self, board: &Board, meter: &Meter<'_>) -> Result<Vec<(Gain, Gain, N)>, NotCounted> {
        let mut found = Vec::new();
        for (symbols, multiplier) in &board.full_grid {
            for symbol in (0..64).filter(|symbol| symbols >> symbol & 1 == 1) {
                let mut windows: Vec<(Vec<&[u16]>, N)> = vec![(Vec::new(), N::one())];
                for reel in &self.reels {
                    let full = || reel.full.iter().filter(|(shown, _)| *shown == symbol).map(|(_, inputs)| inputs);
                    let mut next = Vec::new();
                    for (before, ways) in &windows {
                        for inputs in full() {
                            let with = before.iter().copied().chain([inputs.values.as_slice()]).collect();
                            next.push((with, ways.clone() * &inputs.ways));
                        }
                    }
                    meter.spend(next.len() as u64 * STEPS_OF_A_WINDOW, "windows full of one symbol")?;
                    windows = next;
                }
                for (inputs, ways) in windows {
                    let (multiplied, other) = self.walk(&inputs);
                    let times = Gain { win: multiplied.win * multiplier, ..multiplied };
                    found.push((multiplied.plus(other), times.plus(other), ways));
                }
            }
        }
        Ok(found)
    }

    /// What one window comes to: of what a full grid multiplies, and of all else.
    fn walk(&self, inputs: &[&[u16]]) -> (Gain, Gain) {
        // The places of every machine that is not over, with the readers there.
        let (mut multiplied, mut other) = (Gain::default(), Gain::default());
        let mut add = |machine: usize, gain: Gain, times: u64| {
            let gain = Gain { win: gain.win * times, ..gain };
            let sum = if machine < self.others { &mut multiplied } else { &mut other };
            *sum = sum.plus(gain);
        };
        let mut states: Vec<u16> = Vec::new();
        for (machine, (built, readers)) in self.machines.iter().zip(&self.readers).enumerate() {
            add(machine, built.sure, *readers);
            states.push(built.start);
        }
        for (reel, (of_reel, inputs)) in self.reels.iter().zip(inputs).enumerate() {
            let mut next = Vec::with_capacity(of_reel.steps.len());
            for step in &of_reel.steps {
                let edges = self.machines[step.machine].edges(reel, states[usize::from(step.from)]);
                let edge = edges[usize::from(inputs[step.input])];
                add(step.machine, edge.gain, step.times);
                next.push(edge.to);
            }
            states = next;
        }
        (multiplied, other)
    }
}

impl Draft {
    /// Adds a machine, read by one reader with the same input on every reel.
    fn add(&mut self, machine: Machine, input: usize) {
        self.readers.push(Reader { machine: self.machines.len(), inputs: vec![input; self.values.len()] });
        self.machines.push(machine);
    }

    /// Adds an input to every column, and tells where it is and its values on each reel, in increasing order.
    fn input<N>(
        &mut self,
        columns: &[Columns<N>],
        mut of: impl FnMut(usize, &Column) -> u16,
    ) -> (usize, Vec<Vec<u16>>) {
        let mut place = 0;
        let mut seen = Vec::new();
        for (reel, (columns, values)) in columns.iter().zip(&mut self.values).enumerate() {
            let mut of_reel = Vec::new();
            for ((column, _), values) in columns.ways.iter().zip(values) {
                let value = of(reel, column);
                place = values.len();
                values.push(value);
                of_reel.push(value);
            }
            of_reel.sort_unstable();
            of_reel.dedup();
            seen.push(of_reel);
        }
        (place, seen)
    }

    fn read_search<N>(&mut self, board: &Board, columns: &[Columns<N>], meter: &Meter<'_>) -> Result<(), NotCounted> {
        match &board.search {
            Search::Lines { lines, both_ways } => {
                let mut symbols: Vec<Vec<u16>> = vec![Vec::new(); columns.len()];
                for row in 0..MAX_ROWS {
                    let shown = |_: usize, column: &Column| column.shown.get(row).copied().unwrap_or(0).into();
                    let (_, seen) = self.input(columns, shown);
                    symbols.iter_mut().zip(seen).for_each(|(symbols, seen)| symbols.extend(seen));
                }
                symbols.iter_mut().for_each(|symbols| {
                    symbols.sort_unstable();
                    symbols.dedup();
                });
                let on = |machine: usize| lines.iter().map(move |line| Reader { machine, inputs: line.clone() });
                self.readers.extend(on(0));
                self.machines.push(Machine::build(&LineRule(board), &symbols, meter)?);
                if *both_ways {
                    self.readers.extend(on(1));
                    self.machines.push(Machine::build(&FromRight(board), &symbols, meter)?);
                }
            }
            Search::Ways { both_ways } => {
                for symbol in board.paying() {
                    let mut known: BTreeMap<Shown, u16> = BTreeMap::new();
                    let (place, seen) = self.input(columns, |_, column| {
                        let fresh = u16::try_from(known.len()).unwrap_or(u16::MAX);
                        *known.entry(Shown::of(board, symbol, &column.shown)).or_insert(fresh)
                    });
                    let mut inputs = vec![Shown::default(); known.len()];
                    known.into_iter().for_each(|(shown, at)| inputs[usize::from(at)] = shown);
                    for from_right in [false, true].into_iter().take(1 + usize::from(*both_ways)) {
                        let rule = WaysRule { board, symbol, inputs: &inputs, from_right };
                        self.add(Machine::build(&rule, &seen, meter)?, place);
                    }
                }
            }
            Search::Cluster => {
                let mut known: Vec<BTreeMap<&Vec<u8>, u16>> = vec![BTreeMap::new(); columns.len()];
                for (known, columns) in known.iter_mut().zip(columns) {
                    if columns.ways.len() > usize::from(u16::MAX) {
                        return Err(NotCounted::OverBudget("a reel shows too many columns for clusters"));
                    }
                    for (column, _) in &columns.ways {
                        let fresh = u16::try_from(known.len()).unwrap_or(u16::MAX);
                        known.entry(&column.shown).or_insert(fresh);
                    }
                }
                let (place, seen) =
                    self.input(columns, |reel, column| known[reel].get(&column.shown).copied().unwrap_or(0));
                let of_reel = |known: BTreeMap<&Vec<u8>, u16>| {
                    let mut inputs = vec![Vec::new(); known.len()];
                    known.into_iter().for_each(|(shown, at)| inputs[usize::from(at)].clone_from(shown));
                    inputs
                };
                let inputs = known.into_iter().map(of_reel).collect();
                let rule = ClusterRule { board, paying: board.paying(), inputs };
                self.add(Machine::build(&rule, &seen, meter)?, place);
            }
        }
        Ok(())
    }

    fn read_scatters<N>(&mut self, board: &Board, columns: &[Columns<N>], meter: &Meter<'_>) -> Result<(), NotCounted> {
        for (scatter, model) in board.scatters.iter().enumerate() {
            let (place, seen) = self.input(columns, |_, column| {
                let count = column.drawn.iter().filter(|symbol| **symbol == model.symbol).count();
                u16::try_from(count).unwrap_or(u16::MAX)
            });
            self.add(Machine::build(&ScatterRule { board, scatter }, &seen, meter)?, place);
        }
        Ok(())
    }

    /// The patterns of wilds that are held after the window, by reel.
    fn read_patterns<N>(
        &mut self,
        board: &Board,
        columns: &[Columns<N>],
        held: Option<&[Held]>,
        meter: &Meter<'_>,
    ) -> Result<Vec<Vec<Held>>, NotCounted> {
        if board.respins == 0 {
            return Ok(Vec::new());
        }
        let mut known: Vec<BTreeMap<Held, u16>> = vec![BTreeMap::new(); columns.len()];
        let (place, seen) = self.input(columns, |reel, column| {
            let before = held.and_then(|held| held.get(reel));
            let fresh = u16::try_from(known[reel].len()).unwrap_or(u16::MAX);
            *known[reel].entry(pattern(board, column, before)).or_insert(fresh)
        });
        let mut worth: Vec<u32> = Vec::with_capacity(columns.len());
        let mut all = 1_u64;
        for known in &known {
            worth.push(u32::try_from(all).unwrap_or(u32::MAX));
            all = all.saturating_mul(known.len() as u64);
        }
        if all > u64::from(u32::MAX) {
            return Err(NotCounted::OverBudget("wilds may be held in too many patterns"));
        }
        self.add(Machine::build(&HoldRule { worth }, &seen, meter)?, place);
        let of_reel = |known: BTreeMap<Held, u16>| {
            let mut patterns = vec![Held::new(); known.len()];
            known.into_iter().for_each(|(held, at)| patterns[usize::from(at)] = held);
            patterns
        };
        Ok(known.into_iter().map(of_reel).collect())
    }
}

/// What is held of a column once it has been shown: what was before, and the wilds that hold.
pub(super) fn pattern(board: &Board, column: &Column, before: Option<&Held>) -> Held {
    let is_held = |row: usize, shown: u8| {
        board.holding >> shown & 1 == 1 || before.is_some_and(|before| before.get(row).copied().flatten().is_some())
    };
    column.shown.iter().enumerate().map(|(row, shown)| is_held(row, *shown).then_some(*shown)).collect()
}

/// By reel, the machines that are read, once for all readers that have read the same so far.
fn steps(readers: &[Reader], reels: usize) -> Vec<Vec<Step>> {
    let mut begins: Vec<u16> = readers.iter().map(|reader| u16::try_from(reader.machine).unwrap_or(u16::MAX)).collect();
    let mut all = Vec::with_capacity(reels);
    for reel in 0..reels {
        let mut alike: BTreeMap<(u16, usize), Vec<usize>> = BTreeMap::new();
        for (at, reader) in readers.iter().enumerate() {
            alike.entry((begins[at], reader.inputs[reel])).or_default().push(at);
        }
        let mut steps = Vec::new();
        for (place, ((from, input), same)) in (0..).zip(alike) {
            let machine = same.first().map_or(0, |at| readers[*at].machine);
            steps.push(Step { from, machine, input, times: same.len() as u64 });
            same.into_iter().for_each(|at| begins[at] = place);
        }
        all.push(steps);
    }
    all
}

/// One reel: columns that show the same to all machines together, and apart the full ones.
fn merged<N: Count>(steps: Vec<Step>, columns: Columns<N>, values: Vec<Vec<u16>>, with_full: bool) -> PlanReel<N> {
    let mut all: BTreeMap<Vec<u16>, N> = BTreeMap::new();
    let mut full: BTreeMap<(u8, Vec<u16>), N> = BTreeMap::new();
    for ((column, ways), values) in columns.ways.into_iter().zip(values) {
        let first = column.shown.first().copied().unwrap_or(0);
        if with_full && column.shown.iter().all(|shown| *shown == first) {
            *full.entry((first, values.clone())).or_insert_with(N::zero) += ways.clone();
        }
        *all.entry(values).or_insert_with(N::zero) += ways;
    }
    let full = full.into_iter().map(|((symbol, values), ways)| (symbol, Inputs { values, ways }));
    let columns = all.into_iter().map(|(values, ways)| Inputs { values, ways }).collect();
    PlanReel { steps, columns, full: full.collect() }
}
