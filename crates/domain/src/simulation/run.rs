//! The run: blocks shared out among threads, added up in their order.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::bankroll::{Table, play_session};
use super::plan::{PlanError, SimulationPlan};
use super::report::{Report, is_narrow};
use super::round::{Method, OutOfRange, Rounds};
use super::stream::{GENERATOR, Stream};
use super::tally::Tally;
use crate::canonical::Digest;
use crate::document::Document;
use crate::game::profile::SimulatedRounds;
use crate::game::{Definition, Engine};
use crate::money::Money;

/// After how many rounds a thread looks whether it should stop.
const CHUNK: u64 = 1 << 12;

/// What a simulation has counted after some of its blocks: with it the same simulation goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The fingerprint of the game.
    pub fingerprint: Digest,
    /// The plan.
    pub plan: SimulationPlan,
    /// How the rounds are played: blocks of both ways must not be mixed.
    pub method: Method,
    /// How many blocks are counted, from the first one on.
    pub blocks: u64,
    /// What they came to.
    pub tally: Tally,
    /// Whether there is nothing left to do.
    pub complete: bool,
}

impl State {
    /// What a profile is made from when an exact count costs too much:
    /// [`simulated_profile`](crate::game::profile::simulated_profile). `None` before the first block.
    ///
    /// Simulate at the unit bet, the [`Engine::unit_bet`] of the game, and without a player.
    #[must_use]
    pub fn for_profile(&self, engine: &Engine) -> Option<SimulatedRounds> {
        let tally = &self.tally;
        (tally.rounds > 0).then(|| SimulatedRounds {
            generator: GENERATOR.to_owned(),
            seed: self.plan.seed,
            rounds: tally.rounds,
            stake: engine.unit_bet().units().unsigned_abs(),
            won: tally.won,
            won_squared: tally.won_squared,
            won_free: tally.won_free,
            hits: tally.hits,
            spin_hits: tally.spin_hits,
            triggers: tally.triggers,
            free_games: tally.free_games,
            best: tally.best,
            buckets: tally.buckets.to_vec(),
            sources: tally.sources.as_ref().map(|sources| sources.for_profile(engine)),
        })
    }
}

impl Document for State {
    const VERSION: u64 = 1;
}

/// Watches over a simulation, from any of its threads.
pub trait Monitor: Sync {
    /// Whether to stop. Asked often, so it must be cheap; once true, it must stay so.
    fn cancelled(&self) -> bool {
        false
    }

    /// Told after every block that was added up, in their order. Threads that finish a block meanwhile wait.
    fn advanced(&self, _state: &State) {}
}

/// Nobody watches.
impl Monitor for () {}

/// How a simulation ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// What was counted; `complete` is false when it was cancelled.
    pub state: State,
    /// What it says; `None` when it was cancelled before the first block.
    pub report: Option<Report>,
}

/// Why a simulation cannot run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SimulationError {
    /// The plan is not one for this game.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The state belongs to another game, another plan or another way to play.
    #[error("the state to go on from belongs to another simulation")]
    State,
    /// What was won leaves the range of money, or its squares that of 128 bits.
    #[error("the wins are too large to be added up exactly")]
    OutOfRange,
}

/// What all threads of a run read.
struct Run<'a> {
    plan: &'a SimulationPlan,
    rounds: &'a Rounds,
    unit_bet: Money,
    max_stake: Money,
    monitor: &'a dyn Monitor,
}

/// Hands out blocks.
struct Dispenser {
    next: u64,
    stream: Stream,
}

/// Adds up blocks.
struct Counter {
    state: State,
    /// Blocks that came before one that they follow.
    early: BTreeMap<u64, Tally>,
    failed: bool,
}

/// Simulates a plan on so many threads, from the start or from a state of the same plan.
///
/// The result depends on the game and the plan alone: not on the threads, nor on where it was interrupted.
///
/// # Errors
/// A plan that does not fit the game, a state that does not fit the plan, wins too large to count.
pub fn simulate(
    definition: &Definition,
    plan: &SimulationPlan,
    from: Option<State>,
    threads: NonZeroUsize,
    monitor: &dyn Monitor,
) -> Result<Ended, SimulationError> {
    simulate_rounds(definition, &Rounds::compile(definition), plan, from, threads, monitor)
}

/// Simulates with a given way to play, as [`simulate`] does with the fastest.
///
/// # Errors
/// As [`simulate`].
pub fn simulate_rounds(
    definition: &Definition,
    rounds: &Rounds,
    plan: &SimulationPlan,
    from: Option<State>,
    threads: NonZeroUsize,
    monitor: &dyn Monitor,
) -> Result<Ended, SimulationError> {
    let engine = Engine::compile(definition);
    plan.check(&engine)?;
    let (fingerprint, method) = (definition.fingerprint(), rounds.method());
    let start = || {
        let (plan, tally) = (plan.clone(), Tally::default());
        State { fingerprint, plan, method, blocks: 0, tally, complete: false }
    };
    let state = from.unwrap_or_else(start);
    if state.fingerprint != fingerprint || state.plan != *plan || state.method != method {
        return Err(SimulationError::State);
    }
    let (unit_bet, max_stake) = (engine.unit_bet(), engine.max_stake());
    let run = Run { plan, rounds, unit_bet, max_stake, monitor };
    let dispenser = Dispenser { next: state.blocks, stream: Stream::of_block(plan.seed, state.blocks) };
    let (dispenser, counter) =
        (Mutex::new(dispenser), Mutex::new(Counter { state, early: BTreeMap::new(), failed: false }));
    std::thread::scope(|scope| {
        for _ in 1..threads.get() {
            scope.spawn(|| run.work(&dispenser, &counter));
        }
        run.work(&dispenser, &counter);
    });
    let Counter { state, failed, .. } = counter.into_inner().unwrap_or_else(PoisonError::into_inner);
    if failed {
        return Err(SimulationError::OutOfRange);
    }
    let report = Report::new(plan, method, unit_bet, &state.tally);
    Ok(Ended { state, report })
}

/// A panic of another thread ends the scope anyway.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Run<'_> {
    /// Plays blocks until there are none left, or none are wanted.
    fn work(&self, dispenser: &Mutex<Dispenser>, counter: &Mutex<Counter>) {
        while self.is_wanted(&lock(counter)) {
            let (block, stream) = lock(dispenser).take();
            let pieces = self.plan.pieces_of(block);
            if pieces == 0 {
                return;
            }
            match self.play_block(stream, pieces) {
                Ok(Some(tally)) => self.add(&mut lock(counter), block, tally),
                Ok(None) => return,
                Err(OutOfRange) => lock(counter).failed = true,
            }
        }
    }

    fn is_wanted(&self, counter: &Counter) -> bool {
        !counter.state.complete && !counter.failed && !self.monitor.cancelled()
    }

    /// Plays a block; `None` when it was cancelled.
    fn play_block(&self, mut stream: Stream, pieces: u64) -> Result<Option<Tally>, OutOfRange> {
        let unit_bet = self.unit_bet.units().unsigned_abs();
        let mut tally = Tally::default();
        let Some(player) = &self.plan.player else {
            let mut left = pieces;
            while left > 0 {
                if self.monitor.cancelled() {
                    return Ok(None);
                }
                let count = left.min(CHUNK);
                self.rounds.play(&mut stream, count, &mut tally, unit_bet)?;
                left -= count;
            }
            return Ok(Some(tally));
        };
        let table = Table::new(player, self.plan.stake, self.unit_bet, self.max_stake);
        let mut before_check = 0;
        for _ in 0..pieces {
            if tally.rounds >= before_check {
                if self.monitor.cancelled() {
                    return Ok(None);
                }
                before_check = tally.rounds + CHUNK;
            }
            play_session(self.rounds, player, table, &mut stream, &mut tally)?;
        }
        Ok(Some(tally))
    }

    /// Adds up a block and those that waited for it. Once the plan is fulfilled, later blocks do not count.
    fn add(&self, counter: &mut Counter, block: u64, tally: Tally) {
        counter.early.insert(block, tally);
        while let Some(tally) = counter.early.remove(&counter.state.blocks) {
            if counter.state.complete {
                return;
            }
            let state = &mut counter.state;
            if state.tally.merge(&tally).is_err() {
                counter.failed = true;
                return;
            }
            state.blocks += 1;
            let all = state.blocks >= self.plan.blocks();
            state.complete = all || is_narrow(self.plan, self.unit_bet, &state.tally);
            self.monitor.advanced(state);
        }
    }
}

impl Dispenser {
    /// The next block and its stream.
    fn take(&mut self) -> (u64, Stream) {
        let taken = (self.next, self.stream.clone());
        self.next += 1;
        self.stream.jump();
        taken
    }
}
