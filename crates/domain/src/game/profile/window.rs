//! What one window of a mode comes to over all its draws, without going through them.
//!
//! Reel by reel, all beginnings (what the first reels show) are kept together that have the same
//! future: every line, symbol, cluster and scatter in the same state of its machine. With each such joint state
//! goes a table of what its beginnings have won so far, and how many of them have. Lines that begin
//! alike are read once. Columns that show the same to what can still win are one column, with
//! a weight. All of it is counting and adding: the integers are those of a loop over all stops.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::num::NonZeroUsize;

use super::budget::NotCounted;
use super::columns::Held;
use super::count::Count;
use super::gain::Gain;
use super::hash::FixedState;
use super::machine::{Edge, OVER};
use super::meter::Meter;
use super::model::Board;
use super::plan::{Inputs, Plan, PlanReel, Step};

/// What telling apart one column costs, in steps.
const STEPS_OF_A_COLUMN: u64 = 8;

const WINS: &str = "the distribution of what a spin wins";

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
type Wins<N> = HashMap<Gain, N, FixedState>;

/// The joint states after some reels.
struct Frontier<N> {
    places: HashMap<Joint, usize, FixedState>,
    wins: Vec<Wins<N>>,
    entries: u64,
}

/// What one window comes to.
pub(super) struct Window<N> {
    /// How many combinations there are.
    pub(super) cycle: N,
    /// Each gain with the combinations that come to it.
    pub(super) gains: Wins<N>,
    /// By reel, what the numbers of patterns stand for that a gain's key is made up of.
    pub(super) patterns: Vec<Vec<Held>>,
}

/// Counts what the first window of a spin comes to, or one in which wilds are held, on up to as many threads as given.
///
/// # Errors
/// [`NotCounted`], for the same games whatever the number of threads.
pub(super) fn count<N: Count>(
    board: &Board,
    held: Option<&[Held]>,
    threads: NonZeroUsize,
    meter: &Meter<'_>,
) -> Result<Window<N>, NotCounted> {
    let plan: Plan<N> = Plan::of(board, held, meter)?;
    let mut frontier = plan.start();
    for reel in 0..plan.reels.len() {
        frontier = plan.advance(frontier, reel, threads, meter)?;
    }
    let mut gains: Wins<N> = HashMap::default();
    for (gain, ways) in frontier.wins.into_iter().flatten() {
        *gains.entry(gain).or_insert_with(N::zero) += ways;
    }
    for (counted, multiplied, ways) in plan.full_windows(board, meter)? {
        if counted != multiplied {
            let left = gains.remove(&counted).map_or_else(N::zero, |all| all.minus(&ways));
            if !left.is_zero() {
                gains.insert(counted, left);
            }
            *gains.entry(multiplied).or_insert_with(N::zero) += ways;
        }
    }
    Ok(Window { cycle: plan.cycle, gains, patterns: plan.patterns })
}

impl<N: Count> Plan<N> {
    /// Before the first reel: one joint state, and what every combination wins.
    fn start(&self) -> Frontier<N> {
        let states = (0..).zip(&self.machines).map(|(place, machine)| Live { place, state: machine.start });
        let joint: Joint = states.filter(|live| live.state != OVER).collect();
        let sure = self.machines.iter().zip(&self.readers).fold(Gain::default(), |sum, (machine, readers)| {
            sum.plus(Gain { win: machine.sure.win * readers, ..machine.sure })
        });
        let wins = Wins::from_iter([(sure, N::one())]);
        Frontier { places: HashMap::from_iter([(joint, 0)]), wins: vec![wins], entries: 1 }
    }

    /// Takes all joint states over one more reel.
    fn advance(
        &self,
        before: Frontier<N>,
        reel: usize,
        threads: NonZeroUsize,
        meter: &Meter<'_>,
    ) -> Result<Frontier<N>, NotCounted> {
        /// Fewer windows than this are counted sooner than threads start and their counts are put together.
        const WORTH_A_THREAD: usize = if cfg!(test) { 16 } else { 1 << 17 };
        let Frontier { places, wins, .. } = before;
        let mut states: Vec<(Joint, usize)> = places.into_iter().collect();
        states.sort_unstable();
        let share = states.len().div_ceil(threads.get()).max(1);
        if threads.get() == 1 || share * self.reels[reel].columns.len() < WORTH_A_THREAD {
            return self.advance_part(&states, &wins, reel, meter);
        }
        let parts: Vec<Result<Frontier<N>, NotCounted>> = std::thread::scope(|scope| {
            let wins = &wins;
            let work = |part| scope.spawn(move || self.advance_part(part, wins, reel, meter));
            let running: Vec<_> = states.chunks(share).map(work).collect();
            // A thread that panics, which none does, counts as over budget: no figure comes of it.
            running.into_iter().map(|part| part.join().unwrap_or(Err(NotCounted::OverBudget(WINS)))).collect()
        });
        let mut all = Frontier::empty();
        for part in parts {
            all.merge(part?);
        }
        if all.entries > meter.entries() { Err(NotCounted::OverBudget(WINS)) } else { Ok(all) }
    }

    fn advance_part(
        &self,
        states: &[(Joint, usize)],
        wins: &[Wins<N>],
        reel: usize,
        meter: &Meter<'_>,
    ) -> Result<Frontier<N>, NotCounted> {
        let PlanReel { steps, columns, .. } = &self.reels[reel];
        let mut after = Frontier::empty();
        let mut seen_alike: HashMap<u128, Vec<(usize, N)>, FixedState> = HashMap::default();
        let mut live: Vec<(u16, &Step, &[Edge])> = Vec::new();
        let mut next: Vec<Live> = Vec::new();
        let mut moves: Vec<(usize, Gain, usize)> = Vec::new();
        for (joint, won) in states {
            live.clear();
            for Live { place, state } in joint {
                let first = steps.partition_point(|step| step.from < *place);
                for (to, step) in steps.iter().enumerate().skip(first).take_while(|(_, step)| step.from == *place) {
                    let to = u16::try_from(to).unwrap_or(u16::MAX);
                    live.push((to, step, self.machines[step.machine].edges(reel, *state)));
                }
            }
            // A column has at most 128 inputs.
            let read = live.iter().fold(0, |read, (_, step, _)| read | 1_u128 << step.input);
            let alike = match seen_alike.entry(read) {
                Entry::Occupied(seen) => seen.into_mut(),
                Entry::Vacant(fresh) => {
                    meter.spend(columns.len() as u64 * STEPS_OF_A_COLUMN, WINS)?;
                    fresh.insert(alike(columns, read))
                }
            };
            moves.clear();
            for (number, (column, _)) in alike.iter().enumerate() {
                let mut gain = Gain::default();
                next.clear();
                for (place, step, edges) in &live {
                    let edge = edges[usize::from(columns[*column].values[step.input])];
                    if edge.to != OVER {
                        next.push(Live { place: *place, state: edge.to });
                    }
                    gain = gain.plus(Gain { win: edge.gain.win * step.times, ..edge.gain });
                }
                moves.push((after.place(&next), gain, number));
            }
            meter.spend((alike.len() * (live.len() + 1)) as u64, WINS)?;
            moves.sort_unstable();
            for same in moves.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
                let (to, gain, _) = same[0];
                let ways = same.iter().fold(N::zero(), |sum, (_, _, number)| sum + alike[*number].1.clone());
                after.add(to, gain, &ways, &wins[*won]);
                meter.spend(wins[*won].len() as u64, WINS)?;
            }
            if after.entries > meter.entries() {
                return Err(NotCounted::OverBudget(WINS));
            }
        }
        Ok(after)
    }
}

impl<N: Count> Frontier<N> {
    fn empty() -> Self {
        Self { places: HashMap::default(), wins: Vec::new(), entries: 0 }
    }

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
    fn add(&mut self, place: usize, gain: Gain, ways: &N, won: &Wins<N>) {
        let wins = &mut self.wins[place];
        let before = wins.len();
        for (so_far, count) in won {
            *wins.entry(so_far.plus(gain)).or_insert_with(N::zero) += count.clone() * ways;
        }
        self.entries += (wins.len() - before) as u64;
    }

    fn merge(&mut self, other: Self) {
        // Putting threads together is no part of the budget: it would depend on their number.
        for (state, from) in other.places {
            let place = self.place(&state);
            self.add(place, Gain::default(), &N::one(), &other.wins[from]);
        }
    }
}

/// For columns that show the same where they are read (a bit for each of [`Inputs::values`]), one of
/// them, and the ways of all.
fn alike<N: Count>(columns: &[Inputs<N>], read: u128) -> Vec<(usize, N)> {
    let mut found: std::collections::BTreeMap<Vec<u16>, (usize, N)> = std::collections::BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        let values = column.values.iter().enumerate().filter(|(input, _)| read >> input & 1 == 1);
        let entry = found.entry(values.map(|(_, shown)| *shown).collect()).or_insert_with(|| (at, N::zero()));
        entry.1 += column.ways.clone();
    }
    found.into_values().collect()
}
