//! Exact chances by counting stops: how many scatters show, in how many of all combinations of stops.

use super::definition::{FreeGames, MAX_REELS, MAX_ROWS, Reels, SymbolMap};

/// In how many combinations of stops a count is reached, by count.
///
/// Up to 8 strips of up to 1000 stops have up to 10^24 combinations: 128 bits hold that, times any pay.
pub(super) type Ways = [u128; MAX_REELS * MAX_ROWS + 1];

/// How often `symbol` shows any number of times in windows of `rows` over these strips.
pub(super) fn window_counts(reels: &Reels, rows: usize, symbol: &str) -> Ways {
    let Reels::Strips(strips) = reels;
    let mut ways = [0; MAX_REELS * MAX_ROWS + 1];
    ways[0] = 1;
    for strip in strips {
        let of_reel = reel_counts(strip, rows, symbol);
        let mut next = [0; MAX_REELS * MAX_ROWS + 1];
        for (count, before) in ways.iter().enumerate().filter(|(_, before)| **before > 0) {
            for (more, stops) in of_reel.iter().enumerate() {
                if let Some(slot) = next.get_mut(count + more) {
                    *slot += before * stops;
                }
            }
        }
        ways = next;
    }
    ways
}

/// On how many stops of one strip the symbol shows any number of times.
fn reel_counts(strip: &[String], rows: usize, symbol: &str) -> [u128; MAX_ROWS + 1] {
    let mut stops = [0; MAX_ROWS + 1];
    for stop in 0..strip.len() {
        let shows = |row: &usize| strip.get((stop + row) % strip.len()).is_some_and(|name| name == symbol);
        let count = (0..rows).filter(shows).count();
        if let Some(slot) = stops.get_mut(count) {
            *slot += 1;
        }
    }
    stops
}

/// How many combinations of stops there are.
pub(super) fn cycle(reels: &Reels) -> u128 {
    let Reels::Strips(strips) = reels;
    strips.iter().map(|strip| strip.len() as u128).product()
}

/// The free games that all combinations of stops together award.
pub(super) fn awards_over_cycle(free_games: &FreeGames, reels: &Reels, rows: usize) -> u128 {
    let awarded = free_games.awards.iter().map(|(symbol, row)| {
        let ways = window_counts(reels, rows, symbol);
        row.iter().map(|(count, award)| ways.get(*count as usize).unwrap_or(&0) * u128::from(*award)).sum::<u128>()
    });
    awarded.sum()
}

/// Whether rounds of free games stay short: each free game awards at most nine tenths of one on average.
///
/// Below one a round ends with certainty, but close to one it may go on for millions of free games.
pub(super) fn free_games_end(free: &Reels, map: &SymbolMap) -> bool {
    let awarding = map.free_games.as_ref().filter(|free_games| free_games.retrigger);
    awarding.is_none_or(|free_games| awards_over_cycle(free_games, free, map.grid.rows) * 10 <= cycle(free) * 9)
}
