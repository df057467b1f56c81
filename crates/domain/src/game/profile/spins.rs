//! The distribution of one spin over its full cycle, without going through the cycle.
//!
//! Reel by reel, all beginnings (the stops of the first reels) are kept together that have the same
//! future: every line and every scatter in the same state of its machine. With each such joint state
//! goes a table of what its beginnings have won so far, and how many of them have. Lines that begin
//! alike are read once. Windows that show the same to the lines which can still win are one window, with
//! a weight. All of it is counting and adding: the integers are those of a loop over all stops.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;

use super::budget::{Budget, NotCounted};
use super::gain::{SpinDistribution, SpinGain};
use super::hash::FixedState;
use super::machine::{Edge, LineRule, Machine, OVER, ScatterRule};
use super::model::ModeModel;

const OVER_BUDGET: NotCounted = NotCounted::OverBudget("the distribution of what a spin wins");

/// A machine that is read on one reel, on behalf of lines that begin alike, or of a scatter.
struct Step {
    /// Whose state it goes on from: a place before this reel.
    from: u16,
    /// Which of the machines.
    machine: usize,
    /// What it reads of a window: the place in [`Column::inputs`].
    input: usize,
    /// How many lines it is for.
    times: u64,
}

/// Windows of one reel that show the same.
struct Column {
    inputs: Vec<u16>,
    ways: u128,
}

struct Reel {
    /// Each has a place after this reel, its index; in the order of the places that they go on from.
    steps: Vec<Step>,
    columns: Vec<Column>,
}

/// A state at a place, in a joint state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Live {
    place: u16,
    state: u16,
}

impl std::hash::Hash for Live {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        hasher.write_u32(u32::from(self.place) << 16 | u32::from(self.state));
    }
}

/// The states from which more can come, by place: one joint state. All other places are over.
type Joint = Box<[Live]>;

/// What beginnings have won so far, and how many of them have.
type Wins = HashMap<SpinGain, u128, FixedState>;

/// The joint states after some reels.
#[derive(Default)]
struct Frontier {
    places: HashMap<Joint, usize, FixedState>,
    wins: Vec<Wins>,
    steps: u64,
    entries: u64,
}

struct Plan {
    machines: Vec<Machine>,
    reels: Vec<Reel>,
}

/// Counts what all combinations of stops of a mode come to, on up to as many threads as given.
///
/// # Errors
/// [`NotCounted::OverBudget`], for the same games whatever the number of threads.
pub(super) fn distribution(
    mode: &ModeModel<'_>,
    threads: NonZeroUsize,
    budget: Budget,
) -> Result<SpinDistribution, NotCounted> {
    let plan = Plan::of(mode);
    let mut frontier = plan.start(mode);
    let mut left = budget.steps;
    for reel in 0..plan.reels.len() {
        frontier = plan.advance(frontier, reel, threads, Budget { steps: left, ..budget })?;
        left -= frontier.steps;
    }
    let mut ways = BTreeMap::new();
    for (gain, count) in frontier.wins.into_iter().flatten() {
        *ways.entry(SpinGain { win: gain.win * mode.multiplier, ..gain }).or_insert(0) += count;
    }
    let lines = u32::try_from(mode.model.lines.len()).unwrap_or(u32::MAX);
    Ok(SpinDistribution { cycle: mode.cycle(), lines, ways })
}

impl Plan {
    fn of(mode: &ModeModel<'_>) -> Self {
        let shown = |strip: &Vec<u16>| {
            let mut symbols = strip.clone();
            symbols.sort_unstable();
            symbols.dedup();
            symbols
        };
        let symbols: Vec<Vec<u16>> = mode.strips.iter().map(shown).collect();
        let mut machines = vec![Machine::build(&LineRule(mode), &symbols)];
        let windows: Vec<Vec<Vec<u16>>> = mode.strips.iter().map(|strip| windows(mode, strip)).collect();
        for scatter in 0..mode.model.scatters.len() {
            let counts = |windows: &Vec<Vec<u16>>| {
                let counts: Vec<u16> = windows.iter().map(|window| window[mode.model.rows + scatter]).collect();
                shown(&counts)
            };
            let counts: Vec<Vec<u16>> = windows.iter().map(counts).collect();
            machines.push(Machine::build(&ScatterRule { mode, scatter }, &counts));
        }
        let mut reels = Vec::new();
        // Lines that begin alike, by the place of their beginning in the joint state: all of them at first.
        let mut begins: Vec<u16> = vec![0; mode.model.lines.len()];
        let mut beginnings: u16 = 1;
        for (reel, windows) in windows.iter().enumerate() {
            let mut alike: BTreeMap<(u16, usize), Vec<usize>> = BTreeMap::new();
            for (at, line) in mode.model.lines.iter().enumerate() {
                alike.entry((begins[at], line[reel])).or_default().push(at);
            }
            let mut steps = Vec::new();
            for (place, ((from, input), lines)) in (0..).zip(alike) {
                steps.push(Step { from, machine: 0, input, times: lines.len() as u64 });
                lines.into_iter().for_each(|line| begins[line] = place);
            }
            let lines = steps.len();
            for (scatter, from) in (0..mode.model.scatters.len()).zip(beginnings..) {
                steps.push(Step { from, machine: scatter + 1, input: mode.model.rows + scatter, times: 1 });
            }
            // At most 1024 lines and 64 scatters.
            beginnings = u16::try_from(lines).unwrap_or(u16::MAX);
            reels.push(Reel { steps, columns: columns(windows) });
        }
        Self { machines, reels }
    }

    /// Before the first reel: one joint state, and what every combination wins.
    fn start(&self, mode: &ModeModel<'_>) -> Frontier {
        let states = (0..).zip(&self.machines).map(|(place, machine)| Live { place, state: machine.start });
        let joint: Joint = states.filter(|live| live.state != OVER).collect();
        let lines = mode.model.lines.len() as u64;
        let sure = self.machines.iter().enumerate().fold(SpinGain::default(), |sum, (number, machine)| {
            let times = if number == 0 { lines } else { 1 };
            sum.plus(SpinGain { win: machine.sure.win * times, ..machine.sure })
        });
        let wins = Wins::from_iter([(sure, 1)]);
        Frontier { places: HashMap::from_iter([(joint, 0)]), wins: vec![wins], steps: 0, entries: 1 }
    }

    /// Takes all joint states over one more reel.
    fn advance(
        &self,
        before: Frontier,
        reel: usize,
        threads: NonZeroUsize,
        budget: Budget,
    ) -> Result<Frontier, NotCounted> {
        /// Fewer windows than this are counted sooner than threads start and their counts are put together.
        const WORTH_A_THREAD: usize = if cfg!(test) { 16 } else { 1 << 17 };
        let Frontier { places, wins, .. } = before;
        let mut states: Vec<(Joint, usize)> = places.into_iter().collect();
        states.sort_unstable();
        let share = states.len().div_ceil(threads.get()).max(1);
        if threads.get() == 1 || share * self.reels[reel].columns.len() < WORTH_A_THREAD {
            return self.advance_part(&states, &wins, reel, budget);
        }
        let parts: Vec<Result<Frontier, NotCounted>> = std::thread::scope(|scope| {
            let wins = &wins;
            let work = |part| scope.spawn(move || self.advance_part(part, wins, reel, budget));
            let running: Vec<_> = states.chunks(share).map(work).collect();
            // A thread that panics, which none does, counts as over budget: no figure comes of it.
            running.into_iter().map(|part| part.join().unwrap_or(Err(OVER_BUDGET))).collect()
        });
        let mut parts = parts.into_iter();
        let mut all = parts.next().unwrap_or_else(|| Ok(Frontier::default()))?;
        for part in parts {
            all.merge(part?);
        }
        if all.steps > budget.steps || all.entries > budget.entries { Err(OVER_BUDGET) } else { Ok(all) }
    }

    fn advance_part(
        &self,
        states: &[(Joint, usize)],
        wins: &[Wins],
        reel: usize,
        budget: Budget,
    ) -> Result<Frontier, NotCounted> {
        let Reel { steps, columns } = &self.reels[reel];
        let mut after = Frontier::default();
        let mut seen_alike: HashMap<u128, Vec<(usize, u128)>, FixedState> = HashMap::default();
        let mut live: Vec<(u16, &Step, &[Edge])> = Vec::new();
        let mut next: Vec<Live> = Vec::new();
        let mut moves: Vec<(usize, SpinGain, u128)> = Vec::new();
        for (joint, won) in states {
            live.clear();
            for Live { place, state } in joint {
                let first = steps.partition_point(|step| step.from < *place);
                for (to, step) in steps.iter().enumerate().skip(first).take_while(|(_, step)| step.from == *place) {
                    let to = u16::try_from(to).unwrap_or(u16::MAX);
                    live.push((to, step, self.machines[step.machine].edges(reel, *state)));
                }
            }
            // A window has at most 8 rows and 64 scatters to read.
            let read = live.iter().fold(0, |read, (_, step, _)| read | 1_u128 << step.input);
            let alike = seen_alike.entry(read).or_insert_with(|| alike(columns, read));
            moves.clear();
            for (column, ways) in alike.iter() {
                let mut gain = SpinGain::default();
                next.clear();
                for (place, step, edges) in &live {
                    let edge = edges[usize::from(columns[*column].inputs[step.input])];
                    if edge.to != OVER {
                        next.push(Live { place: *place, state: edge.to });
                    }
                    gain.win += edge.gain.win * step.times;
                    gain.free_games += edge.gain.free_games;
                }
                moves.push((after.place(&next), gain, *ways));
            }
            after.steps += (alike.len() * (live.len() + 1)) as u64;
            moves.sort_unstable();
            for same in moves.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
                let (to, gain, _) = same[0];
                after.add(to, gain, same.iter().map(|(_, _, ways)| ways).sum(), &wins[*won]);
            }
            if after.steps > budget.steps || after.entries > budget.entries {
                return Err(OVER_BUDGET);
            }
        }
        Ok(after)
    }
}

impl Frontier {
    /// The place of a joint state, a new one if need be.
    fn place(&mut self, state: &[Live]) -> usize {
        if let Some(place) = self.places.get(state) {
            return *place;
        }
        self.wins.push(Wins::default());
        self.places.insert(state.into(), self.wins.len() - 1);
        // A state of many lines takes the memory of many wins.
        self.entries += (state.len() / 8) as u64;
        self.wins.len() - 1
    }

    /// Adds beginnings that have won more by a gain, each in so many ways.
    fn add(&mut self, place: usize, gain: SpinGain, ways: u128, won: &Wins) {
        let wins = &mut self.wins[place];
        let before = wins.len();
        for (so_far, count) in won {
            *wins.entry(so_far.plus(gain)).or_insert(0) += count * ways;
        }
        self.entries += (wins.len() - before) as u64;
        self.steps += won.len() as u64;
    }

    fn merge(&mut self, other: Self) {
        let steps = self.steps + other.steps;
        for (state, from) in other.places {
            let place = self.place(&state);
            self.add(place, SpinGain::default(), 1, &other.wins[from]);
        }
        // Putting threads together is no part of the budget: it would depend on their number.
        self.steps = steps;
    }
}

/// What each stop shows: by row, then how often each scatter shows.
fn windows(mode: &ModeModel<'_>, strip: &[u16]) -> Vec<Vec<u16>> {
    let around = |stop: usize| strip.iter().copied().cycle().skip(stop).take(mode.model.rows);
    let window = |stop: usize| {
        let count = |symbol: u16| (0..).zip(around(stop).filter(|shown| *shown == symbol)).map(|(at, _)| at + 1).last();
        let counts = mode.model.scatters.iter().map(|scatter| count(scatter.symbol).unwrap_or(0));
        around(stop).chain(counts).collect()
    };
    (0..strip.len()).map(window).collect()
}

/// Windows that show the same, together.
fn columns(windows: &[Vec<u16>]) -> Vec<Column> {
    let mut weights: BTreeMap<&Vec<u16>, u128> = BTreeMap::new();
    for window in windows {
        *weights.entry(window).or_insert(0) += 1;
    }
    weights.into_iter().map(|(inputs, ways)| Column { inputs: inputs.clone(), ways }).collect()
}

/// For columns that show the same where they are read (a bit for each of [`Column::inputs`]), one of
/// them, and the ways of all.
fn alike(columns: &[Column], read: u128) -> Vec<(usize, u128)> {
    let mut found: BTreeMap<Vec<u16>, (usize, u128)> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        let inputs = column.inputs.iter().enumerate().filter(|(input, _)| read >> input & 1 == 1);
        found.entry(inputs.map(|(_, shown)| *shown).collect()).or_insert((at, 0)).1 += column.ways;
    }
    found.into_values().collect()
}
