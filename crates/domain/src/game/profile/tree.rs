//! A spin of cascades: what a window leads to depends on all of its cells, so every spin is played.
//!
//! All sequences of numbers that a spin may draw are gone through by the engine, in the order of an odometer whose
//! wheels are the draws. On strips a spin is settled by its stops, so that there are as many as the cycle has.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::num::{NonZeroU32, NonZeroUsize};

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::Zero as _;

use super::super::definition::{Definition, Mode};
use super::super::engine::{Engine, WinKind};
use super::budget::NotCounted;
use super::contributions::{Contribution, Key, Shares as Share, readers};
use super::fractions::{Shares, over_one};
use super::gain::{SpinDistribution, SpinGain};
use super::hash::FixedState;
use super::meter::Meter;
use super::model::Board;
use super::spins::cycle_of;
use crate::fairness::Draws;

/// What playing one spin costs, in steps.
const STEPS_OF_A_SPIN: u64 = 64;

const ALL_SPINS: &str = "a game of cascades must be played spin by spin, and it has too many of them";

/// What spins came to: each counted by of how many equally likely sequences it was one.
#[derive(Default)]
struct Found {
    gains: HashMap<(SpinGain, u128), u64, FixedState>,
    /// By symbol and count, the wins of all but scatters: how many, and what they paid in bets.
    wins: HashMap<(Key, u128), (u64, u128), FixedState>,
}

/// Draws the numbers it shows, and turns to the next ones.
struct Odometer {
    /// The numbers, each with its bound.
    wheels: Vec<(u32, u32)>,
    taken: usize,
    /// Of the first number, this many parts are shared out, and this is one.
    part: u32,
    parts: u32,
}

impl Draws for Odometer {
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        if self.taken == self.wheels.len() {
            let first = if self.taken == 0 { self.part } else { 0 };
            self.wheels.push((first, bound.get()));
        }
        self.taken += 1;
        self.wheels.get(self.taken - 1).map_or(0, |(number, _)| *number)
    }

    fn words_drawn(&self) -> u64 {
        self.taken as u64
    }
}

impl Odometer {
    /// Turns to the next sequence; false when that was the last one.
    fn turn(&mut self) -> bool {
        self.taken = 0;
        while let Some((number, bound)) = self.wheels.pop() {
            let step = if self.wheels.is_empty() { self.parts } else { 1 };
            if number + step < bound {
                self.wheels.push((number + step, bound));
                return true;
            }
        }
        false
    }

    /// How many sequences there are of these bounds.
    fn sequences(&self) -> Result<u128, NotCounted> {
        let all = self.wheels.iter().try_fold(1_u128, |all, (_, bound)| all.checked_mul(u128::from(*bound)));
        all.ok_or(NotCounted::OverBudget(ALL_SPINS))
    }
}

/// Counts what all spins of a mode come to, and what each symbol contributes, on up to as many threads as given.
///
/// # Errors
/// [`NotCounted`], for the same games whatever the number of threads.
pub(super) fn distribution(
    definition: &Definition,
    mode: Mode,
    board: &Board,
    threads: NonZeroUsize,
    meter: &Meter<'_>,
) -> Result<(SpinDistribution, Vec<Contribution>), NotCounted> {
    // A hopeless count is not begun.
    if cycle_of(board) * STEPS_OF_A_SPIN > BigUint::from(meter.steps()) {
        return Err(NotCounted::OverBudget(ALL_SPINS));
    }
    let engine = &Engine::compile(definition);
    // A first number has less bounds than threads only in games that need no threads.
    let parts = u32::try_from(threads.get()).unwrap_or(1).min(first_bound(engine, mode));
    let found: Vec<Result<Found, NotCounted>> = std::thread::scope(|scope| {
        let work = |part| scope.spawn(move || play(engine, mode, part, parts, meter));
        let running: Vec<_> = (0..parts).map(work).collect();
        // A thread that panics, which none does, counts as over budget: no figure comes of it.
        running.into_iter().map(|part| part.join().unwrap_or(Err(NotCounted::OverBudget(ALL_SPINS)))).collect()
    });
    let mut all = Found::default();
    for part in found {
        all.merge(part?);
    }
    let wins = contributions(all.wins, board);
    let mut shares: Shares<SpinGain, BigUint> = Shares::new();
    for ((gain, all), times) in all.gains {
        shares.add(&all.into(), gain, times.into());
    }
    let (cycle, ways) = over_one(shares);
    Ok((SpinDistribution { cycle, lines: engine.lines(), ways }, wins))
}

impl Found {
    fn merge(&mut self, other: Self) {
        other.gains.into_iter().for_each(|(gain, times)| *self.gains.entry(gain).or_insert(0) += times);
        for (key, (times, paid)) in other.wins {
            let sum = self.wins.entry(key).or_insert((0, 0));
            *sum = (sum.0 + times, sum.1 + paid);
        }
    }
}

/// The wins as shares of all that may be drawn.
fn contributions(wins: HashMap<(Key, u128), (u64, u128), FixedState>, board: &Board) -> Vec<Contribution> {
    let mut found: BTreeMap<Key, Share> = BTreeMap::new();
    for ((key, all), (times, paid)) in wins {
        let sum = found.entry(key).or_insert_with(|| (BigRational::zero(), BigRational::zero()));
        sum.0 += BigRational::new(times.into(), BigInt::from(all) * readers(board));
        sum.1 += BigRational::new(paid.into(), BigInt::from(all) * board.bets);
    }
    found.into_iter().map(Contribution::from).collect()
}

fn first_bound(engine: &Engine, mode: Mode) -> u32 {
    let mut odometer = Odometer { wheels: Vec::new(), taken: 0, part: 0, parts: 1 };
    engine.spin(mode, &mut odometer);
    odometer.wheels.first().map_or(1, |(_, bound)| *bound)
}

fn play(engine: &Engine, mode: Mode, part: u32, parts: u32, meter: &Meter<'_>) -> Result<Found, NotCounted> {
    let mut odometer = Odometer { wheels: Vec::new(), taken: 0, part, parts };
    let mut found = Found::default();
    let bets = u64::from(engine.lines());
    loop {
        meter.spend(STEPS_OF_A_SPIN, ALL_SPINS)?;
        let outcome = engine.spin(mode, &mut odometer);
        let in_bets = |kind| if kind == WinKind::Scatter { bets } else { 1 };
        let win = outcome.wins.iter().map(|win| win.pay * in_bets(win.kind)).sum();
        let gain = SpinGain { win, free_games: outcome.free_games_awarded };
        let all = odometer.sequences()?;
        *found.gains.entry((gain, all)).or_insert(0) += 1;
        for win in outcome.wins.iter().filter(|win| win.kind != WinKind::Scatter) {
            let sum = found.wins.entry(((win.symbol, Reverse(win.count as usize)), all)).or_insert((0, 0));
            *sum = (sum.0 + 1, sum.1 + u128::from(win.pay));
        }
        if (found.gains.len() + found.wins.len()) as u64 > meter.entries() {
            return Err(NotCounted::OverBudget(ALL_SPINS));
        }
        if !odometer.turn() {
            return Ok(found);
        }
    }
}
