//! The distribution of one spin: of its first window, and of all that follows from it.
//!
//! A respin draws all cells anew but those that are held, so what is still to come depends on the held wilds
//! alone: a Markov chain whose states are their patterns. Each state's window is counted once, and what comes of it is
//! kept. Cascades are counted in [`super::tree`].

use std::collections::HashMap;
use std::num::NonZeroUsize;

use num_bigint::BigUint;
use num_traits::One as _;

use super::budget::NotCounted;
use super::columns::Held;
use super::count::Count;
use super::fractions::{Shares, over_one};
use super::gain::{SpinDistribution, SpinGain};
use super::meter::Meter;
use super::model::{Board, Deck};
use super::window::{Window, count};

const RESPINS: &str = "what respins come to";

/// What putting together two wins costs, in steps.
const STEPS_OF_A_SUM: u64 = 4;

/// What remains of a spin pays so much in so many of all ways.
struct Rest<N> {
    all: N,
    wins: Vec<(u64, N)>,
}

/// By the number of the respin and the wilds that are held for it.
type Rests<N> = HashMap<(u32, Vec<Held>), Rest<N>>;

/// Counts a spin without cascades, on up to as many threads as given.
///
/// # Errors
/// [`NotCounted`], for the same games whatever the number of threads.
pub(super) fn distribution(
    board: &Board,
    threads: NonZeroUsize,
    meter: &Meter<'_>,
) -> Result<SpinDistribution, NotCounted> {
    // No window has more combinations than the first one.
    if cycle_of(board).bits() * u64::from(board.respins + 1) < 127 {
        Chain { board, threads, meter }.spin::<u128>()
    } else {
        Chain { board, threads, meter }.spin::<BigUint>()
    }
}

struct Chain<'a> {
    board: &'a Board,
    threads: NonZeroUsize,
    meter: &'a Meter<'a>,
}

impl Chain<'_> {
    fn spin<N: Count>(&self) -> Result<SpinDistribution, NotCounted> {
        let first: Window<N> = count(self.board, None, self.threads, self.meter)?;
        let mut rests = Rests::new();
        let mut shares = Shares::new();
        for (gain, ways) in &first.gains {
            let held = held_after(&first, gain.key);
            if self.board.respins == 0 || cells(&held) == 0 {
                let spin = SpinGain { win: gain.win, free_games: gain.free_games };
                shares.add(&first.cycle, spin, ways.clone());
                continue;
            }
            self.settle(1, &held, &mut rests)?;
            self.follow(&rests[&(1, held)], (&first.cycle, ways), &mut shares, |more| SpinGain {
                win: gain.win + more,
                free_games: gain.free_games,
            })?;
        }
        let (cycle, ways) = over_one(shares);
        let multiply = self.board.multiply;
        let spin = |(gain, ways): (SpinGain, N)| (SpinGain { win: gain.win * multiply, ..gain }, ways.into());
        let bets = u32::try_from(self.board.bets).unwrap_or(u32::MAX);
        Ok(SpinDistribution { cycle: cycle.into(), lines: bets, ways: ways.into_iter().map(spin).collect() })
    }

    /// Finds what is still to come when these wilds are held for the respin of this number.
    fn settle<N: Count>(&self, respin: u32, held: &[Held], rests: &mut Rests<N>) -> Result<(), NotCounted> {
        if rests.contains_key(&(respin, held.to_vec())) {
            return Ok(());
        }
        let window: Window<N> = count(self.board, Some(held), self.threads, self.meter)?;
        let mut shares = Shares::new();
        for (gain, ways) in &window.gains {
            let after = held_after(&window, gain.key);
            if respin >= self.board.respins || cells(&after) == cells(held) {
                shares.add(&window.cycle, gain.win, ways.clone());
                continue;
            }
            self.settle(respin + 1, &after, rests)?;
            let rest = &rests[&(respin + 1, after)];
            self.follow(rest, (&window.cycle, ways), &mut shares, |more| gain.win + more)?;
        }
        let (all, wins) = over_one(shares);
        rests.insert((respin, held.to_vec()), Rest { all, wins: wins.into_iter().collect() });
        Ok(())
    }

    /// Adds what comes of a window that leads on in so many of all its ways.
    fn follow<K: Ord + std::hash::Hash, N: Count>(
        &self,
        rest: &Rest<N>,
        (cycle, ways): (&N, &N),
        shares: &mut Shares<K, N>,
        with: impl Fn(u64) -> K,
    ) -> Result<(), NotCounted> {
        self.meter.spend(rest.wins.len() as u64 * STEPS_OF_A_SUM, RESPINS)?;
        let all = cycle.clone() * &rest.all;
        for (more, of_rest) in &rest.wins {
            shares.add(&all, with(*more), ways.clone() * of_rest);
        }
        if shares.len() as u64 > self.meter.entries() {
            return Err(NotCounted::OverBudget(RESPINS));
        }
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
