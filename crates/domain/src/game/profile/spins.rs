//! The distribution of one spin: of its first window, and of all that follows from it.
//!
//! A respin draws all cells anew but those that are held, so what is still to come depends on the held wilds
//! alone: a Markov chain whose states are their patterns. Each state's window is counted once, and what comes of it is
//! kept. Cascades are counted in [`super::tree`].

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;

use num_bigint::BigUint;
use num_traits::One as _;

use super::budget::NotCounted;
use super::columns::Held;
use super::fractions::over_one;
use super::gain::{SpinDistribution, SpinGain};
use super::hash::FixedState;
use super::meter::Meter;
use super::model::{Board, Deck};
use super::window::{Window, count};

const RESPINS: &str = "what respins come to";

/// What remains of a spin pays so much in so many of all ways.
struct Rest {
    all: BigUint,
    wins: BTreeMap<u64, BigUint>,
}

/// What one window comes to, in numbers of any size.
type AnyWindow = Window<BigUint>;

/// Counts a spin without cascades, on up to as many threads as given.
///
/// # Errors
/// [`NotCounted`], for the same games whatever the number of threads.
pub(super) fn distribution(
    board: &Board,
    threads: NonZeroUsize,
    meter: &Meter<'_>,
) -> Result<SpinDistribution, NotCounted> {
    let chain = Chain { board, threads, meter };
    let first = chain.window(None)?;
    let mut rests: HashMap<(u32, Vec<Held>), Rest> = HashMap::new();
    let mut parts: Vec<(SpinGain, BigUint, BigUint)> = Vec::new();
    for (gain, ways) in &first.gains {
        let held = held_after(&first, gain.key);
        if board.respins == 0 || is_nothing_held(&held) {
            let spin = SpinGain { win: gain.win, free_games: gain.free_games };
            parts.push((spin, ways.clone(), first.cycle.clone()));
            continue;
        }
        chain.settle(1, &held, &mut rests)?;
        let rest = &rests[&(1, held)];
        let all = &first.cycle * &rest.all;
        for (more, of_rest) in &rest.wins {
            let spin = SpinGain { win: gain.win + more, free_games: gain.free_games };
            parts.push((spin, ways * of_rest, all.clone()));
        }
    }
    let (cycle, ways) = over_one(parts);
    let multiply = |(gain, ways): (SpinGain, BigUint)| (SpinGain { win: gain.win * board.multiply, ..gain }, ways);
    let bets = u32::try_from(board.bets).unwrap_or(u32::MAX);
    Ok(SpinDistribution { cycle, lines: bets, ways: ways.into_iter().map(multiply).collect() })
}

struct Chain<'a> {
    board: &'a Board,
    threads: NonZeroUsize,
    meter: &'a Meter<'a>,
}

impl Chain<'_> {
    /// One window, counted in 128 bits where they hold the cycle.
    fn window(&self, held: Option<&[Held]>) -> Result<AnyWindow, NotCounted> {
        if cycle_of(self.board).bits() >= 127 {
            return count(self.board, held, self.threads, self.meter);
        }
        let Window { cycle, gains, patterns } = count::<u128>(self.board, held, self.threads, self.meter)?;
        let gains = gains.into_iter().map(|(gain, ways)| (gain, ways.into())).collect::<HashMap<_, _, FixedState>>();
        Ok(Window { cycle: cycle.into(), gains, patterns })
    }

    /// Finds what is still to come when these wilds are held for the respin of this number.
    fn settle(
        &self,
        respin: u32,
        held: &[Held],
        rests: &mut HashMap<(u32, Vec<Held>), Rest>,
    ) -> Result<(), NotCounted> {
        if rests.contains_key(&(respin, held.to_vec())) {
            return Ok(());
        }
        let window = self.window(Some(held))?;
        let mut parts = Vec::new();
        for (gain, ways) in &window.gains {
            let after = held_after(&window, gain.key);
            if respin >= self.board.respins || cells(&after) == cells(held) {
                parts.push((gain.win, ways.clone(), window.cycle.clone()));
                continue;
            }
            self.settle(respin + 1, &after, rests)?;
            let rest = &rests[&(respin + 1, after)];
            self.meter.spend(rest.wins.len() as u64, RESPINS)?;
            let all = &window.cycle * &rest.all;
            for (more, of_rest) in &rest.wins {
                parts.push((gain.win + more, ways * of_rest, all.clone()));
            }
            if parts.len() as u64 > self.meter.entries() {
                return Err(NotCounted::OverBudget(RESPINS));
            }
        }
        let (all, wins) = over_one(parts);
        rests.insert((respin, held.to_vec()), Rest { all, wins });
        Ok(())
    }
}

/// The wilds that are held after a window whose gain has this key.
fn held_after<N>(window: &Window<N>, key: u32) -> Vec<Held> {
    let mut left = key;
    let mut held = Vec::with_capacity(window.patterns.len());
    for patterns in &window.patterns {
        let count = u32::try_from(patterns.len()).unwrap_or(u32::MAX).max(1);
        held.push(patterns.get((left % count) as usize).cloned().unwrap_or_default());
        left /= count;
    }
    held
}

fn cells(held: &[Held]) -> usize {
    held.iter().flatten().filter(|wild| wild.is_some()).count()
}

fn is_nothing_held(held: &[Held]) -> bool {
    cells(held) == 0
}

/// How many combinations the first window has.
pub(super) fn cycle_of(board: &Board) -> BigUint {
    let mut all = BigUint::one();
    for reel in &board.reels {
        let weights: u64 = reel.heights.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let tallest = reel.heights.iter().map(|(height, _)| *height).max().unwrap_or(0);
        all *= weights;
        all *= match &reel.deck {
            Deck::Strip(strip) => BigUint::from(strip.len()),
            Deck::Weights(table) => {
                let sum: u64 = table.iter().map(|(_, weight)| u64::from(*weight)).sum();
                BigUint::from(sum).pow(u32::try_from(tallest).unwrap_or(0))
            }
        };
    }
    all
}
