//! The engine against a slow evaluator that reads the rules off the definition, and against scripts.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use proptest::prelude::*;
use serde_json::json;

use super::samples::{Dice, document, parsed, random_game};
use crate::fairness::{Draws, FairStream, ServerSeed};
use crate::game::definition::{Definition, Evaluation, Role};
use crate::game::{Engine, Mode, Outcome, Win, WinKind};
use crate::money::Money;

/// Draws the numbers it was given.
struct Script(VecDeque<u32>);

impl Draws for Script {
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        self.0.pop_front().unwrap() % bound
    }

    fn words_drawn(&self) -> u64 {
        0
    }
}

/// What a win is to the slow evaluator: line (0 for scatters), symbol, count, multiplier, pay.
type Plain = (u32, String, u32, u64, u64);

fn plain(engine: &Engine, win: &Win) -> Plain {
    let line = match win.kind {
        WinKind::Line { line } => line,
        _ => 0,
    };
    (line, engine.symbol_name(win.symbol).to_owned(), win.count, win.multiplier, win.pay)
}

fn slow_window(definition: &Definition, mode: Mode, stops: &[u32]) -> Vec<Vec<String>> {
    let modes = &definition.rng_signature().modes;
    let reels = if mode == Mode::Free { modes.free.as_ref().unwrap() } else { &modes.base };
    let strips = reels.plain_strips().unwrap();
    let rows = definition.symbol_map().grid.height(0);
    let reel = |(strip, stop): (&Vec<String>, &u32)| {
        (0..rows).map(|row| strip[(*stop as usize + row) % strip.len()].clone()).collect()
    };
    strips.iter().zip(stops).map(reel).collect()
}

/// Tries every symbol as the one that a line pays, and takes the best.
fn slow_line(definition: &Definition, cells: &[&String]) -> Option<(String, u32, u64, u64)> {
    let map = definition.symbol_map();
    let pay = |name: &str, count: usize| {
        map.pays.get(name).and_then(|row| row.get(&(count as u32))).map_or(0, |pay| u64::from(*pay))
    };
    let mut best: Option<(String, u32, u64, u64)> = None;
    // The wild goes first, so that it keeps a tie.
    let mut candidates: Vec<_> = map.symbols.iter().filter(|symbol| symbol.role != Role::Scatter).collect();
    candidates.sort_by_key(|symbol| symbol.role == Role::Regular);
    let wild = map.symbols.iter().find(|symbol| matches!(symbol.role, Role::Wild { .. }));
    for symbol in candidates {
        let helps = |cell: &String| {
            wild.is_some_and(|wild| *cell == wild.name && symbol.is_substituted_by(&wild.role, Mode::Base))
        };
        let run: Vec<_> = cells.iter().take_while(|cell| **cell == &symbol.name || helps(cell)).collect();
        if !run.iter().any(|cell| **cell == &symbol.name) {
            continue;
        }
        let multiplier = match wild.map(|wild| &wild.role) {
            Some(Role::Wild { multiplier, .. }) if run.iter().any(|cell| helps(cell)) => u64::from(*multiplier),
            _ => 1,
        };
        let pay = pay(&symbol.name, run.len()) * multiplier;
        if pay > best.as_ref().map_or(0, |best| best.3) {
            best = Some((symbol.name.clone(), run.len() as u32, multiplier, pay));
        }
    }
    best
}

fn slow_wins(definition: &Definition, mode: Mode, stops: &[u32]) -> (Vec<Plain>, u32) {
    let map = definition.symbol_map();
    let window = slow_window(definition, mode, stops);
    let free = map.free_games.as_ref().filter(|_| mode == Mode::Free);
    let times = free.map_or(1, |free| u64::from(free.multiplier));
    let Evaluation::Lines { lines, .. } = &map.evaluation else { panic!("{:?}", map.evaluation) };
    let mut wins = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let cells: Vec<&String> = line.iter().zip(&window).map(|(row, reel)| &reel[*row as usize - 1]).collect();
        if let Some((symbol, count, multiplier, pay)) = slow_line(definition, &cells) {
            wins.push((number as u32 + 1, symbol, count, multiplier * times, pay * times));
        }
    }
    let mut awarded = 0;
    for symbol in map.symbols.iter().filter(|symbol| symbol.role == Role::Scatter) {
        let count = window.iter().flatten().filter(|cell| **cell == symbol.name).count() as u32;
        let pay = map.scatter_pays.get(&symbol.name).and_then(|row| row.get(&count)).copied().unwrap_or(0);
        if pay > 0 {
            wins.push((0, symbol.name.clone(), count, times, u64::from(pay) * times));
        }
        if let Some(rules) = &map.free_games
            && (mode == Mode::Base || rules.retrigger)
        {
            awarded += rules.awards.get(&symbol.name).and_then(|row| row.get(&count)).copied().unwrap_or(0);
        }
    }
    (wins, awarded)
}

fn agree(definition: &Definition, engine: &Engine, outcome: &Outcome) {
    let wins: Vec<Plain> = outcome.wins.iter().map(|win| plain(engine, win)).collect();
    let expected = slow_wins(definition, outcome.mode, &outcome.stops);
    assert_eq!((wins, outcome.free_games_awarded), expected, "{outcome:?}");
    let window = slow_window(definition, outcome.mode, &outcome.stops);
    assert_eq!(engine.window(outcome.mode, &outcome.stops), window);
}

proptest! {
    #[test]
    fn random_games_play_by_the_rules(seed in any::<u64>()) {
        let definition = random_game(seed);
        let engine = Engine::compile(&definition);
        let draws = &mut FairStream::new(&ServerSeed([3; 32]), "", seed);
        for mode in [Mode::Base, Mode::Free] {
            if mode == Mode::Base || definition.symbol_map().free_games.is_some() {
                for _ in 0..60 {
                    let outcome = engine.spin(mode, draws);
                    prop_assert_eq!(&engine.evaluate(mode, &outcome.stops), &outcome);
                    agree(&definition, &engine, &outcome);
                }
            }
        }
    }

    #[test]
    fn payouts_are_exact_and_add_up(seed in any::<u64>(), times in 1_i64..1000) {
        let definition = random_game(seed);
        let engine = Engine::compile(&definition);
        let stake = engine.unit_bet().checked_mul(times).unwrap();
        let outcome = engine.spin(Mode::Base, &mut FairStream::new(&ServerSeed([3; 32]), "", seed));
        let units: i64 = outcome.wins.iter().map(|win| match win.kind {
            WinKind::Line { .. } => stake.units() / i64::from(engine.lines()) * i64::try_from(win.pay).unwrap(),
            _ => stake.units() * i64::try_from(win.pay).unwrap(),
        }).sum();
        prop_assert_eq!(engine.payout(stake, &outcome), Some(Money::from_units(units)));
    }
}

#[test]
fn the_reference_games_play_by_the_rules() {
    for name in ["fruit-5x3", "pearl-5x3"] {
        let definition = parsed(&document(name));
        let engine = Engine::compile(&definition);
        let draws = &mut FairStream::new(&ServerSeed([4; 32]), name, 0);
        for _ in 0..2000 {
            agree(&definition, &engine, &engine.spin(Mode::Base, draws));
            if definition.symbol_map().free_games.is_some() {
                agree(&definition, &engine, &engine.spin(Mode::Free, draws));
            }
        }
    }
}

/// A game of one line whose reels each show what they are told to.
fn one_line(cells: &[&str]) -> (Definition, Engine) {
    let strips: Vec<[&str; 1]> = cells.iter().map(|cell| [*cell]).collect();
    let rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": {"base": {"strips": strips}}});
    let map = json!({
        "version": 1, "grid": {"reels": cells.len(), "rows": 1}, "credit": "0.0100",
        "symbols": [
            {"name": "ray", "role": "regular"}, {"name": "ace", "role": "regular"},
            {"name": "wild", "role": "wild", "multiplier": 2, "substitutes": ["ray"]},
            {"name": "pearl", "role": "scatter"},
        ],
        "evaluation": {"type": "lines", "lines": [vec![1; cells.len()]]},
        "pays": {
            "ray": {"2": 5, "3": 20, "4": 100},
            "ace": {"2": 1, "3": 10},
            "wild": {"1": 1, "2": 40, "3": 250, "4": 1000},
        },
        "scatter_pays": {"pearl": {"1": 3}},
    });
    let definition = Definition::parse(&rng, &map).unwrap();
    let engine = Engine::compile(&definition);
    (definition, engine)
}

#[test]
fn wilds_substitute_double_and_pay_alone() {
    type Found = Option<(&'static str, u32, u64, u64)>;
    let cases: &[(&[&str], Found)] = &[
        (&["ray", "ray", "ray", "ace"], Some(("ray", 3, 1, 20))),
        (&["ray", "wild", "ray", "ace"], Some(("ray", 3, 2, 40))),
        (&["ray", "wild", "wild", "ray"], Some(("ray", 4, 2, 200))),
        // Two wilds alone pay 40, and so do three rays doubled: the wilds keep the tie.
        (&["wild", "wild", "ray", "ace"], Some(("wild", 2, 1, 40))),
        (&["wild", "wild", "ray", "ray"], Some(("ray", 4, 2, 200))),
        (&["wild", "wild", "wild", "ray"], Some(("wild", 3, 1, 250))),
        (&["wild", "wild", "wild", "wild"], Some(("wild", 4, 1, 1000))),
        // The wild does not stand for the ace, nor for the pearl.
        (&["wild", "ace", "ace", "ace"], Some(("wild", 1, 1, 1))),
        (&["ace", "ace", "wild", "ace"], Some(("ace", 2, 1, 1))),
        (&["ace", "ace", "ace", "ace"], None),
        (&["ray", "wild", "pearl", "ray"], Some(("ray", 2, 2, 10))),
        (&["ace", "ray", "ray", "ray"], None),
    ];
    for (cells, expected) in cases {
        let (definition, engine) = one_line(cells);
        let outcome = engine.evaluate(Mode::Base, &[]);
        let win = outcome.wins.iter().find(|win| matches!(win.kind, WinKind::Line { .. }));
        let found = win.map(|win| (engine.symbol_name(win.symbol), win.count, win.multiplier, win.pay));
        assert_eq!(found, *expected, "{cells:?}");
        agree(&definition, &engine, &outcome);
    }
}

#[test]
fn draws_one_stop_per_reel_in_order() {
    let engine = Engine::compile(&parsed(&document("pearl-5x3")));
    let outcome = engine.spin(Mode::Base, &mut Script([29, 0, 42, 7, 3].into()));
    assert_eq!(outcome.stops, [29, 0, 42, 7, 3]);
    let window = engine.window(Mode::Base, &outcome.stops);
    assert_eq!(window[0], ["ace", "angelfish", "ten"], "The strip goes around.");
    assert_eq!(window[2], ["angelfish", "ten", "queen"]);
    assert_eq!(engine.strip_lengths(Mode::Base), [30, 43, 43, 43, 43]);
    assert_eq!(engine.strip_lengths(Mode::Free), [33, 36, 36, 36, 36]);
}

#[test]
fn scatters_award_free_games_and_free_games_multiply() {
    let engine = Engine::compile(&parsed(&document("pearl-5x3")));
    let outcome = engine.evaluate(Mode::Base, &[15, 21, 18, 0, 0]);
    assert_eq!(outcome.free_games_awarded, 15);
    let scatter = outcome.wins.last().unwrap();
    assert_eq!((scatter.kind, scatter.count, scatter.multiplier, scatter.pay), (WinKind::Scatter, 3, 1, 5));

    let outcome = engine.evaluate(Mode::Free, &[15, 15, 15, 0, 0]);
    assert_eq!(outcome.free_games_awarded, 15);
    let scatter = outcome.wins.last().unwrap();
    assert_eq!((scatter.kind, scatter.count, scatter.multiplier, scatter.pay), (WinKind::Scatter, 3, 3, 15));
}

#[test]
fn the_unit_bet_is_a_credit_on_every_line() {
    let engine = Engine::compile(&parsed(&document("pearl-5x3")));
    assert_eq!((engine.lines(), engine.unit_bet().to_string()), (10, "0.1000".to_owned()));
    let five_dolphins = Win { kind: WinKind::Line { line: 1 }, symbol: 0, count: 5, multiplier: 1, pay: 9000 };
    let stake = Money::from_units(3000);
    assert_eq!(engine.win_payout(stake, &five_dolphins).unwrap().to_string(), "270.0000");
    let scatter = Win { kind: WinKind::Scatter, pay: 2, ..five_dolphins };
    assert_eq!(engine.win_payout(stake, &scatter).unwrap().to_string(), "0.6000");
    assert_eq!(engine.win_payout(Money::from_units(1), &five_dolphins), None, "The stake does not divide.");
    assert_eq!(engine.win_payout(Money::from_units(i64::MAX / 10 * 10), &five_dolphins), None, "Too much.");
}

#[test]
fn replays_take_any_stops() {
    let engine = Engine::compile(&parsed(&document("fruit-5x3")));
    let dice = &mut Dice::new(5);
    for length in 0..9 {
        let stops: Vec<u32> = (0..length).map(|_| u32::MAX - dice.between(0, 99)).collect();
        let outcome = engine.evaluate(Mode::Free, &stops);
        assert_eq!(outcome.stops.len(), 5);
        assert!(outcome.stops.iter().all(|stop| *stop < 25));
        assert_eq!(engine.window(Mode::Free, &stops), engine.window(Mode::Free, &outcome.stops));
    }
    assert_eq!(engine.symbol_name(200), "");
}
