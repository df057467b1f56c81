//! The windows of a spin: the first one, and those of respins by the wilds that are held for them.
//!
//! Which wilds are held depends on the windows alone and not on what they win, so that how often a window comes is a
//! Markov chain over the patterns of held wilds. A pattern only grows, so that a spin has it for one respin at most.

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{One as _, Zero as _};

use super::super::budget::NotCounted;
use super::super::columns::{Columns, Held, columns};
use super::super::meter::Meter;
use super::super::model::Board;
use super::super::plan::pattern;
use super::EACH;

/// A window: the wilds that are held for it, none of the first one; and how likely a spin has it.
pub(super) type Windows = Vec<(Option<Vec<Held>>, BigRational)>;

type Reached = BTreeMap<Vec<Held>, BigRational>;

/// All windows that a spin may have.
///
/// # Errors
/// [`NotCounted`] when wilds may be held in too many patterns.
pub(super) fn windows(board: &Board, meter: &Meter<'_>) -> Result<Windows, NotCounted> {
    let mut windows: Windows = vec![(None, BigRational::one())];
    if board.respins == 0 {
        return Ok(windows);
    }
    let mut visits = Reached::new();
    let mut reached = after(board, None, meter)?;
    for _ in 0..board.respins {
        let mut next = Reached::new();
        for (held, probability) in reached {
            for (more, share) in after(board, Some(&held), meter)? {
                *next.entry(more).or_insert_with(BigRational::zero) += &probability * share;
            }
            *visits.entry(held).or_insert_with(BigRational::zero) += probability;
        }
        reached = next;
    }
    windows.extend(visits.into_iter().map(|(held, probability)| (Some(held), probability)));
    Ok(windows)
}

/// The patterns that a window leads on with: those that hold more wilds than were held for it.
fn after(board: &Board, held: Option<&Vec<Held>>, meter: &Meter<'_>) -> Result<Reached, NotCounted> {
    let mut patterns: Vec<(Vec<Held>, BigUint)> = vec![(Vec::new(), BigUint::one())];
    let mut all = BigUint::one();
    for reel in 0..board.reels.len() {
        let before = held.and_then(|held| held.get(reel));
        let columns: Columns<BigUint> = columns(board, reel, before)?;
        let mut of_reel: BTreeMap<Held, BigUint> = BTreeMap::new();
        for (column, ways) in &columns.ways {
            *of_reel.entry(pattern(board, column, before)).or_default() += ways;
        }
        all *= columns.all;
        meter.spend((columns.ways.len() + patterns.len() * of_reel.len()) as u64, EACH)?;
        let with = |(so_far, ways): (Vec<Held>, BigUint)| {
            let longer = of_reel.iter().map(move |(more, of_more)| {
                let pattern = so_far.iter().chain([more]).cloned().collect();
                (pattern, &ways * of_more)
            });
            longer.collect::<Vec<_>>()
        };
        patterns = patterns.into_iter().flat_map(with).collect();
    }
    let before = held.map_or(0, |held| cells(held));
    let going = patterns.into_iter().filter(|(pattern, _)| cells(pattern) > before);
    let share = |ways: BigUint| BigRational::new(ways.into(), BigInt::from(all.clone()));
    Ok(going.map(|(pattern, ways)| (pattern, share(ways))).collect())
}

fn cells(held: &[Held]) -> usize {
    held.iter().flatten().filter(|wild| wild.is_some()).count()
}
