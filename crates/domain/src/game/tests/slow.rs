//! Small random games of every feature, against the slow player.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::samples::Dice;
use super::slow_spin::{Slow, SlowWin};
use crate::fairness::{FairStream, ServerSeed};
use crate::game::{Definition, Engine, Mode, Outcome, Win, WinKind};

fn told(engine: &Engine, win: &Win) -> SlowWin {
    let kind = match win.kind {
        WinKind::Line { line } => format!("line {line}"),
        WinKind::LineFromRight { line } => format!("right {line}"),
        WinKind::Ways { ways, from_right: false, .. } => format!("ways {ways}"),
        WinKind::Ways { ways, from_right: true, .. } => format!("right {ways}"),
        WinKind::Cluster { .. } => "cluster".to_owned(),
        WinKind::Scatter => "scatter".to_owned(),
    };
    (kind, engine.symbol_name(win.symbol).to_owned(), win.count as usize, win.pay)
}

/// The outcome is that of the slow player, and its draws play it again.
pub(super) fn agree(definition: &Definition, engine: &Engine, outcome: &Outcome) {
    assert_eq!(&engine.evaluate(outcome.mode, outcome.draws()), outcome);
    let slow = Slow::new(definition, outcome.mode, outcome.draws()).spin();
    let wins: Vec<SlowWin> = outcome.wins.iter().map(|win| told(engine, win)).collect();
    assert_eq!(wins, slow.wins, "{:?}", slow.windows);
    assert_eq!((outcome.free_games_awarded, slow.left), (slow.awarded, 0));
    let Some(course) = &outcome.course else { return };
    let windows: Vec<_> = course.steps.iter().map(|step| engine.window_names(&step.window)).collect();
    assert_eq!(windows, slow.windows);
    assert_eq!(engine.window(outcome.mode, outcome.draws()), slow.windows[0]);
    // What the parser took for the most that a spin might pay is not exceeded.
    let stake = engine.unit_bet();
    let paid = engine.payout(stake, outcome).unwrap().units();
    let most = engine.max_stake().units() / stake.units();
    assert!(i128::from(paid) * i128::from(most) * 1024 <= i128::from(i64::MAX));
}

fn row(dice: &mut Dice, most: u32, amounts: (u32, u32)) -> Value {
    let lengths: Vec<u32> = (1..=most).filter(|_| dice.flip()).collect();
    lengths.into_iter().map(|length| (length.to_string(), json!(dice.between(amounts.0, amounts.1)))).collect()
}

fn wild(dice: &mut Dice) -> Value {
    let substitutes = [json!("regular"), json!(["a"]), json!(["b", "W"]), json!(["a", "b", "V"])];
    json!({
        "role": "wild", "multiplier": dice.between(1, 4), "expands": dice.between(0, 3) == 0,
        "scatter": dice.between(0, 3) == 0, "substitutes": substitutes[dice.between(0, 3) as usize],
    })
}

fn reels(dice: &mut Dice, heights: &[u32], names: &[&str], vary: bool) -> Value {
    let pick = |dice: &mut Dice| names[dice.between(0, names.len() as u32 - 1) as usize];
    let mut mode = if dice.flip() {
        let strip = |height: &u32| -> Value { (0..dice.between(*height, 7)).map(|_| pick(dice)).collect() };
        json!({"strips": heights.iter().map(strip).collect::<Vec<_>>()})
    } else {
        let table = |_: &u32| -> Value {
            let mut weights = json!({pick(dice): dice.between(1, 5)});
            names.iter().for_each(|name| {
                if dice.flip() {
                    weights[*name] = json!(dice.between(1, 5))
                }
            });
            weights
        };
        json!({"weights": heights.iter().map(table).collect::<Vec<_>>()})
    };
    if vary {
        let rows = |height: &u32| -> Value {
            let mut rows = json!({height.to_string(): dice.between(1, 5)});
            rows[dice.between(1, *height).to_string()] = json!(dice.between(1, 5));
            rows
        };
        mode["rows"] = json!(heights.iter().map(rows).collect::<Vec<_>>());
    }
    mode
}

/// The documents of a small random game with features.
fn random(seed: u64) -> (Value, Value) {
    let dice = &mut Dice::new(seed);
    let count = dice.between(1, 4);
    let heights: Vec<u32> = (0..count).map(|_| dice.between(1, 4)).collect();
    let cells = heights.iter().sum();
    let names = ["a", "b", "W", "V", "S"];
    let free = dice.flip();
    let mut symbols = vec![json!({"name": "a", "role": "regular"}), json!({"name": "b", "role": "regular"})];
    for name in ["W", "V"] {
        let mut symbol = wild(dice);
        symbol["name"] = json!(name);
        symbols.push(symbol);
    }
    symbols.push(json!({"name": "S", "role": "scatter"}));
    if free {
        symbols[4]["free"] = wild(dice);
        let role = if dice.flip() { "regular" } else { "scatter" };
        symbols[2]["free"] = json!({ "role": role });
    }
    let (kind, longest) = [("lines", count), ("ways", count), ("cluster", cells)][dice.between(0, 2) as usize];
    let mut evaluation = json!({"type": kind});
    if kind == "lines" {
        let line = |dice: &mut Dice| -> Value { heights.iter().map(|height| dice.between(1, *height)).collect() };
        evaluation["lines"] = (0..dice.between(1, 4)).map(|_| line(dice)).collect();
    } else {
        evaluation["bets"] = json!(dice.between(1, 9));
    }
    if kind != "cluster" {
        evaluation["both_ways"] = json!(dice.flip());
    }
    let combine = ["highest", "product", "sum"][dice.between(0, 2) as usize];
    let mut map = json!({
        "version": 1, "grid": {"reels": count, "rows": heights}, "symbols": symbols, "evaluation": evaluation,
        "pays": {}, "scatter_pays": {"S": row(dice, cells, (0, 9))}, "wild_multipliers": combine,
    });
    for name in &names[..4] {
        map["pays"][name] = row(dice, longest, (0, 30));
    }
    if dice.flip() {
        map["full_grid"] = json!([{"symbols": ["a", "W"], "multiplier": 3}, {"symbols": ["b"], "multiplier": 5}]);
    }
    match dice.between(0, 3) {
        0 => map["cascades"] = json!({"multipliers": [1, 2, 5], "most": dice.between(1, 6)}),
        1 => map["respins"] = json!({"symbols": ["W", "V"], "most": dice.between(1, 3)}),
        _ => {}
    }
    let vary = kind != "lines" && dice.flip();
    let mut modes = json!({"base": reels(dice, &heights, &names, vary)});
    if free {
        modes["free"] = reels(dice, &heights, &names, vary);
        let awards = json!({"S": row(dice, cells, (1, 3)), "W": row(dice, cells.min(2), (1, 2))});
        map["free_games"] = json!({"awards": awards, "multiplier": 3, "retrigger": dice.flip()});
        if map["cascades"].is_object() {
            map["cascades"]["free_multipliers"] = json!([2, 3]);
        }
    }
    (json!({"version": 1, "algorithm": "hmac-sha256", "modes": modes}), map)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn random_games_of_all_features_play_by_the_rules(seed in any::<u64>()) {
        let (rng, map) = random(seed);
        let definition = match Definition::parse(&rng, &map) {
            Ok(definition) => definition,
            Err(faults) => {
                // A game may draw what it must not, but nothing else may be wrong with it.
                let ends = |pointer: &str| pointer.ends_with("/retrigger") || pointer.contains("/free_games/awards");
                prop_assert!(faults.0.iter().all(|fault| ends(&fault.pointer)), "{faults}");
                return Ok(());
            }
        };
        let again = Definition::parse(&definition.rng_signature_document(), &definition.symbol_map_document());
        prop_assert_eq!(again.as_ref(), Ok(&definition));
        let engine = Engine::compile(&definition);
        let draws = &mut FairStream::new(&ServerSeed([5; 32]), "", seed);
        for _ in 0..30 {
            agree(&definition, &engine, &engine.spin(Mode::Base, draws));
            if definition.symbol_map().free_games.is_some() {
                agree(&definition, &engine, &engine.spin(Mode::Free, draws));
            }
        }
    }
}
