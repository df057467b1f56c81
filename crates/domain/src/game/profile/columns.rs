//! What one reel may show, and in how many ways: stops and cells that show the same are one column.

use std::collections::BTreeMap;

use super::budget::NotCounted;
use super::count::{Count, power};
use super::model::{Board, Deck, Reel, Search};

/// The most different columns that are told apart.
const MAX_COLUMNS: usize = 30_000;

/// By row, the wild that is held there; as long as the reel has rows.
pub(super) type Held = Vec<Option<u8>>;

/// What a reel shows before and after wilds expand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    pub(super) drawn: Vec<u8>,
    pub(super) shown: Vec<u8>,
}

/// What a reel may show, with the ways of each, and all ways together.
pub(super) struct Columns<N> {
    pub(super) ways: Vec<(Column, N)>,
    pub(super) all: N,
}

/// The columns of a reel: of the first window, or of one in which wilds are held.
///
/// # Errors
/// [`NotCounted::OverBudget`] when there are too many.
pub(super) fn columns<N: Count>(board: &Board, reel: usize, held: Option<&Held>) -> Result<Columns<N>, NotCounted> {
    let Reel { deck, heights } = &board.reels[reel];
    let heights = match held {
        None => heights.iter().map(|(height, weight)| (vec![None; *height], *weight)).collect(),
        Some(held) => vec![(held.clone(), 1)],
    };
    // Where only counts matter, the order of cells does not.
    let ordered = held.is_some() || board.respins > 0 || !matches!(board.search, Search::Ways { .. });
    let ordered = ordered || board.expanding != 0;
    let mut found: BTreeMap<Vec<u8>, N> = BTreeMap::new();
    let mut all = N::zero();
    let tallest = heights.iter().map(|(height, _)| free_cells(height)).max().unwrap_or(0);
    for (height, weight) in heights {
        let weight = N::from(weight);
        let (drawn, ways): Drawn<N> = match deck {
            Deck::Strip(strip) => of_strip(strip, &height),
            Deck::Weights(table) => {
                let sum: N = table.iter().fold(N::zero(), |sum, (_, weight)| sum + N::from(*weight));
                let (drawn, ways): Drawn<N> = of_cells(table, &height, ordered)?;
                // Every number of rows is counted over as many cells as the largest one has.
                let padding = power(&sum, tallest - free_cells(&height));
                let padded = drawn.into_iter().map(|(cells, ways)| (cells, ways * &padding)).collect();
                (padded, ways * &padding)
            }
        };
        all += ways * &weight;
        for (cells, ways) in drawn {
            *found.entry(cells).or_insert_with(N::zero) += ways * &weight;
        }
    }
    let expand = |(drawn, ways): (Vec<u8>, N)| {
        let wild = drawn.iter().find(|symbol| board.expanding >> **symbol & 1 == 1);
        let shown = wild.map_or_else(|| drawn.clone(), |wild| vec![*wild; drawn.len()]);
        (Column { drawn, shown }, ways)
    };
    Ok(Columns { ways: found.into_iter().map(expand).collect(), all })
}

fn free_cells(held: &Held) -> usize {
    held.iter().filter(|wild| wild.is_none()).count()
}

type Drawn<N> = (BTreeMap<Vec<u8>, N>, N);

fn of_strip<N: Count>(strip: &[u8], held: &Held) -> Drawn<N> {
    let mut found = BTreeMap::new();
    if free_cells(held) == 0 {
        found.insert(held.iter().map(|wild| wild.unwrap_or(0)).collect(), N::one());
        return (found, N::one());
    }
    let mut all = N::zero();
    for stop in 0..strip.len() {
        let stops = strip.iter().copied().cycle().skip(stop);
        let cells = held.iter().zip(stops).map(|(wild, symbol)| wild.unwrap_or(symbol)).collect();
        *found.entry(cells).or_insert_with(N::zero) += N::one();
        all += N::one();
    }
    (found, all)
}

fn of_cells<N: Count>(table: &[(u8, u32)], held: &Held, ordered: bool) -> Result<Drawn<N>, NotCounted> {
    let mut found: BTreeMap<Vec<u8>, N> = BTreeMap::from([(Vec::new(), N::one())]);
    let mut all = N::one();
    for wild in held {
        let choices: Vec<(u8, u32)> = wild.map_or_else(|| table.to_vec(), |wild| vec![(wild, 1)]);
        let mut next: BTreeMap<Vec<u8>, N> = BTreeMap::new();
        for (cells, ways) in found {
            for (symbol, weight) in &choices {
                let mut cells = cells.clone();
                cells.push(*symbol);
                if !ordered {
                    cells.sort_unstable();
                }
                *next.entry(cells).or_insert_with(N::zero) += ways.clone() * &N::from(*weight);
            }
            if next.len() > MAX_COLUMNS {
                return Err(NotCounted::OverBudget("a reel shows too many different columns of cells drawn by weight"));
            }
        }
        let sum = choices.iter().fold(N::zero(), |sum, (_, weight)| sum + N::from(*weight));
        all = all * &sum;
        found = next;
    }
    Ok((found, all))
}
