//! What one spin might pay at most, from the definition alone: a bound that no draw can exceed. It bounds the stakes.

use super::fault::{FaultLog, Place};
use super::model::{Combine, DEFAULT_CREDIT, Evaluation, MAX_REELS, Modes, Role, Rows, Source, Symbol, SymbolMap};
use crate::money::Money;

/// So many of the best spins of a round, free games and all, must stay in the range of money.
const SPINS: u128 = 1024;

/// What one spin may pay at most, in units of 0.0001 credits.
const MOST_UNITS: u128 = i64::MAX.unsigned_abs() as u128 / SPINS;

/// Whether a game is one of plain lines: strips, rows that are the same everywhere, one wild at most that
/// does nothing but substitute, and nothing else that came into the language after those.
pub(in crate::game) fn is_plain(modes: &Modes, map: &SymbolMap) -> bool {
    let wilds = map.symbols.iter().filter(|symbol| symbol.role.is_wild()).count();
    let plain_role = |symbol: &Symbol| {
        symbol.free.is_none()
            && !matches!(symbol.role, Role::Wild { expands: true, .. } | Role::Wild { scatter: true, .. })
    };
    let strips = [Some(&modes.base), modes.free.as_ref()];
    matches!(map.evaluation, Evaluation::Lines { both_ways: false, .. })
        && matches!(map.grid.rows, Rows::Same(_))
        && wilds <= 1
        && map.symbols.iter().all(plain_role)
        && map.wild_multipliers == Combine::Highest
        && map.full_grid.is_empty()
        && map.cascades.is_none()
        && map.respins.is_none()
        && strips.into_iter().flatten().all(|reels| matches!(reels.source, Source::Strips(_)) && reels.rows.is_none())
}

/// The largest stake that a game takes: the largest multiple of its unit bet for which a thousand of the best spins
/// stay in the range of money.
pub(in crate::game) fn max_stake(map: &SymbolMap) -> Money {
    let most = i64::try_from(MOST_UNITS / most_stakes(map).max(1)).unwrap_or(i64::MAX);
    let unit = map.unit_bet().units().max(1);
    Money::from_units(most / unit * unit)
}

/// Notes the fault of a game that takes no stake at all: its pays are too large for its credit, or its credit for
/// its pays. The credit is at fault where the usual one would do.
pub(super) fn takes_a_stake(log: &mut FaultLog, place: &Place<'_>, map: &SymbolMap) {
    if max_stake(map) >= map.unit_bet() {
        return;
    }
    let (stakes, bets) = (most_stakes(map), u128::from(map.evaluation.bets().max(1)));
    let credit = i64::try_from(MOST_UNITS / stakes.saturating_mul(bets)).unwrap_or(i64::MAX);
    let credit = Money::from_units(credit);
    let pays = spin_pay(map);
    let paid = format!("one spin might pay {pays} bets of {}", map.credit);
    let why = format!("so that {SPINS} of the best spins stay within the range of amounts");
    if credit >= DEFAULT_CREDIT {
        log.add(&place.key("credit"), format_args!("{paid}; the credit may be at most {credit}, {why}"));
    } else {
        let most = MOST_UNITS / u128::from(map.unit_bet().units().unsigned_abs().max(1)) * bets;
        log.add(&place.key("pays"), format_args!("{paid}; it may pay at most {most} of them, {why}"));
    }
}

/// The most that one spin might pay, in unit bets.
fn most_stakes(map: &SymbolMap) -> u128 {
    spin_pay(map).div_ceil(u128::from(map.evaluation.bets().max(1)))
}

/// The most that one spin of either mode might pay, in bets of one credit; `u128::MAX` for anything larger.
///
/// One window pays at most its best wins; each of at most so many windows is multiplied by at most the
/// largest step of the ladder and the largest full grid; scatters are counted once.
fn spin_pay(map: &SymbolMap) -> u128 {
    let windows = match (&map.cascades, &map.respins) {
        (Some(cascades), _) => u128::from(cascades.most) + 1,
        (None, Some(respins)) => u128::from(respins.most) + 1,
        (None, None) => 1,
    };
    let ladders = map
        .cascades
        .iter()
        .flat_map(|cascades| cascades.multipliers.iter().chain(cascades.free_multipliers.iter().flatten()).copied());
    let ladder = ladders.max().unwrap_or(1);
    let full_grid = map.full_grid.iter().map(|set| set.multiplier).max().unwrap_or(1);
    let wins = [windows, ladder.into(), full_grid.into()].into_iter().fold(window_pay(map), u128::saturating_mul);
    let best = |row: &std::collections::BTreeMap<u32, u32>| u128::from(row.values().copied().max().unwrap_or(0));
    let scatters = map.scatter_pays.values().map(best).sum::<u128>() * u128::from(map.evaluation.bets());
    let free = map.free_games.as_ref().map_or(1, |free_games| free_games.multiplier);
    wins.saturating_add(scatters).saturating_mul(free.into())
}

/// The most that the wins of one window might pay, in bets, before any multiplier but those of wilds.
fn window_pay(map: &SymbolMap) -> u128 {
    let pay_of = |length: usize| {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        map.pays.values().filter_map(|row| row.get(&length)).copied().max().unwrap_or(0).into()
    };
    let reels = map.grid.reels;
    let ends = 1 + u128::from(map.evaluation.both_ways());
    let best = |longest: usize| (1..=longest).map(pay_of).max().unwrap_or(0);
    match &map.evaluation {
        Evaluation::Lines { lines, .. } => {
            let lines = lines.len() as u128;
            [best(reels), lines, ends].into_iter().fold(wild_multiplier(map, reels), u128::saturating_mul)
        }
        Evaluation::Ways { .. } => {
            // A way without a symbol that is no wild may count once for each wild, and for one symbol otherwise.
            let wilds = map.symbols.iter().filter(|symbol| is_ever_wild(symbol)).count() as u128;
            let forward: Vec<usize> = map.grid.heights().collect();
            let backward: Vec<usize> = map.grid.heights().rev().collect();
            let walks = if map.evaluation.both_ways() { vec![forward, backward] } else { vec![forward] };
            let of_walk = |heights: &Vec<usize>| -> u128 {
                (1..=reels.min(MAX_REELS))
                    .map(|length| {
                        let ways = heights.iter().take(length).map(|height| *height as u128).product::<u128>();
                        ways * pay_of(length)
                    })
                    .sum()
            };
            let ways: u128 = walks.iter().map(of_walk).sum();
            ways.saturating_mul(wilds + 1).saturating_mul(wild_multiplier(map, reels))
        }
        Evaluation::Cluster { .. } => {
            // Every cluster has a cell that it shares with no other cluster of its symbol.
            let cells = map.grid.cells();
            best(cells).saturating_mul(cells as u128).saturating_mul(wild_multiplier(map, cells))
        }
    }
}

fn is_ever_wild(symbol: &Symbol) -> bool {
    symbol.role.is_wild() || symbol.free.as_ref().is_some_and(Role::is_wild)
}

/// The most that the wilds in one win of so many cells might multiply it by.
fn wild_multiplier(map: &SymbolMap, cells: usize) -> u128 {
    let roles = map.symbols.iter().flat_map(|symbol| [Some(&symbol.role), symbol.free.as_ref()]);
    let multipliers = roles.flatten().filter_map(|role| match role {
        Role::Wild { multiplier, .. } => Some(u128::from(*multiplier)),
        Role::Regular | Role::Scatter => None,
    });
    let largest = multipliers.max().unwrap_or(1);
    match map.wild_multipliers {
        Combine::Highest => largest,
        Combine::Product => largest.saturating_pow(u32::try_from(cells).unwrap_or(u32::MAX)),
        Combine::Sum => largest.saturating_mul(cells as u128),
    }
}
